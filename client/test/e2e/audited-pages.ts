/**
 * Every page of the client and the states of it that differ: full, empty, failed, not there, not allowed, session over. Whoever makes a page adds it here: a name,
 * where it is, who looks at it, and what has to happen until there is something to be looked at. `pages.test.ts` looks at all of them in light and dark, wide and narrow.
 */
import type { Page } from "playwright-core";
import { PASSWORD } from "../browser/journey.ts";
import type { College, Person } from "./college.ts";

export interface AuditedPage {
  readonly name: string;
  /**
   * Which server: hand-made answers, the real one with the bundled packs and one user who has done nothing yet, or the real one where people log in and
   * much has happened. Default `fixture`.
   */
  readonly on?: "fixture" | "product" | "college";
  readonly path: string | ((college: College) => string);
  /** Who is logged in, at the college. Default: nobody. */
  readonly as?: Person;
  /** What is arranged before the page is opened, e.g. that a call fails. */
  readonly before?: (page: Page) => Promise<unknown>;
  /** Resolves when the page shows what it is about. */
  readonly prepare: (page: Page) => Promise<unknown>;
  /** Only where there is room for it. Default: narrow too. */
  readonly wideOnly?: boolean;
}

const WORKSPACE = "/learn/sessions-exactly-once";
const STAGE = `${WORKSPACE}/stage?sample=3`;

const editor = (page: Page) => page.waitForSelector(".monaco-editor .view-line");
const run = async (page: Page) => {
  await editor(page);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.waitForSelector("svg.fig");
};
const heading = (page: Page) => page.waitForSelector("main h1");
const canvas = (page: Page) => page.waitForSelector("canvas");
const said = (text: string | RegExp) => (page: Page) => page.getByText(text).first().waitFor();
/** The server does not answer what begins like this. */
const away = (path: string) => (page: Page) => page.route(`**/api/${path}`, (route) => route.abort());
const at = (person: Person) => ({ on: "college", as: person }) as const;
const INES = at("Ines Moreau");
const GRACE = at("Grace");
const LIN = at("Lin");
const NOOR = at("Noor");
const tab = (name: string) => async (page: Page) => {
  await canvas(page);
  await page.getByRole("tab", { name }).click();
};

