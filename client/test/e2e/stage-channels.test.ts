/** Why a watermark stands, asked by key and on a phone, for any subtask; and what lies in the channels, in the graph and in a table. Against the real server. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Journey, openJourney, PICTURES } from "../browser/journey.ts";
import { submission } from "../browser/product.ts";
import { focused, openIdlePartition, openSample, watermarkPanel } from "../browser/stage.ts";

let journey: Journey;

beforeAll(async () => {
  journey = await openJourney({ context: { reducedMotion: "reduce" } });
});

afterAll(() => journey?.close());

describe("watermarks and channels on the stage", () => {
  it("is told by the key as well, for any subtask", async () => {
    const page = await openIdlePartition(journey);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Shift+W");
    await expect.poll(() => focused(page)).toBe("why-watermark");
    await watermarkPanel(page).getByLabel("Subtask").selectOption({ label: "events" });
    await expect.poll(() => watermarkPanel(page).innerText()).toMatch(/^Watermark of events stands at/m);
    await page.context().close();
  });

  it("shows what lies in the channels, and their table", async () => {
    const page = await openIdlePartition(journey);
    await page.getByRole("tab", { name: "Operators" }).click();
    const channels = page.getByRole("table").filter({ has: page.getByRole("columnheader", { name: "credit" }) });
    await expect
      .poll(() => channels.getByRole("row").allInnerTexts())
      .toContainEqual(expect.stringMatching(/events\s+TumblingEventTimeWindows\s.*\d+ of \d+/s));
    await page.screenshot({ path: join(PICTURES, "stage-channels.png") });
    await page.context().close();
  });

  it("counts the changes that pass between the operators of a SQL run", async () => {
    const page = await journey.newPage();
    await openSample(page, journey.product.address, "sql-top-n", submission("sql-top-n", "accepted", "sql"), 1);
    await page.keyboard.press("End");
    await page.getByRole("tab", { name: "Operators" }).click();
    const channels = page.getByRole("table").filter({ has: page.getByRole("columnheader", { name: "rows sent" }) });
    await expect.poll(() => channels.getByRole("row", { name: /GroupAggregate\s+Rank/ }).innerText()).toMatch(/\+I \d+, −U \d+, \+U \d+/);
    await page.screenshot({ path: join(PICTURES, "stage-changes.png") });
    await page.context().close();
  });

  it("can be asked on a phone, in the dark", async () => {
    const page = await openIdlePartition(journey, { viewport: { width: 390, height: 844 }, colorScheme: "dark" });
    await page.getByRole("button", { name: "Why the watermark stands" }).click();
    await expect.poll(() => focused(page)).toBe("why-watermark");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page.screenshot({ path: join(PICTURES, "stage-watermark-390-dark.png"), fullPage: true });
    await page.context().close();
  });
});

it("left no error in the browser's console", () => expect(journey.complaints).toEqual([]));
