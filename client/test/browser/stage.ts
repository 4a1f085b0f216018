/** The stage's panels, and the way to it from a problem. */
import { expect } from "vitest";
import type { BrowserContextOptions, Page } from "playwright-core";
import { type Journey, write } from "./journey.ts";

export const inspector = (page: Page) => page.getByRole("complementary", { name: "Inspector" });
export const world = (page: Page) => page.getByRole("region", { name: "World" });

/** The last change has been computed. */
export async function settled(page: Page): Promise<void> {
  await expect.poll(() => world(page).getAttribute("aria-busy"), { timeout: 20_000 }).toBe("false");
}

/** Runs a text on the samples of a problem and goes to the stage of one of them (from 1). */
export async function openSample(page: Page, address: string, problem: string, text: string, sample: number): Promise<void> {
  await page.goto(`${address}/learn/${problem}`);
  await write(page, text);
  await page.getByRole("button", { name: "Run", exact: false }).first().click();
  await page
    .getByText(/Equal to the reference/)
    .first()
    .waitFor({ timeout: 60_000 });
  await page.goto(`${address}/learn/${problem}/stage?sample=${sample}`);
  await page.waitForSelector("canvas");
}

/** The stage of the job whose partition falls asleep, as its problem gives it: without withIdleness. */
export async function openIdlePartition(journey: Journey, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await journey.newPage(options);
  await page.goto(`${journey.product.address}/learn/idle-partition/stage?sample=1`);
  await page.waitForSelector("canvas");
  return page;
}

/** Why the watermark stands. */
export const watermarkPanel = (page: Page) => page.getByRole("region", { name: /^Watermark of/ });

/** Id of what has the focus. */
export const focused = (page: Page): Promise<string> => page.evaluate(() => document.activeElement?.id ?? "");
