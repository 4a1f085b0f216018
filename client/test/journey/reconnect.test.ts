/**
 * A live verdict that is cut off in the middle: once the browser loses the network, once the server's process is killed and started again. The page says so, goes
 * on by itself from where it was, and the verdict arrives: nothing lost, nothing twice.
 */
import { join } from "node:path";
import type { SubmissionDetail, SubmissionSummary } from "@millrace/server/contract";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Journey, JUDGED_MS, openJourney, PICTURES, verdictOf, write } from "../browser/journey.ts";
import { submission } from "../browser/product.ts";

const PROBLEM = "windowed-word-count";
/** The right answer, made slow by a loop for every line: some seconds for all worlds, far below the limit for one. */
const SLOW = submission(PROBLEM, "accepted", "ts")
  .replace("line.toLowerCase()", "afterAWhile(line).toLowerCase()")
  .concat(`
function afterAWhile(line: string): string {
  let sum = 0;
  for (let i = 0; i < 300_000; i++) sum = (sum + i) % 1_000_003;
  return sum < 0 ? "" : line;
}
`);

let journey: Journey;
let page: Page;

beforeAll(async () => {
  journey = await openJourney();
  page = journey.page;
  await page.goto(`${journey.product.address}/learn/${PROBLEM}`);
  await write(page, SLOW);
});

afterAll(() => journey?.close());

const runs = () => page.getByRole("region", { name: "Runs" });
const lost = () => runs().getByText("The connection to the server was lost");

interface Noted {
  /** Worlds that the page said were judged, each time it said another number. */
  readonly judged: number[];
  readonly ofWorlds: number[];
}

/** Notes every number of judged worlds that the page shows from now on, of the submission of this number. */
async function noteProgress(number: number): Promise<void> {
  await page.evaluate((title) => {
    const noted: Noted = { judged: [], ofWorlds: [] };
    const look = () => {
      const text = document.getElementById("runs-pane")?.textContent ?? "";
      const found = /(\d+) of (\d+) worlds/.exec(text);
      if (!text.includes(title) || found === null) return;
      const [judged, all] = [Number(found[1]), Number(found[2])];
      if (noted.judged.at(-1) === judged) return;
      noted.judged.push(judged);
      noted.ofWorlds.push(all);
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
    Object.assign(window, { noted });
  }, `Submission ${number}`);
}

const noted = () => page.evaluate(() => (window as unknown as { noted: Noted }).noted);
const judgedSoFar = async () => (await noted()).judged.at(-1) ?? 0;

/** Presses Submit and waits until a few worlds are judged and most of them are not. */
async function submitHalfway(number: number): Promise<number> {
  await noteProgress(number);
  await page.getByRole("button", { name: "Submit" }).first().click();
  await expect.poll(judgedSoFar, { timeout: JUDGED_MS }).toBeGreaterThanOrEqual(3);
  const judged = await judgedSoFar();
  expect(judged).toBeLessThan((await noted()).ofWorlds[0]!);
  return judged;
}

/** The verdict came, the count of worlds never fell, and the server has each submission once. */
async function arrivedWhole(number: number): Promise<void> {
  expect(await verdictOf(page, number)).toContain("accepted");
  expect(await lost().count()).toBe(0);
  const { judged, ofWorlds } = await noted();
  expect(judged).toEqual([...judged].sort((a, b) => a - b));
  expect(new Set(ofWorlds).size).toBe(1);
  const ask = async (path: string) => (await fetch(`${journey.product.address}/api/${path}`)).json();
  const submissions = (await ask(`problems/${PROBLEM}/submissions`)) as SubmissionSummary[];
  expect(submissions.map(({ number, verdict }) => ({ number, verdict }))).toEqual(
    Array.from({ length: number }, (_, i) => ({ number: number - i, verdict: "accepted" })),
  );
  const { report } = (await ask(`submissions/${submissions[0]!.id}`)) as SubmissionDetail;
  expect(report?.worlds.map(({ index }) => index)).toEqual(Array.from({ length: ofWorlds[0]! }, (_, i) => i + 1));
  expect(await runs().innerText()).toContain(`${ofWorlds[0]} worlds`);
}

describe("a live verdict", () => {
  it("goes on where it was when the browser had no network for a while", async () => {
    await submitHalfway(1);
    await page.context().setOffline(true);
    await lost().waitFor();
    await page.screenshot({ path: join(PICTURES, "reconnect-lost.png") });
    await page.context().setOffline(false);
    await lost().waitFor({ state: "detached" });
    await arrivedWhole(1);
  });

  it("goes on where it was when the server was killed and started again", async () => {
    const before = await submitHalfway(2);
    await journey.product.kill();
    await lost().waitFor();
    expect(await judgedSoFar()).toBeGreaterThanOrEqual(before);
    await journey.product.startAgain();
    await lost().waitFor({ state: "detached" });
    await arrivedWhole(2);
  });

  it("is still there for those who come later", async () => {
    await page.reload();
    await page.getByRole("tab", { name: "History" }).click();
    await page.getByRole("button", { name: "Restore text of submission 2" }).waitFor();
    expect(await page.getByRole("button", { name: /^Restore text of submission/ }).count()).toBe(2);
  });
});
