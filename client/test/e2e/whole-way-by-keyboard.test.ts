/**
 * The whole way of a learner with a keyboard alone, against the real server: past the bar by the skip link, to a problem, into the editor, run, submitted, the
 * verdict and what stands in it, the stage, and back to the list. No focus is set by a script, and nothing is further away than twenty stops.
 */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Journey, openJourney, verdictOf, write } from "../browser/journey.ts";
import { tabTo } from "../browser/keyboard.ts";
import { submission } from "../browser/product.ts";

let journey: Journey;
let page: Page;

beforeAll(async () => {
  journey = await openJourney();
  page = journey.page;
  // A mouse that is touched is a mistake of this journey.
  await page.addInitScript(() => addEventListener("pointerdown", () => console.error("a mouse was used")));
});

afterAll(() => journey?.close());

const pathname = () => new URL(page.url()).pathname;

describe("a learner with a keyboard", () => {
  it("skips the bar, and chooses a problem of the list", async () => {
    await page.goto(journey.product.address);
    await page.getByRole("link", { name: "Words every five seconds" }).first().waitFor();
    expect(await tabTo(page, page.getByRole("link", { name: "Skip to the content" }))).toBe(1);
    await page.keyboard.press("Enter");
    await tabTo(page, page.getByRole("link", { name: "Start" }).last());
    await tabTo(page, page.getByRole("searchbox"));
    await page.keyboard.type("words every five");
    await page.getByRole("status").getByText("1 problem", { exact: true }).waitFor();
    await tabTo(page, page.getByRole("link", { name: "Words every five seconds" }).first());
    await page.keyboard.press("Enter");
    await expect.poll(pathname).toBe("/learn/windowed-word-count");
  });

  it("writes, runs and submits without leaving the editor, and comes out of it", async () => {
    await page.waitForSelector(".monaco-editor .view-line");
    await write(page, submission("windowed-word-count", "wrong-output", "ts"));
    await page.keyboard.press("ControlOrMeta+2");
    await page.keyboard.press("ControlOrMeta+Enter");
    await page.getByText("differs").first().waitFor();
    await page.keyboard.press("ControlOrMeta+Shift+Enter");
    expect(await verdictOf(page, 1)).toContain("wrong-output");
    await page.keyboard.press("ControlOrMeta+3");
    await tabTo(page, page.getByRole("link", { name: "Open the verdict" }));
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "First difference" }).waitFor();
  });

  it("opens what stands in the verdict, and goes on to the stage and back", async () => {
    await page.getByRole("link", { name: "Both runs on the stage" }).waitFor();
    await page.keyboard.press("o");
    await page.waitForSelector("canvas");
    await page.keyboard.press("End");
    await page.keyboard.press("e");
    await page.waitForSelector(".monaco-editor .view-line");
    await page.keyboard.press("g");
    await page.keyboard.press("l");
    await expect.poll(pathname).toBe("/");
  });

  it("touched no mouse and met no error", () => expect(journey.complaints).toEqual([]));
});
