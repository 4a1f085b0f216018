/**
 * Crash investigation, against the real server: from a verdict to the record that is there twice and the transaction that was committed twice; then the
 * repaired job, whose task manager is killed elsewhere, and exactly once stays exactly once; and a hostile link, which changes nothing. The world is changed in
 * every other way there is in `test/e2e/changed-world.test.ts`.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type Journey, JUDGED_MS, openJourney, PICTURES, write } from "../browser/journey.ts";
import { PACK, submission } from "../browser/product.ts";
import { inspector, openSample, settled, world } from "../browser/stage.ts";

const LEDGER = "two-phase-commit-sink";

let journey: Journey;

beforeAll(async () => {
  journey = await openJourney({ context: { reducedMotion: "reduce" } });
});

afterAll(() => journey?.close());

const shot = (page: Page, name: string) => page.screenshot({ path: join(PICTURES, `${name}.png`) });

/** One transaction for each entry, committed at once. */
function transactionPerEntry(): string {
  const folder = join(PACK, LEDGER, "submissions");
  const { of, edits } = parse(readFileSync(join(folder, "duplicate-records/transaction-per-entry.edit.yaml"), "utf8")) as {
    of: string;
    edits: { replace: string; with: string }[];
  };
  return edits.reduce((text, edit) => text.replace(edit.replace, () => edit.with), readFileSync(join(folder, of), "utf8"));
}

describe("a crash investigation", () => {
  it("finds the record that is there twice, and names the transaction that was committed twice", async () => {
    const page = await journey.newPage();
    await page.goto(`${journey.product.address}/learn/${LEDGER}`);
    await write(page, transactionPerEntry());
    await page.getByRole("button", { name: "Submit" }).first().click();
    await page.getByRole("link", { name: "Open the verdict" }).click({ timeout: JUDGED_MS });
    await page.getByRole("link", { name: "Both runs on the stage" }).click({ timeout: JUDGED_MS });
    await page.waitForSelector("canvas");
    await page.getByRole("tab", { name: "Table" }).click();
    await page.keyboard.press("End");
    const twice = page.getByRole("row", { name: /written before/ }).filter({ has: page.getByRole("button") });
    await twice.first().getByRole("button").click();
    await expect
      .poll(() => inspector(page).innerText())
      .toMatch(/Transaction (ledger-\d-\S+) was committed twice: as number \d+ at \S+ and as number \d+ at \S+\./);
    expect(await inspector(page).innerText()).toMatch(/After crash tm \d at \S+ the job (began anew|went back to checkpoint \d+)/);
    await page.getByRole("tab", { name: "Event-time plane" }).click();
    await shot(page, "investigation-twice");

    // The verdict's own world can be changed: without its crash nothing is there twice.
    await world(page)
      .getByRole("button", { name: /^Leave out/ })
      .click();
    await settled(page);
    await expect.poll(() => world(page).innerText()).toMatch(/find 1 fewer than without the changes/);
    await page.getByRole("tab", { name: "Table" }).click();
    await expect.poll(() => twice.count()).toBe(0);
    await page.getByRole("tab", { name: "without changes" }).click();
    await page.getByRole("button", { name: "To the end" }).click();
    await expect.poll(() => twice.count()).toBeGreaterThan(0);
    await page.context().close();
  });

  it("kills the task manager of the repaired job elsewhere, and exactly once stays exactly once", async () => {
    const page = await journey.newPage();
    await openSample(page, journey.product.address, LEDGER, submission(LEDGER, "accepted", "ts"), 2);
    await world(page)
      .getByRole("button", { name: /^Leave out: crash tm 1/ })
      .click();
    await settled(page);
    for (const commits of [1, 2, 3]) {
      // Right behind a commit, each time another one.
      await page.keyboard.press("Home");
      for (let i = 0; i < commits; i++) await page.keyboard.press("c");
      if (commits % 2 === 1) await page.keyboard.press("1");
      else await world(page).getByRole("button", { name: "Kill tm 1" }).click();
      await settled(page);
      expect(await world(page).innerText()).toContain("read_committed readers find the same 6 records as without the changes.");
    }
    await page.keyboard.press("Home");
    await page.keyboard.press("x");
    await shot(page, "investigation-exactly-once");
    await world(page).getByRole("button", { name: "Undo all" }).click();
    await expect.poll(() => world(page).innerText()).toContain("As it is given.");
    await page.context().close();
  });
});

it("a hostile link is told, and changes nothing", async () => {
  const page = await journey.newPage();
  const stage = `${journey.product.address}/learn/session-exactly-once/stage?sample=3&changes=`;
  await page.goto(`${journey.product.address}/learn/session-exactly-once`);
  for (const changes of [
    '[["kill","<script>",1]]',
    "<svg onload=alert(1)>",
    JSON.stringify(Array.from({ length: 99 }, () => ["spare", 0])),
  ]) {
    await page.goto(stage + encodeURIComponent(changes));
    await page.waitForSelector("canvas");
    await world(page).getByRole("alert").getByText("the world is shown as it is given").waitFor();
    expect(await world(page).locator("ol li").count()).toBe(0);
  }
  // Well-formed, but of another world: the server says what does not fit, and the change can be taken back.
  await page.goto(stage + encodeURIComponent('[["remove","orders",0,7]]'));
  await page.waitForSelector("canvas");
  await world(page).getByText("Nothing arrives in a topic “orders” of this world.").waitFor();
  await shot(page, "world-refused");
  await world(page).getByRole("button", { name: "Undo all" }).click();
  await expect.poll(() => world(page).innerText()).toContain("As it is given.");
  await page.context().close();
});

it("left no error in the browser's console", () => {
  // A change that does not fit is answered 400, and the browser says so.
  expect(journey.complaints.filter((text) => !text.includes("400"))).toEqual([]);
});
