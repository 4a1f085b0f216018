/**
 * Every page of the client and the states of it that differ, for the audit of accessibility (`accessibility.test.ts`). Whoever makes a page adds it here: a
 * name, where it is, and what has to happen until there is something to be looked at (the rooms of instructors and administrators are audited on their own journeys). All of them are looked at in light and dark, wide and narrow.
 */
import type { Page } from "playwright-core";

export interface AuditedPage {
  readonly name: string;
  /** Which server: hand-made answers, or the real one with the bundled packs (slower to start). Default `fixture`. */
  readonly on?: "fixture" | "product";
  readonly path: string;
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
];
