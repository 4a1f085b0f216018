/** An interview of the bundled pack that begins with a known question and then changes its requirement. */
import type { ProblemList } from "@millrace/server/contract";
import type { Page } from "playwright-core";
import { type InterviewWish, planInterview } from "../../src/state/interview-plan.ts";
import { confirm } from "./confirm.ts";

export const FIRST_QUESTION = "windowed-word-count";
/** What the change of `FIRST_QUESTION` asks for. */
export const SECOND_QUESTION = "rolling-five-minutes";

/** Of the sets that seeds draw, the first one that is like that. */
export async function setWithChange(address: string): Promise<InterviewWish> {
  const { problems } = (await (await fetch(`${address}/api/problems`)).json()) as ProblemList;
  for (let seed = 1; seed <= 500; seed++) {
    const wish: InterviewWish = { seed, minutes: 45, sections: [2, 4] };
    const [first, second] = planInterview(problems, wish);
    if (first?.problem === FIRST_QUESTION && second !== undefined && second.change !== null) return wish;
  }
  throw new Error(`no set begins with ${FIRST_QUESTION}`);
}

/** Ends it: at the last question by Finish, before that after a question whether that is meant. */
export async function endInterview(page: Page): Promise<void> {
  const end = page.getByRole("button", { name: "End now" });
  if ((await end.count()) > 0) {
    await end.click();
    await confirm(page, "End it");
  } else await page.getByRole("button", { name: "Finish" }).click();
}
