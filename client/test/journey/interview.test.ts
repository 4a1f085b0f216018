/**
 * A mock interview in a real browser against the real server, to its report: begun → a question solved → the requirement changes → answered wrongly → what it
 * comes to, by section. Choosing, pausing, reloading and repeating are in `test/e2e/interview-room.test.ts`.
 */
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { writeInterviewAddress } from "../../src/state/interview-address.ts";
import { endInterview, FIRST_QUESTION, SECOND_QUESTION, setWithChange } from "../browser/interview-set.ts";
import { type Journey, openJourney, PICTURES, submit, write } from "../browser/journey.ts";
import { submission } from "../browser/product.ts";

let journey: Journey;
let page: Page;

beforeAll(async () => {
  journey = await openJourney();
  page = journey.page;
});

afterAll(() => journey?.close());

const interview = () => page.getByRole("region", { name: "Interview" });

it("a mock interview leads through a question and its change to a report", async () => {
  const { address } = journey.product;
  await page.goto(`${address}/interview${writeInterviewAddress(await setWithChange(address))}`);
  await page.getByRole("button", { name: "Begin" }).click();
  await interview()
    .getByText(/^Question 1 of \d+$/)
    .waitFor();
  await write(page, submission(FIRST_QUESTION, "accepted", "ts"));
  expect(await submit(page, 1)).toContain("accepted");
  await page.getByRole("button", { name: "Next question" }).click();
  await interview().getByText("The requirement changes:").waitFor();
  await page.getByRole("heading", { name: "The last five minutes, every minute" }).waitFor();
  await write(page, submission(SECOND_QUESTION, "wrong-output", "ts"));
  expect(await submit(page, 1)).toContain("wrong-output");
  await endInterview(page);
  await page.getByRole("heading", { name: "1 of 2 questions solved" }).waitFor();
  const windows = page.getByRole("region", { name: "4 Windows 0 of 1 solved" });
  await windows.getByText("wrong-output").waitFor();
  await windows.getByRole("heading", { name: "What came up" }).waitFor();
  await page
    .getByRole("region", { name: /The dataflow graph 1 of 1 solved/ })
    .getByText("solved", { exact: true })
    .waitFor();
  await page.screenshot({ path: join(PICTURES, "interview-report.png") });
  expect(journey.complaints).toEqual([]);
});
