/**
 * The stage in a real browser: with the keyboard alone from a dropped record to why it was dropped, the address that brings back the view, narrow and
 * dark. What is changed on it is in `crash-investigation.test.ts`, against the real server.
 */
import { join } from "node:path";
import type { BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FixtureJourney, openFixtureJourney, PICTURES } from "../browser/journey.ts";

const SAMPLE = "/learn/sessions-exactly-once/stage?sample=3";

let journey: FixtureJourney;

beforeAll(async () => {
  journey = await openFixtureJourney({ context: { reducedMotion: "reduce" } });
});

afterAll(() => journey?.close());

async function open(url: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await journey.newPage(options);
  await page.goto(url);
  await page.waitForSelector("canvas");
  return page;
}

const inspector = (page: Page) => page.getByRole("complementary", { name: "Inspector" });

describe("the stage", () => {
  it("opens from a sample run, at what went wrong, and says why", async () => {
    const page = await open(journey.url + SAMPLE);
    await inspector(page).getByRole("heading", { name: "Why it was not counted" }).waitFor();
    const said = await inspector(page).innerText();
    expect(said).toMatch(/Arrived 9\.\d s behind the watermark/);
    expect(said).toContain("Its window [10:00:00, 10:00:10) had fired at 10:00:15");
    expect(said).toContain(
      "Watermark of TumblingEventTimeWindows 0 stands at 10:00:18.999 since 10:00:23.600: clicks 0 has just come to 10:00:19.279",
    );
    expect(said).toContain("Then it is held back by clicks 0: the highest event time of partition clicks-1 is");
    await page.screenshot({ path: join(PICTURES, "stage.png") });
    await page.context().close();
  });

  it("is walked through with the keyboard alone", async () => {
    const page = await open(journey.url + SAMPLE);
    const slider = page.getByRole("slider", { name: /Whole run/ });
    const position = async () => Number(await slider.getAttribute("aria-valuenow"));
    await page.keyboard.press("Home");
    await expect.poll(position).toBe(1);
    await page.keyboard.press("ArrowRight");
    await expect.poll(position).toBe(2);
    await page.keyboard.press("f");
    await expect.poll(() => slider.getAttribute("aria-valuetext")).toContain("window fires");
    const first = await position();
    await page.keyboard.press("f");
    await expect.poll(position).toBeGreaterThan(first);
    await page.keyboard.press("Shift+f");
    await expect.poll(position).toBe(first);
    await page.keyboard.press("x");
    await expect.poll(() => slider.getAttribute("aria-valuetext")).toContain("crash tm 2");
    await page.keyboard.press("Escape");
    await page.keyboard.press("a");
    await page.keyboard.press("End");
    await inspector(page).getByRole("button", { name: "Forget A" }).waitFor();
    await page.keyboard.press("t");
    await page.getByRole("heading", { name: "Transactions" }).waitFor();
    await page.keyboard.press("t");
    await page.waitForSelector("canvas");
    await page.context().close();
  });

  it("comes back the same from its address", async () => {
    const page = await open(journey.url + SAMPLE);
    await page.keyboard.press("Home");
    for (let i = 0; i < 3; i++) await page.keyboard.press("f");
    await page.keyboard.press("a");
    await page.keyboard.press("l");
    // The address follows a moment later, all of it at once.
    await expect.poll(() => page.url()).toMatch(/[?&]a=\d+/);
    const before = await inspector(page).innerText();
    const again = await open(page.url());
    await expect.poll(() => inspector(again).innerText()).toBe(before);
    await again.context().close();
    await page.context().close();
  });

  it("shows state of two moments and how it differs", async () => {
    const page = await open(journey.url + SAMPLE);
    await page.keyboard.press("Home");
    await page.keyboard.press("f");
    await page.keyboard.press("a");
    await page.keyboard.press("x");
    const state = page.getByRole("region", { name: "State" });
    await expect.poll(() => state.innerText()).toMatch(/new|gone/);
    await page.context().close();
  });

  it("can be read on a phone, in the dark", async () => {
    const page = await open(journey.url + SAMPLE, { viewport: { width: 390, height: 844 }, colorScheme: "dark" });
    await inspector(page).getByRole("heading", { name: "Why it was not counted" }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page.screenshot({ path: join(PICTURES, "stage-390-dark.png"), fullPage: true });
    await page.context().close();
  });

  it("has a table of everything in the figure, and of a checkpoint by subtask", async () => {
    const page = await open(journey.url + SAMPLE);
    const table = (column: string) =>
      page.getByRole("table").filter({ has: page.getByRole("columnheader", { name: column, exact: true }) });
    await page.getByRole("tab", { name: "Table" }).click();
    await expect
      .poll(() =>
        table("what became of it")
          .getByRole("row", { name: /clicks 0 : 24/ })
          .innerText(),
      )
      .toMatch(/dropped\s+9\.5 s/);
    await page.keyboard.press("End");
    const windows = table("given up").getByRole("row");
    await expect.poll(() => windows.allInnerTexts()).toContainEqual(expect.stringMatching(/\[10:00:\d0, 10:0\d:\d0\)/));
    await page.keyboard.press("x");
    await page.keyboard.press("Shift+X");
    await page.getByRole("tab", { name: "Operators" }).click();
    await page.getByRole("heading", { name: /^Checkpoint \d+, by subtask$/ }).waitFor();
    expect(await table("waited for the last one").getByRole("row").count()).toBe(5);
    await page.screenshot({ path: join(PICTURES, "stage-operators.png") });
    await page.context().close();
  });

  it("tells that a world which was not kept cannot be changed, and offers nothing that would change it", async () => {
    // The fixture's explanations are such as were stored before worlds were kept.
    const sent = await fetch(`${journey.url}/api/problems/sessions-exactly-once/submissions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ language: "datastream", text: "wrong" }),
    });
    const { id } = (await sent.json()) as { id: string };
    await (await fetch(`${journey.url}/api/submissions/${id}/events`)).text();
    const page = await open(`${journey.url}/learn/sessions-exactly-once/stage?submission=${id}&change=kill`);
    const world = page.getByRole("region", { name: "World" });
    await world.getByText(/can be looked at, but not changed: it was not kept/).waitFor();
    expect(await world.getByRole("button").count()).toBe(0);
    await page.keyboard.press("1");
    await page
      .getByRole("status")
      .getByText(/not kept with its verdict/)
      .waitFor({ state: "attached" });
    await page.context().close();
  });

  it("says so when there is nothing to show", async () => {
    const page = await journey.newPage();
    await page.goto(`${journey.url}/learn/sessions-exactly-once/stage?submission=sessions-exactly-once-1`);
    await page.getByText("This submission has no recorded run").waitFor();
    await page.goto(`${journey.url}/learn/sessions-exactly-once/stage?submission=none`);
    await page.getByRole("alert").waitFor();
    await page.context().close();
  });
});

it("left no error in the browser's console", () => {
  expect(journey.complaints.filter((text) => !text.includes("404"))).toEqual([]);
});
