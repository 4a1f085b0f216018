/**
 * A mock interview in a real browser against the real server: chosen → a question solved → the requirement changes → answered wrongly → the report, with a reload
 * in the middle. Pictures go to client/test-results/.
 */
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeInterviewAddress } from "../../src/state/interview-address.ts";
import type { InterviewWish } from "../../src/state/interview-plan.ts";
import { endInterview, FIRST_QUESTION, SECOND_QUESTION, setWithChange } from "../browser/interview-set.ts";
import { type Journey, openJourney, PICTURES, submit, write } from "../browser/journey.ts";
import { submission } from "../browser/product.ts";

let journey: Journey;
let page: Page;
/** A set that begins with the word count and then changes. */
let wish: InterviewWish;
beforeAll(async () => {
  journey = await openJourney();
  page = journey.page;
  wish = await setWithChange(journey.product.address);
});

afterAll(() => journey?.close());

/** Wide and narrow, light and dark. */
async function pictures(name: string): Promise<void> {
  for (const [suffix, width, colorScheme] of [
    ["", 1440, "light"],
    ["-dark", 1440, "dark"],
    ["-390", 390, "light"],
  ] as const) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    await page.evaluate((theme) => document.documentElement.setAttribute("data-theme", theme), colorScheme);
    await page.screenshot({ path: join(PICTURES, `${name}${suffix}.png`), fullPage: width === 390 });
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.evaluate(() => document.documentElement.setAttribute("data-theme", "light"));
}

const interview = () => page.getByRole("region", { name: "Interview" });

describe("a mock interview", () => {
  it("is chosen: length, sections, seed; the link asks the same questions", async () => {
    await page.goto(journey.product.address);
    await page.getByRole("link", { name: "Interview" }).click();
    await page.getByRole("heading", { name: "Mock interview" }).waitFor();
    await page.getByRole("radio", { name: "30 min" }).check();
    await page.getByRole("checkbox", { name: /The dataflow graph/ }).uncheck();
    await expect
      .poll(() => new URL(page.url()).search)
      .toMatch(/^\?seed=\d+&minutes=30&sections=1%2C3|^\?seed=\d+&minutes=30&sections=1,3/);
    const { search } = new URL(page.url());
    const set = await page.getByText(/for a prepared candidate/).innerText();
    await page.reload();
    await page.getByText(set).waitFor();
    expect(new URL(page.url()).search).toBe(search);
    await page.getByRole("button", { name: "Another set" }).click();
    await expect.poll(() => new URL(page.url()).search).not.toBe(search);
    await pictures("interview-setup");
  });

  it("asks the first question in the ordinary workspace, from its starter text", async () => {
    await page.goto(`${journey.product.address}/interview${writeInterviewAddress(wish)}`);
    await page.getByRole("button", { name: "Begin" }).click();
    await interview()
      .getByText(/^Question 1 of \d+$/)
      .waitFor();
    await page
      .getByRole("timer")
      .getByText(/4[45]:\d\d left/)
      .or(page.getByText(/4[45]:\d\d left/))
      .first()
      .waitFor();
    await write(page, submission(FIRST_QUESTION, "accepted", "ts"));
    expect(await submit(page, 1)).toContain("accepted");
    expect(await page.getByText("Open the stage").count()).toBe(0);
    await pictures("interview-question");
  });

  it("loses nothing on a reload", async () => {
    await page.reload();
    await interview()
      .getByText(/^Question 1 of \d+$/)
      .waitFor();
    await page.waitForSelector(".monaco-editor .view-line");
    await expect
      .poll(() => page.evaluate(() => localStorage.getItem("millrace.interview.work.draft.windowed-word-count.datastream")))
      .toContain("TumblingEventTimeWindows");
    await page.getByText("TumblingEventTimeWindows").first().waitFor();
  });

  it("stands still while it is paused, and its clock can be hidden", async () => {
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByText(/^Paused, /).waitFor();
    expect(await page.getByRole("region", { name: "Editor" }).isVisible()).toBe(false);
    await page.getByRole("button", { name: "Go on" }).first().click();
    await page.getByRole("region", { name: "Editor" }).waitFor();
    await page.getByRole("button", { name: "Hide the clock" }).click();
    expect(await page.getByRole("timer").count()).toBe(0);
    await page.getByRole("button", { name: "Show the clock" }).click();
    await page.getByRole("timer").waitFor();
  });

  it("changes the requirement", async () => {
    await page.getByRole("button", { name: "Next question" }).click();
    await interview().getByText("The requirement changes:").waitFor();
    await page.getByRole("heading", { name: "The last five minutes, every minute" }).waitFor();
    await page
      .getByRole("tab", { name: "DataStream" })
      .click()
      .catch(() => undefined);
    await write(page, submission(SECOND_QUESTION, "wrong-output", "ts"));
    expect(await submit(page, 1)).toContain("wrong-output");
    await pictures("interview-change");
  });

  it("ends with a report by section: solved, time, misconceptions, what to practise", async () => {
    await endInterview(page);
    await page.getByRole("heading", { name: "1 of 2 questions solved" }).waitFor();
    const windows = page.getByRole("region", { name: "4 Windows 0 of 1 solved" });
    await windows.getByText("wrong-output").waitFor();
    await windows.getByRole("heading", { name: "What came up" }).waitFor();
    await windows.getByRole("link", { name: "The last five minutes, every minute" }).last().waitFor();
    await page
      .getByRole("region", { name: /The dataflow graph 1 of 1 solved/ })
      .getByText("solved", { exact: true })
      .waitFor();
    await pictures("interview-report");
    await page.reload();
    await page.getByRole("heading", { name: "1 of 2 questions solved" }).waitFor();
    await windows.getByText("wrong-output").waitFor();
  });

  it("left the drafts outside of it alone, and can be had again", async () => {
    expect(await page.evaluate(() => localStorage.getItem("millrace.draft.windowed-word-count.datastream"))).toBeNull();
    await page.getByRole("button", { name: "The same questions again" }).click();
    await page.getByRole("heading", { name: "Mock interview" }).waitFor();
    await expect.poll(() => new URL(page.url()).search).toBe(writeInterviewAddress(wish));
    expect(await page.evaluate(() => localStorage.getItem("millrace.interview.work.draft.windowed-word-count.datastream"))).toBeNull();
  });

  it("left no error in the browser's console", () => {
    expect(journey.complaints).toEqual([]);
  });
});
