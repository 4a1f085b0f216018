/** The catalogue's address, cards by keyboard, and lessons, in a real browser against the real server. Pictures go to client/test-results/. */
import { join } from "node:path";
import type { Review } from "@millrace/server/contract";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Journey, openJourney, PICTURES } from "../browser/journey.ts";

const HOUR_MS = 3_600_000;

let journey: Journey;
let page: Page;

beforeAll(async () => {
  journey = await openJourney();
  page = journey.page;
});

afterAll(() => journey?.close());

/** Wide and narrow, light and dark. */
async function pictures(name: string): Promise<void> {
  const toggle = page.getByRole("button", { name: /^Switch to the/ });
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
  await toggle.click();
  await page.screenshot({ path: join(PICTURES, `${name}-dark.png`) });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.screenshot({ path: join(PICTURES, `${name}-390-dark.png`), fullPage: true });
  await toggle.click();
  await page.screenshot({ path: join(PICTURES, `${name}-390.png`), fullPage: true });
  await page.setViewportSize({ width: 1440, height: 900 });
  await toggle.blur();
}

const filters = () => page.getByRole("search");
const search = () => new URL(page.url()).search;

describe("the catalogue", () => {
  it("filters by section, kind, difficulty, topic and status, and the address shows the same list to others", async () => {
    await page.goto(journey.product.address);
    await page.getByRole("link", { name: "Words every five seconds" }).first().waitFor();
    await filters().getByRole("combobox", { name: "Difficulty" }).selectOption("3");
    await filters().getByRole("combobox", { name: "Kind" }).selectOption("trace");
    await filters().getByRole("combobox", { name: "Topic" }).selectOption("watermarks");
    await filters().getByRole("combobox", { name: "Status" }).selectOption("new");
    await page.getByRole("searchbox").fill("six");
    await expect.poll(search).toBe("?q=six&kind=trace&difficulty=3&topic=watermarks&status=new");
    await page.getByRole("status").getByText("1 problem", { exact: true }).waitFor();
    const other = await (await journey.browser.newContext()).newPage();
    await other.goto(page.url());
    await other.getByRole("status").getByText("1 problem", { exact: true }).waitFor();
    expect(await other.getByRole("searchbox").inputValue()).toBe("six");
    await other.close();
  });

  it("keeps its filters when one comes back, and lets go of them by the way to all problems", async () => {
    await page.getByRole("link", { name: "Six partitions, one asleep" }).first().click();
    await page.getByRole("region", { name: "Problem" }).waitFor();
    await page.goBack();
    await page.getByRole("status").getByText("1 problem", { exact: true }).waitFor();
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Learn" }).click();
    await expect.poll(search).toBe("");
    await page
      .getByRole("status")
      .getByText("51 problems", { exact: true })
      .or(page.getByRole("status").getByText(/^\d\d+ problems$/))
      .first()
      .waitFor();
  });
});

describe("cards", () => {
  it("are turned and answered by keyboard, and what was not known comes again", async () => {
    await page.clock.setFixedTime(Date.now() - 26 * HOUR_MS);
    await page.reload();
    await page.getByRole("navigation", { name: "Learning path" }).getByRole("link", { name: "Cards" }).click();
    await page.getByText("0 items to repeat, 10 new today.").waitFor();
    const card = page.getByRole("region", { name: "Card" });
    await card.getByText("In one sentence: what is Flink?").waitFor();
    await pictures("cards-front");
    await page.keyboard.press("1");
    expect(await card.getByText("10 to go").count()).toBe(1);
    await page.keyboard.press("Space");
    await card.getByText("A distributed engine for streams").waitFor();
    await pictures("cards-back");
    await page.keyboard.press("1");
    await card.getByText("Four words").waitFor();
    await card.getByText("10 to go").waitFor();
    for (let left = 9; left >= 1; left--) {
      await page.keyboard.press("Space");
      await card.getByRole("group", { name: "How well was it known?" }).waitFor();
      await page.keyboard.press("3");
      await card.getByText(`${left} to go`).waitFor();
    }
    await card.getByText("In one sentence: what is Flink?").waitFor();
    await page.clock.setFixedTime(Date.now() - 25 * HOUR_MS);
    await page.keyboard.press("Space");
    await page.keyboard.press("2");
    await page.getByText("That is all for now. The next one is due in 1 day.").waitFor();
    await expect.poll(async () => ((await (await fetch(`${journey.product.address}/api/reviews`)).json()) as Review[]).length).toBe(11);
  });

  it("come back when they are due, said calmly in the catalogue, at another machine too", async () => {
    const context = await journey.browser.newContext({ viewport: { width: 1440, height: 900 } });
    const other = await context.newPage();
    await other.goto(journey.product.address);
    await other.getByRole("navigation", { name: "Learning path" }).getByText("10 to repeat").first().waitFor();
    await other.screenshot({ path: join(PICTURES, "catalogue-due.png") });
    await other.getByRole("navigation", { name: "Learning path" }).getByRole("link", { name: "Cards" }).click();
    await other.getByText("10 items to repeat, 10 new today.").waitFor();
    await context.close();
  });

  it("of a section are all there", async () => {
    await page.getByRole("link", { name: "Windows", exact: true }).click();
    await page.getByRole("heading", { name: "Windows", exact: true }).waitFor();
    await page.getByRole("region", { name: "Card" }).getByText("Which four parts has a window operation?").waitFor();
    expect(search()).toBe("?section=4");
  });
});

