/**
 * Why a watermark does not move, against the real server: a newcomer opens the stage of the job whose partition falls asleep, and is told the cause and the
 * place within two actions. What else the stage tells of watermarks and channels is in `test/e2e/stage-channels.test.ts`.
 */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Journey, openJourney, PICTURES } from "../browser/journey.ts";
import { focused, openIdlePartition, watermarkPanel } from "../browser/stage.ts";

/** Cause and place, to the millisecond. */
const ANSWER =
  /^Watermark of TumblingEventTimeWindows stands at 10:00:24\.999 since 10:01:50\.201, held back by events: partition events-2 has been silent since 10:00:30 and is not marked idle \(withIdleness is not set\)\.$/m;

let journey: Journey;

beforeAll(async () => {
  journey = await openJourney({ context: { reducedMotion: "reduce" } });
});

afterAll(() => journey?.close());

describe("why the watermark does not move", () => {
  it("is told by cause and place within two actions of the stage's opening", async () => {
    const page = await openIdlePartition(journey);
    let actions = 0;
    const act = async (action: () => Promise<unknown>) => {
      await action();
      actions++;
    };
    await act(() => page.getByRole("button", { name: "Why the watermark stands" }).first().click());
    await expect.poll(() => focused(page)).toBe("why-watermark");
    await act(() =>
      watermarkPanel(page)
        .getByRole("button", { name: /^It stood longest from/ })
        .click(),
    );
    await expect.poll(() => watermarkPanel(page).innerText()).toMatch(ANSWER);
    expect(actions).toBeLessThanOrEqual(2);
    await page.screenshot({ path: join(PICTURES, "stage-watermark-why.png") });
    await page.context().close();
  });
});

it("left no error in the browser's console", () => expect(journey.complaints).toEqual([]));
