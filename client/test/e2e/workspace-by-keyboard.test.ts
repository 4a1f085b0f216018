/**
 * What only a real browser shows of the client itself, against the fixture server (client/dist must be built): the keyboard's way
 * through catalogue and workspace, completions and hovers of the typed API, and what happens when the server is away.
 */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { confirm } from "../browser/confirm.ts";
import { type FixtureJourney, openFixtureJourney, write } from "../browser/journey.ts";
import { tabTo } from "../browser/keyboard.ts";

/** Thrown in the page. The console is another matter: here the server is away on purpose. */
const faults: string[] = [];

let journey: FixtureJourney;
let page: Page;

beforeAll(async () => {
  journey = await openFixtureJourney({ worldMs: 5 });
  page = journey.page;
  page.on("pageerror", (error) => faults.push(error.message));
});

afterAll(() => journey?.close());

const focusIsInEditor = () => page.evaluate(() => document.activeElement?.closest(".monaco-editor") !== null);

const selectedTab = () => page.getByRole("tablist", { name: "Files" }).getByRole("tab", { selected: true }).innerText();
/** Lines of the file that is shown, as far as they are on the screen. */
const shownText = async () => (await page.locator(".view-lines").innerText()).replaceAll("\u00a0", " ");

describe("workspace by keyboard", () => {
  it("searches with /, opens with Enter", async () => {
    await page.goto(journey.url);
    await page.waitForSelector("tbody tr");
    await page.keyboard.press("/");
    await page.keyboard.type("session");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".monaco-editor .view-line");
    expect(new URL(page.url()).pathname).toBe("/learn/sessions-exactly-once");
  });

  it("enters the editor with Ctrl 2 and leaves it with Esc, Tab; Tab alone indents", async () => {
    await page.keyboard.press("ControlOrMeta+2");
    await expect.poll(focusIsInEditor).toBe(true);
    await page.keyboard.press("Tab");
    await expect.poll(focusIsInEditor).toBe(true);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Tab");
    await expect.poll(focusIsInEditor).toBe(false);
  });

  it("runs once and submits once, from inside the editor", async () => {
    const sent: string[] = [];
    page.on("request", (request) => request.method() === "POST" && sent.push(new URL(request.url()).pathname.split("/").pop() ?? ""));
    await page.keyboard.press("ControlOrMeta+2");
    await page.keyboard.press("ControlOrMeta+Enter");
    await page.waitForSelector("svg.fig");
    await page.keyboard.press("ControlOrMeta+Shift+Enter");
    await page.getByRole("link", { name: "Open the verdict" }).waitFor();
    expect(sent).toEqual(["run", "submissions"]);
  });

  it("completes and explains the typed API", async () => {
    await write(
      page,
      'import { StreamExecutionEnvironment } from "flink";\nconst env = StreamExecutionEnvironment.getExecutionEnvironment();\nenv\n',
    );
    await page.locator(".view-line").nth(2).click();
    await page.keyboard.press("End");
    await page.keyboard.type(".");
    await page.waitForSelector(".suggest-widget.visible .monaco-list-row");
    expect(await page.locator(".suggest-widget .monaco-list-row").allInnerTexts()).toEqual(
      expect.arrayContaining([expect.stringContaining("fromSource")]),
    );
    await page.keyboard.press("Escape");
    await page.locator(".view-line span", { hasText: "getExecutionEnvironment" }).last().hover();
    await page.waitForSelector(".monaco-hover .hover-contents");
    expect(await page.locator(".monaco-hover:not(.hidden)").innerText()).toContain("StreamExecutionEnvironment.getExecutionEnvironment()");
  });

  it("makes a second editor after the first as well", async () => {
    await page.locator("a.brand").click();
    await page.waitForSelector("tbody tr");
    await page.goBack();
    await page.waitForSelector(".monaco-editor .view-line");
    await page.waitForTimeout(500);
    expect(faults).toEqual([]);
  });

  it("goes from file to file in the editor, each with its cursor and its undo", async () => {
    await page.goto(`${journey.url}/learn/hop-averages`);
    await page.waitForSelector(".monaco-editor .view-line");
    await page.keyboard.press("ControlOrMeta+2");
    await page.keyboard.press("ControlOrMeta+Home");
    await page.keyboard.type("-- one");
    await page.keyboard.press("ControlOrMeta+2");
    await expect.poll(selectedTab).toBe("functions.ts");
    await expect.poll(focusIsInEditor).toBe(true);
    await page.keyboard.type("//two");
    await page.keyboard.press("ControlOrMeta+2");
    await expect.poll(selectedTab).toContain("given.sql");
    await page.keyboard.press("ControlOrMeta+2");
    await expect.poll(selectedTab).toBe("solution.sql");
    await page.keyboard.type(" and more");
    await expect.poll(shownText).toContain("-- one and more");
    await page.keyboard.press("ControlOrMeta+Z");
    await expect.poll(shownText).not.toContain("and more");
    await page.keyboard.press("ControlOrMeta+2");
    await expect.poll(shownText).toContain("//two");
    await page.keyboard.press("ControlOrMeta+Z");
    await page.getByText("Functions of your own, in TypeScript.").waitFor();
  });

  it("moves in the tab list with arrows, Home and End, and names the panel by the tab", async () => {
    const tab = (name: string) => page.getByRole("tab", { name });
    await page.keyboard.press("Escape");
    await tabTo(page, tab("functions.ts"), { back: true });
    await page.keyboard.press("ArrowRight");
    expect(await tab("given.sql").evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press("Home");
    await page.getByRole("tabpanel", { name: "solution.sql" }).waitFor();
    await page.keyboard.press("ArrowRight");
    await page.getByRole("tabpanel", { name: "functions.ts" }).waitFor();
    expect(await tab("functions.ts").getAttribute("tabindex")).toBe("0");
    expect(await page.getByRole("tab", { name: "solution.sql" }).getAttribute("tabindex")).toBe("-1");
    expect(await page.locator(`#${await tab("functions.ts").getAttribute("aria-controls")}`).getAttribute("role")).toBe("tabpanel");
  });

  it("begins a function and comes to the line at which it threw", async () => {
    const begin = page.getByRole("button", { name: "Begin a function" });
    await tabTo(page, begin, { most: 8 });
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.activeElement?.closest(".monaco-editor") !== null);
    await page.keyboard.press("Enter");
    await page.keyboard.type('if (text === null) throw new Error("no user");');
    await expect.poll(shownText).toContain("throw new Error");
    await page.keyboard.press("ControlOrMeta+2");
    await page.keyboard.press("ControlOrMeta+2");
    await expect.poll(shownText).toContain("CREATE TEMPORARY FUNCTION my_function AS 'MyFunction' LANGUAGE TYPESCRIPT;");
    await page.keyboard.press("ControlOrMeta+Enter");
    const place = page.getByRole("button", { name: /^functions\.ts 9:/ });
    await page.keyboard.press("Escape");
    await tabTo(page, place);
    await page.keyboard.press("Enter");
    await expect.poll(selectedTab).toContain("functions.ts");
    await page.waitForFunction(() => document.activeElement?.closest(".monaco-editor") !== null);
    await expect.poll(() => page.locator(".active-line-number").innerText()).toBe("9");
    await page.getByRole("tab", { name: "functions.ts, has mistakes" }).waitFor();
  });

  it("completes and checks the typed API in functions, and resets them alone", async () => {
    await page.getByRole("tab", { name: "functions.ts" }).click();
    await page.evaluate(() =>
      window.millraceEditor?.setText(
        'import { ScalarFunction } from "flink";\nconst n: string = new (class extends ScalarFunction {})().isDeterministic();\nnew (class extends ScalarFunction {})()\n',
        "functions.ts",
      ),
    );
    await page.locator(".squiggly-error").first().waitFor();
    await page.getByRole("tab", { name: "functions.ts, has mistakes" }).waitFor();
    await page.keyboard.press("ControlOrMeta+2");
    await page.keyboard.press("ControlOrMeta+End");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("End");
    await page.keyboard.type(".");
    await page.waitForSelector(".suggest-widget.visible .monaco-list-row");
    expect(await page.locator(".suggest-widget .monaco-list-row").allInnerTexts()).toEqual(
      expect.arrayContaining([expect.stringContaining("isDeterministic")]),
    );
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Reset" }).click();
    await confirm(page, "Replace it");
    await page.getByText("Functions of your own, in TypeScript.").waitFor();
    await page.getByRole("tab", { name: "solution.sql" }).click();
    await expect.poll(shownText).toContain("CREATE TEMPORARY FUNCTION my_function");
    await page.goto(`${journey.url}/learn/sessions-exactly-once`);
    await page.waitForSelector(".monaco-editor .view-line");
    expect(faults).toEqual([]);
  });

  it("keeps the text and says so when the server is away", async () => {
    await page.route("**/submissions", (route) => (route.request().method() === "POST" ? route.abort() : route.continue()));
    await page.getByRole("button", { name: "Submit" }).click();
    await page.getByText(/^Not sent\. Your text is kept here; submitting again in \d s\./).waitFor();
    await page.reload();
    await page.waitForSelector(".monaco-editor .view-line");
    expect(await page.locator(".view-lines").innerText()).toContain("env.");
  });
});
