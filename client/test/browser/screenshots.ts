/**
 * Pictures of every page in both themes, wide and narrow, into client/test-results/ (not in git), from the fixture server and client/dist:
 * `vite build`, then `node client/test/browser/screenshots.ts [part of a name]`. Look at them beside the design mocks.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { startFixtureServer } from "../fixtures/server.ts";
import { launchBrowser } from "./launch.ts";

const OUT = fileURLToPath(new URL("../../test-results/", import.meta.url));
const SIZES = [
  { name: "", width: 1440, height: 900 },
  { name: "-390", width: 390, height: 844 },
] as const;

interface Shot {
  readonly name: string;
  readonly path: string;
  readonly prepare?: (page: Page) => Promise<void>;
}

const monacoReady = async (page: Page) => {
  if ((page.viewportSize()?.width ?? 0) > 640) await page.waitForSelector(".monaco-editor .view-line", { timeout: 8_000 });
};

const SHOTS: readonly Shot[] = [
  { name: "catalogue", path: "/", prepare: async (page) => void (await page.waitForSelector("table")) },
  {
    name: "workspace-before",
    path: "/learn/sessions-exactly-once",
    prepare: monacoReady,
  },
  {
    name: "workspace",
    path: "/learn/sessions-exactly-once",
    prepare: async (page) => {
      await monacoReady(page);
      await page.getByRole("button", { name: "Run", exact: true }).click();
      await page.waitForSelector("svg.fig");
    },
  },
  {
    name: "workspace-crash",
    path: "/learn/sessions-exactly-once",
    prepare: async (page) => {
      await monacoReady(page);
      await page.getByRole("button", { name: "Run", exact: true }).click();
      await page.getByRole("button", { name: "3, task manager lost" }).click();
      await page.waitForSelector("svg.fig .crash", { state: "attached" });
    },
  },
  {
    name: "workspace-compile",
    path: "/learn/sessions-exactly-once",
    prepare: async (page) => {
      await monacoReady(page);
      await page.evaluate(() => {
        window.millraceEditor?.setText(
          'import { StreamExecutionEnvironment } from "flink";\n// syntax error\nconst env = StreamExecutionEnvironment.getExecutionEnvironment();\nenv.fromSorce("clicks");\n',
        );
      });
      await page.getByRole("button", { name: "Run", exact: true }).click();
      await page.getByText("to mend first").waitFor();
      await page.waitForTimeout(2_500);
    },
  },
  {
    name: "workspace-sql",
    path: "/learn/sessions-exactly-once",
    prepare: async (page) => {
      await monacoReady(page);
      await page.getByRole("tab", { name: "SQL" }).click();
      await page.waitForTimeout(300);
    },
  },
  {
    name: "functions-empty",
    path: "/learn/sessions-exactly-once",
    prepare: async (page) => {
      await monacoReady(page);
      await page.getByRole("tab", { name: "SQL" }).click();
      await page.getByRole("tab", { name: "functions.ts" }).click();
      await page.waitForTimeout(300);
    },
  },
  {
    name: "functions-begun",
    path: "/learn/hop-averages",
    prepare: async (page) => {
      await monacoReady(page);
      await page.getByRole("tab", { name: "functions.ts" }).click();
      await page.getByRole("button", { name: "Begin a function" }).click();
      await page.getByRole("tab", { name: "solution.sql" }).click();
      await page.waitForTimeout(300);
    },
  },
  {
    name: "functions-thrown",
    path: "/learn/hop-averages",
    prepare: async (page) => {
      await monacoReady(page);
      await page.evaluate(() =>
        window.millraceEditor?.setText(
          'import { ScalarFunction } from "flink";\n\nexport class Mask extends ScalarFunction {\n  static functionHint = { input: ["STRING"], output: "STRING" };\n\n  eval(user: string | null): string {\n    if (user === null) throw new Error("no user: null");\n    return user.slice(-4).padStart(user.length, "*");\n  }\n}\n',
          "functions.ts",
        ),
      );
      await page.getByRole("button", { name: "Run", exact: true }).click();
      await page.getByRole("button", { name: /functions\.ts 7:/ }).click();
      await page.waitForTimeout(2_000);
    },
  },
  {
    name: "submission",
    path: "/learn/sessions-exactly-once",
    prepare: async (page) => {
      await monacoReady(page);
      await page.getByRole("button", { name: "Submit", exact: true }).click();
      await page.getByText("Open the verdict").waitFor({ timeout: 8_000 });
    },
  },
  {
    name: "judging",
    path: "/learn/sessions-exactly-once",
    prepare: async (page) => {
      await page.getByRole("button", { name: "Submit", exact: true }).click();
      await page
        .getByText(/of 23 worlds/)
        .first()
        .waitFor({ timeout: 8_000 });
    },
  },
  { name: "trace", path: "/learn/which-watermark", prepare: (page) => page.getByLabel("watermark, r1").fill("10:00:02.999") },
  {
    name: "verdict",
    path: "/learn/sessions-exactly-once/submissions/sessions-exactly-once-2",
    prepare: async (page) => void (await page.waitForSelector("h1")),
  },
  {
    name: "stage",
    path: "/learn/sessions-exactly-once/stage?sample=3",
    prepare: async (page) => void (await page.waitForSelector("canvas")),
  },
  {
    name: "stage-write",
    path: "/learn/sessions-exactly-once/stage?submission=sessions-exactly-once-2",
    prepare: async (page) => {
      await page.waitForSelector("canvas");
      await page.keyboard.press("t");
      await page
        .getByRole("row", { name: /written before/ })
        .getByRole("button")
        .last()
        .click({ timeout: 2_000 })
        .catch(() => undefined);
      await page.keyboard.press("t");
    },
  },
  {
    name: "stage-table",
    path: "/learn/sessions-exactly-once/stage?sample=3&view=table",
    prepare: async (page) => void (await page.waitForSelector("table")),
  },
  {
    name: "stage-operators",
    path: "/learn/sessions-exactly-once/stage?sample=3&view=operators",
    prepare: async (page) => void (await page.waitForSelector("table")),
  },
  {
    name: "stage-empty",
    path: "/learn/sessions-exactly-once/stage?submission=sessions-exactly-once-1",
    prepare: async (page) => void (await page.waitForSelector("h1")),
  },
  { name: "not-found", path: "/nowhere" },
];

mkdirSync(OUT, { recursive: true });
const wanted = process.argv[2] ?? "";
const { server, url } = await startFixtureServer(0);
const browser = await launchBrowser();
try {
  for (const size of SIZES) {
    for (const theme of ["light", "dark"] as const) {
      for (const shot of SHOTS) {
        const name = `${shot.name}-${theme}${size.name}`;
        if (!name.includes(wanted)) continue;
        const context = await browser.newContext({
          viewport: { width: size.width, height: size.height },
          colorScheme: theme,
          reducedMotion: "reduce",
        });
        const page = await context.newPage();
        page.setDefaultTimeout(8_000);
        page.on("pageerror", (error) => console.error(`${name}: ${error.message}`));
        page.on("console", (message) => {
          if (message.type() === "error") console.error(`${name}: ${message.text()}`);
        });
        await page.goto(url + shot.path);
        try {
          await shot.prepare?.(page);
        } catch (error) {
          console.error(`${name}: ${String(error)}`);
        }
        await page.evaluate(() => document.fonts.ready);
        await page.screenshot({ path: join(OUT, `${name}.png`), fullPage: size.width < 640 });
        await context.close();
      }
    }
  }
} finally {
  await browser.close();
  server.close();
}