export const AUDITED_PAGES: readonly AuditedPage[] = [
  { name: "catalogue", path: "/", prepare: (page) => page.waitForSelector("table") },
  { name: "catalogue, nothing found", path: "/?q=zzzz", prepare: (page) => page.waitForSelector("main") },
  {
    name: "keys",
    path: "/",
    prepare: async (page) => {
      await page.waitForSelector("table");
      await page.keyboard.press("?");
      await page.getByRole("dialog").waitFor();
    },
  },
  { name: "workspace", path: WORKSPACE, prepare: editor, wideOnly: true },
  { name: "workspace, read on a phone", path: WORKSPACE, prepare: (page) => page.getByRole("heading", { level: 1 }).first().waitFor() },
  { name: "workspace, after a run", path: WORKSPACE, prepare: run, wideOnly: true },
  {
    name: "workspace, a mistake in the text",
    path: WORKSPACE,
    prepare: async (page) => {
      await editor(page);
      await page.evaluate(() => window.millraceEditor?.setText("// syntax error\n"));
      await page.getByRole("button", { name: "Run", exact: true }).click();
      await page.getByText("to mend first").waitFor();
    },
    wideOnly: true,
  },
  {
    name: "workspace, a crash on the plane",
    path: WORKSPACE,
    prepare: async (page) => {
      await run(page);
      await page.getByRole("button", { name: "3, task manager lost" }).click();
      // A vertical line has no width, so it never counts as visible.
      await page.waitForSelector("svg.fig .crash", { state: "attached" });
    },
    wideOnly: true,
  },
  {
    name: "workspace, submitted",
    path: WORKSPACE,
    prepare: async (page) => {
      await editor(page);
      await page.getByRole("button", { name: "Submit", exact: true }).click();
      await page.getByRole("link", { name: "Open the verdict" }).waitFor();
    },
    wideOnly: true,
  },
  {
    name: "functions, none yet",
    path: WORKSPACE,
    prepare: async (page) => {
      await editor(page);
      await page.getByRole("tab", { name: "SQL" }).click();
      await page.getByRole("tab", { name: "functions.ts" }).click();
      await page.getByRole("button", { name: "Begin a function" }).waitFor();
    },
    wideOnly: true,
  },
  {
    name: "functions, one that throws",
    path: "/learn/hop-averages",
    prepare: async (page) => {
      await editor(page);
      await page.evaluate(
        (text) => window.millraceEditor?.setText(text, "functions.ts"),
        'import { ScalarFunction } from "flink";\n\nexport class Mask extends ScalarFunction {\n  eval(user: string | null): string {\n    if (user === null) throw new Error("no user: null");\n    return user.slice(-4);\n  }\n}\n',
      );
      await page.getByRole("button", { name: "Run", exact: true }).click();
      await page
        .getByRole("button", { name: /^functions\.ts \d+:/ })
        .first()
        .click();
    },
    wideOnly: true,
  },
  {
    name: "workspace, SQL",
    path: WORKSPACE,
    prepare: async (page) => {
      await editor(page);
      await page.getByRole("tab", { name: "SQL" }).click();
    },
    wideOnly: true,
  },
  { name: "verdict, rejected", path: `${WORKSPACE}/submissions/sessions-exactly-once-2`, prepare: (page) => page.waitForSelector("table") },
  {
    name: "verdict, accepted",
    path: `${WORKSPACE}/submissions/sessions-exactly-once-1`,
    prepare: (page) => page.waitForSelector("main h1"),
  },
  { name: "stage", path: STAGE, prepare: canvas },
  { name: "stage, operators", path: STAGE, prepare: tab("Operators") },
  { name: "stage, table", path: STAGE, prepare: tab("Table") },
  {
    name: "stage, adding a record",
    path: STAGE,
    prepare: async (page) => {
      await canvas(page);
      await page
        .getByRole("region", { name: "World" })
        .getByRole("button", { name: /^Add a/ })
        .click();
      await page.getByRole("form", { name: "Add a record" }).waitFor();
    },
  },
  {
    name: "stage, changes that cannot be read",
    path: `${STAGE}&changes=%5B1%5D`,
    prepare: (page) => page.getByRole("alert").waitFor(),
  },
  { name: "stage, two runs", path: `${WORKSPACE}/stage?submission=sessions-exactly-once-2`, prepare: canvas },
  {
    name: "stage, nothing recorded",
    path: `${WORKSPACE}/stage?submission=sessions-exactly-once-1`,
    prepare: (page) => page.getByText("has no recorded run").waitFor(),
  },
  { name: "cards", on: "product", path: "/cards", prepare: heading },
  { name: "interview", on: "product", path: "/interview", prepare: heading },
  { name: "lessons", on: "product", path: "/lessons", prepare: heading },
  { name: "account", on: "product", path: "/account", prepare: heading },
  { name: "classes", on: "product", path: "/classes", prepare: heading },
  { name: "not found", path: "/nowhere", prepare: (page) => page.waitForSelector("main h1") },
  {
    name: "lesson",
    on: "product",
    path: "/lessons/flink-interview~exactly-once",
    prepare: async (page) => page.locator("figure svg.fig").first().waitFor(),
  },
  {
    name: "card",
    on: "product",
    path: "/cards?section=4",
    prepare: async (page) => {
      await page.getByRole("button", { name: "Turn" }).click();
      await page.getByRole("group", { name: "How well was it known?" }).waitFor();
    },
  },
  { name: "catalogue, away", path: "/", before: away("problems"), prepare: (page) => page.getByRole("alert").waitFor() },
  { name: "workspace, no such problem", path: "/learn/no-such", prepare: (page) => page.getByRole("alert").waitFor() },
  { name: "workspace, away", path: WORKSPACE, before: away("problems/*"), prepare: (page) => page.getByRole("alert").waitFor() },
  {
    name: "workspace, not sent",
    path: WORKSPACE,
    before: away("problems/*/submissions"),
    prepare: async (page) => {
      await editor(page);
      await page.getByRole("button", { name: "Submit" }).first().click();
      await page.getByText(/^Not sent\./).waitFor();
    },
    wideOnly: true,
  },
  {
    name: "workspace, trace",
    on: "product",
    path: "/learn/trace-watermark-10s",
    prepare: (page) => page.waitForSelector("#editor-pane table"),
  },
  {
    name: "workspace, decisions",
    on: "product",
    path: "/learn/choose-engine",
    prepare: (page) => page.waitForSelector("#editor-pane table"),
  },
  { name: "verdict, no such submission", path: `${WORKSPACE}/submissions/none`, prepare: (page) => page.getByRole("alert").waitFor() },
  { name: "stage, no such submission", path: `${WORKSPACE}/stage?submission=none`, prepare: (page) => page.getByRole("alert").waitFor() },
  {
    name: "interview, a question",
    on: "product",
    path: "/interview?seed=1&minutes=45&sections=2,4",
    prepare: async (page) => {
      await page.getByRole("button", { name: "Begin" }).click();
      await page.getByRole("region", { name: "Interview" }).waitFor();
    },
  },
  {
    name: "interview, a report of nothing",
    on: "product",
    path: "/interview?seed=1&minutes=45&sections=2,4",
    prepare: async (page) => {
      await page.getByRole("button", { name: "Begin" }).click();
      await page.getByRole("button", { name: "End now" }).click();
      await page.getByRole("alertdialog").getByRole("button", { name: "End it" }).click();
      await page.getByRole("heading", { name: /questions? solved/ }).waitFor();
    },
  },
  { name: "lessons, away", on: "product", path: "/lessons", before: away("lessons"), prepare: (page) => page.getByRole("alert").waitFor() },
  { name: "lesson, no such", on: "product", path: "/lessons/no-such", prepare: said("There is no such lesson.") },
  { name: "cards, away", on: "product", path: "/cards", before: away("cards*"), prepare: (page) => page.getByRole("alert").waitFor() },
  { name: "log-in", on: "college", path: "/", prepare: (page) => page.getByRole("heading", { name: "Log in" }).waitFor() },
  {
    name: "log-in, refused",
    on: "college",
    path: "/",
    prepare: async (page) => {
      await page.getByLabel("User name", { exact: true }).fill("Nobody");
      await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
      await page.keyboard.press("Enter");
      await page.getByText("do not belong together").waitFor();
    },
  },
  { name: "register, without an invitation", on: "college", path: "/register", prepare: heading },
  { name: "set a password, without a link", on: "college", path: "/set-password", prepare: heading },
  {
    name: "session over",
    ...LIN,
    path: "/learn/windowed-word-count",
    prepare: async (page) => {
      await editor(page);
      await page.context().clearCookies();
      await page.getByRole("button", { name: "Submit" }).first().click();
      await page.getByRole("dialog", { name: "Log in to go on" }).waitFor();
    },
    wideOnly: true,
  },
  {
    name: "menu of a user",
    ...GRACE,
    path: "/",
    prepare: async (page) => {
      await page.getByRole("button", { name: /menu of Grace/i }).click();
      await page.getByRole("button", { name: "Log out" }).waitFor();
    },
  },
  { name: "account, of a learner", ...LIN, path: "/account", prepare: heading },
  { name: "classes, of a learner", ...LIN, path: "/classes", prepare: said("Week 1") },
  { name: "classes, of a newcomer", ...NOOR, path: "/classes", prepare: (page) => page.getByLabel("Code of the class").waitFor() },
  { name: "not yours", ...NOOR, path: "/teach/packs", prepare: said("This part is not yours") },
  { name: "teach, packs", ...INES, path: "/teach/packs", prepare: (page) => page.getByRole("row").nth(1).waitFor() },
  {
    name: "teach, packs, away",
    ...INES,
    path: "/teach/packs",
    before: away("packs"),
    prepare: (page) => page.getByRole("alert").waitFor(),
  },
  { name: "teach, pack, active", ...INES, path: ({ pack }) => `/teach/packs/${pack}`, prepare: said("Life cycle: active") },
  {
    name: "teach, pack, not ready",
    ...INES,
    path: ({ brokenPack }) => `/teach/packs/${brokenPack}`,
    prepare: said(/Not ready to publish/),
  },
  { name: "teach, pack, no such", ...INES, path: "/teach/packs/none", prepare: (page) => page.getByRole("alert").waitFor() },
  {
    name: "teach, preview",
    ...INES,
    path: ({ pack }) => `/teach/packs/${pack}/problems/visits`,
    prepare: said("As learners will see it."),
  },
  { name: "teach, classes", ...INES, path: "/teach/classes", prepare: said("Streams 2026") },
  { name: "teach, class", ...INES, path: (college) => `/teach/classes/${college.class}`, prepare: said("A visit is one window") },
  { name: "teach, class, empty", ...INES, path: ({ emptyClass }) => `/teach/classes/${emptyClass}`, prepare: heading },
  {
    name: "teach, class, assigning",
    ...INES,
    path: ({ emptyClass }) => `/teach/classes/${emptyClass}`,
    prepare: async (page) => {
      await page.getByRole("button", { name: "Assign problems" }).click();
      await page.getByLabel("Find problems").fill("window");
    },
  },
  {
    name: "teach, class, submissions of a learner",
    ...INES,
    path: (college) => `/teach/classes/${college.class}`,
    prepare: async (page) => {
      await page.getByRole("button", { name: /^Lin, Visits: 100/ }).click();
      await page.getByRole("dialog").getByText("Submission 3").waitFor();
    },
  },
  { name: "teach, rejudges", ...INES, path: "/teach/rejudges", prepare: (page) => page.getByRole("row").nth(1).waitFor() },
  { name: "teach, rejudge", ...INES, path: ({ rejudge }) => `/teach/rejudges/${rejudge}`, prepare: said("Nothing would change") },
  { name: "teach, invitations", ...INES, path: "/teach/invitations", prepare: said("open until") },
  {
    name: "administer, users",
    ...GRACE,
    path: "/admin/users",
    prepare: (page) => page.getByRole("combobox", { name: "Role of Lin" }).waitFor(),
  },
  { name: "administer, audit log", ...GRACE, path: "/admin/audit", prepare: (page) => page.getByRole("row").nth(1).waitFor() },
];
