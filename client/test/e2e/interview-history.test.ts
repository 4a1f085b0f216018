/**
 * After a mock interview, against the real server: the report names the misconception and leads to the stage of the failed answer; notes are written; later the
 * interview stands among the earlier ones, and its report is read again. Pictures go to client/test-results/.
 */
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { writeInterviewAddress } from "../../src/state/interview-address.ts";
import { confirm } from "../browser/confirm.ts";
import { FIRST_QUESTION, setWithChange } from "../browser/interview-set.ts";
import { type Journey, JUDGED_MS, openJourney, PICTURES, submit, write } from "../browser/journey.ts";
import { submission } from "../browser/product.ts";
import { violations } from "../browser/violations.ts";

const NOTES = "Say first whose clock counts.";

let journey: Journey;
let page: Page;

beforeAll(async () => {
  journey = await openJourney();
  page = journey.page;
});

afterAll(() => journey?.close());

it("an interview that is over is looked into, noted about, and found again", async () => {
  const { address } = journey.product;
  await page.goto(`${address}/interview${writeInterviewAddress(await setWithChange(address))}`);
  await page.getByRole("button", { name: "Begin" }).click();
  await write(page, submission(FIRST_QUESTION, "wrong-output", "ts"));
  expect(await submit(page, 1)).toContain("wrong-output");
  await page.getByRole("button", { name: "End now" }).click();
  await confirm(page, "End it");
  await page.getByRole("heading", { name: "0 of 1 question solved" }).waitFor();
  const onStage = page.getByRole("link", { name: /^The failed answer to .* on the stage$/ });
  await onStage.waitFor({ timeout: JUDGED_MS });
  // The misconception has a name.
  expect(await page.getByRole("listitem").locator("b").first().innerText()).not.toBe("");
  await page.getByRole("textbox", { name: /^Notes/ }).fill(NOTES);
  await page.screenshot({ path: join(PICTURES, "interview-report-notes.png"), fullPage: true });

  await onStage.click();
  await page.waitForSelector("canvas");
  await page.goto(`${address}/interview`);
  await page.getByRole("button", { name: "Another interview" }).click();
  const past = page.getByRole("region", { name: "Earlier interviews" });
  await past.getByRole("cell", { name: "0 of 1" }).waitFor();
  await past.getByRole("cell", { name: NOTES }).waitFor();
  await page.screenshot({ path: join(PICTURES, "interview-history.png"), fullPage: true });
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.screenshot({ path: join(PICTURES, "interview-history-390.png"), fullPage: true });
  await page.setViewportSize({ width: 1440, height: 900 });

  await past.getByRole("link", { name: /^Report of / }).click();
  await page.getByRole("heading", { name: "0 of 1 question solved" }).waitFor();
  expect(await page.getByRole("textbox", { name: /^Notes/ }).inputValue()).toBe(NOTES);
  expect(await violations(page)).toEqual([]);
  await page.reload();
  await page.getByRole("heading", { name: "0 of 1 question solved" }).waitFor();
  await page.getByRole("link", { name: "To the interviews" }).click();
  await past.getByRole("button", { name: /^Forget the interview of / }).click();
  await confirm(page, "Forget");
  await past.waitFor({ state: "detached" });
  expect(journey.complaints).toEqual([]);
});
