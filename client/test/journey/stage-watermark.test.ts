/**
 * Why a watermark does not move, against the real server: a newcomer runs the job whose partition falls asleep, opens its stage, and is told the cause and
 * the place within two actions. Then what lies in the channels, in graph, inspector and table; and the same on a phone.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../browser/launch.ts";
import { type Product, root, startProduct } from "./product.ts";

const PICTURES = join(root, "client", "test-results", "journey");
const PROBLEM = "idle-partition";
/** Cause and place, to the millisecond. */
const ANSWER =
  /^Watermark of TumblingEventTimeWindows stands at 10:00:24\.999 since 10:01:50\.201, held back by events: partition events-2 has been silent since 10:00:30 and is not marked idle \(withIdleness is not set\)\.$/m;

let product: Product;
let browser: Browser;
const complaints: string[] = [];

beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true });
  [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

/** The stage of the job as the problem gives it, without withIdleness. */
async function openStage(options: BrowserContextOptions = {}): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce", ...options })).newPage();
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  await page.goto(`${product.address}/learn/${PROBLEM}/stage?sample=1`);
  await page.waitForSelector("canvas");
  return page;
}

const why = (page: Page) => page.getByRole("region", { name: /^Watermark of/ });
const focused = (page: Page) => page.evaluate(() => document.activeElement?.id ?? "");

describe("why the watermark does not move", () => {
  it("is told by cause and place within two actions of the stage's opening", async () => {
    const page = await openStage();
    let actions = 0;
    const act = async (action: () => Promise<unknown>) => {
      await action();
      actions++;
    };
    await act(() => page.getByRole("button", { name: "Why the watermark stands" }).first().click());
    await expect.poll(() => focused(page)).toBe("why-watermark");
    await act(() =>
      why(page)
        .getByRole("button", { name: /^It stood longest from/ })
        .click(),
    );
    await expect.poll(() => why(page).innerText()).toMatch(ANSWER);
    expect(actions).toBeLessThanOrEqual(2);
    await page.screenshot({ path: join(PICTURES, "stage-watermark-why.png") });
    await page.context().close();
  });

  it("is told by the key as well, for any subtask", async () => {
    const page = await openStage();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Shift+W");
    await expect.poll(() => focused(page)).toBe("why-watermark");
    await why(page).getByLabel("Subtask").selectOption({ label: "events" });
    await expect.poll(() => why(page).innerText()).toMatch(/^Watermark of events stands at/m);
    await page.context().close();
  });

  it("shows what lies in the channels, and their table", async () => {
    const page = await openStage();
    await page.getByRole("tab", { name: "Operators" }).click();
    const channels = page.getByRole("table").filter({ has: page.getByRole("columnheader", { name: "credit" }) });
    await expect
      .poll(() => channels.getByRole("row").allInnerTexts())
      .toContainEqual(expect.stringMatching(/events\s+TumblingEventTimeWindows\s.*\d+ of \d+/s));
    await page.screenshot({ path: join(PICTURES, "stage-channels.png") });
    await page.context().close();
  });

  it("can be asked on a phone, in the dark", async () => {
    const page = await openStage({ viewport: { width: 390, height: 844 }, colorScheme: "dark" });
    await page.getByRole("button", { name: "Why the watermark stands" }).click();
    await expect.poll(() => focused(page)).toBe("why-watermark");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page.screenshot({ path: join(PICTURES, "stage-watermark-390-dark.png"), fullPage: true });
    await page.context().close();
  });

  it("raised no complaint in the browser", () => expect(complaints).toEqual([]));
});
