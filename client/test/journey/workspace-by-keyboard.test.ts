/**
 * What only a real browser shows of the client itself, against the fixture server (client/dist must be built): the keyboard's way
 * through catalogue and workspace, completions and hovers of the typed API, and what happens when the server is away.
 */
import type { Server } from "node:http";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../browser/launch.ts";
import { startFixtureServer } from "../fixtures/server.ts";

let fixture: { server: Server; url: string };
let browser: Browser;
let page: Page;
const faults: string[] = [];

beforeAll(async () => {
  [fixture, browser] = await Promise.all([startFixtureServer(0, { worldMs: 5 }), launchBrowser()]);
  page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  page.setDefaultTimeout(30_000);
  page.on("pageerror", (error) => faults.push(error.message));
});

afterAll(async () => {
  await browser?.close();
  fixture?.server.close();
});

const focusIsInEditor = () => page.evaluate(() => document.activeElement?.closest(".monaco-editor") !== null);

async function write(text: string): Promise<void> {
  await page.evaluate((value) => {
    (window as unknown as { millraceEditor: { setText(text: string): void } }).millraceEditor.setText(value);
  }, text);
}

describe("workspace by keyboard", () => {
  it("searches with /, opens with Enter", async () => {
    await page.goto(fixture.url);
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
    expect(await focusIsInEditor()).toBe(true);
    await page.keyboard.press("Tab");
    expect(await focusIsInEditor()).toBe(true);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Tab");
    expect(await focusIsInEditor()).toBe(false);
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

  it("keeps the text and says so when the server is away", async () => {
    await page.route("**/submissions", (route) => (route.request().method() === "POST" ? route.abort() : route.continue()));
    await page.getByRole("button", { name: "Submit" }).click();
    await page.getByText(/^Not sent\. Your text is kept here; submitting again in \d s\./).waitFor();
    await page.reload();
    await page.waitForSelector(".monaco-editor .view-line");
    expect(await page.locator(".view-lines").innerText()).toContain("env.");
  });
});