describe("lessons", () => {
  it("stand in the order of the path, and a figure is a run that one steps through", async () => {
    await page.goto(journey.product.address);
    await page.getByRole("navigation", { name: "Learning path" }).getByRole("link", { name: "Lessons" }).click();
    await page.getByRole("link", { name: "How far has time come?" }).waitFor();
    expect(await page.getByRole("main").getByRole("listitem").count()).toBe(7);
    await pictures("lessons");
    await page.getByRole("link", { name: "How far has time come?" }).click();
    const figure = page.getByRole("figure", { name: /^Windows of ten seconds/ });
    const position = figure.getByText(/^Step \d+ of \d+/);
    await position.waitFor();
    const marks = () => figure.locator("svg.fig .mk-ontime, svg.fig .mk-dropped").count();
    const all = await marks();
    expect(all).toBe(11);
    const moments = Number(/of (\d+)/.exec(await position.innerText())?.[1]);
    await figure.getByRole("slider", { name: "Time" }).fill("0");
    expect(await marks()).toBe(0);
    const step = figure.getByRole("button", { name: "One step on" });
    await step.click();
    await figure.getByText("record, on time").waitFor();
    expect(await marks()).toBe(1);
    await page.keyboard.press("End");
    await figure.getByText(new RegExp(`^Step ${moments} of ${moments}`)).waitFor();
    expect(await marks()).toBe(all);
    await page.keyboard.press("Home");
    await figure.getByRole("button", { name: "Play" }).click();
    await figure.getByText("record, on time").waitFor();
    await figure.getByRole("button", { name: "Stop" }).click();
    await figure.getByRole("button", { name: "Table" }).click();
    await figure.getByRole("table").waitFor();
    await figure.getByRole("button", { name: "Figure" }).click();
    await page.keyboard.press("End");
  });

  it("mark what is read, lead to problems and cards, and on to the next", async () => {
    await page.getByRole("link", { name: "What the watermark says" }).waitFor();
    await page.getByRole("link", { name: "11 cards" }).waitFor();
    await page.getByRole("button", { name: "Mark as read" }).click();
    await page.getByText("Read", { exact: true }).waitFor();
    await expect
      .poll(
        async () =>
          ((await (await fetch(`${journey.product.address}/api/reviews`)).json()) as Review[]).filter(({ item }) =>
            item.startsWith("lesson:"),
          ).length,
      )
      .toBe(1);
    await page.reload();
    await page.getByText("Read", { exact: true }).waitFor();
    await page.getByRole("link", { name: "Next: Cutting the endless" }).click();
    await page.getByRole("heading", { name: "Cutting the endless" }).waitFor();
  });

  it.each([
    ["what-flink-is-for", "What Flink is for"],
    ["the-dataflow-graph", "One program, many subtasks"],
    ["watermarks", "How far has time come?"],
    ["windows", "Cutting the endless"],
    ["state", "What has to be remembered"],
    ["exactly-once", "Once, in spite of crashes"],
    ["sql-and-changes", "Tables that change"],
  ])("run all their figures: %s", async (name, title) => {
    await page.goto(`${journey.product.address}/lessons`);
    await page.getByRole("link", { name: title }).click();
    await page.getByRole("heading", { name: title }).waitFor();
    const figures = page.getByRole("figure");
    await figures.first().waitFor();
    await expect.poll(() => page.locator("figure svg.fig").count()).toBe(await figures.count());
    await page.evaluate(() => document.fonts.ready);
    await page.setViewportSize({ width: 1280, height: 2600 });
    await page.screenshot({ path: join(PICTURES, `lesson-${name}.png`) });
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  it("are read on a phone and in the dark", async () => {
    await page.goto(`${journey.product.address}/lessons`);
    await page.getByRole("link", { name: "Once, in spite of crashes" }).click();
    await page.locator("figure svg.fig").first().waitFor();
    await pictures("lesson");
    await page.setViewportSize({ width: 360, height: 800 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  it("that there are not, say so", async () => {
    await page.goto(`${journey.product.address}/lessons/no-such`);
    await page.getByText("There is no such lesson.").waitFor();
    // The browser itself notes the 404.
    expect(journey.complaints.splice(0)).toEqual([expect.stringContaining("404")]);
  });
});

describe("the browser's console", () => {
  it("has no error", () => {
    expect(journey.complaints).toEqual([]);
  });
});
