/** The catalogue's address, cards by keyboard, and lessons, in a real browser against the real server. Pictures go to client/test-results/. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Review } from "@millrace/server/contract";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../browser/launch.ts";
import { type Product, root, startProduct } from "./product.ts";

const PICTURES = join(root, "client", "test-results", "journey");
const HOUR_MS = 3_600_000;

let product: Product;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true });
  [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
  page = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: "light" })).newPage();
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
});

afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

/** Wide and narrow, light and dark. */
async function pictures(name: string): Promise<void> {
  const toggle = page.getByRole("button", { name: /^Switch to the/ });
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
  await toggle.click();
  await page.screenshot({ path: join(PICTURES, `${name}-dark.png`) });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.screenshot({ path: join(PICTURES, `${name}-390-dark.png`), fullPage: true });
  await toggle.click();
  await page.screenshot({ path: join(PICTURES, `${name}-390.png`), fullPage: true });
  await page.setViewportSize({ width: 1440, height: 900 });
  await toggle.blur();
}

const filters = () => page.getByRole("search");
const search = () => new URL(page.url()).search;

describe("the catalogue", () => {
  it("filters by section, kind, difficulty, topic and status, and the address shows the same list to others", async () => {
    await page.goto(product.address);
    await page.getByRole("link", { name: "Words every five seconds" }).first().waitFor();
    await filters().getByRole("combobox", { name: "Difficulty" }).selectOption("3");
    await filters().getByRole("combobox", { name: "Kind" }).selectOption("trace");
    await filters().getByRole("combobox", { name: "Topic" }).selectOption("watermarks");
    await filters().getByRole("combobox", { name: "Status" }).selectOption("new");
    await page.getByRole("searchbox").fill("six");
    await expect.poll(search).toBe("?q=six&kind=trace&difficulty=3&topic=watermarks&status=new");
    await page.getByRole("status").getByText("1 problem", { exact: true }).waitFor();
    const other = await (await browser.newContext()).newPage();
    await other.goto(page.url());
    await other.getByRole("status").getByText("1 problem", { exact: true }).waitFor();
    expect(await other.getByRole("searchbox").inputValue()).toBe("six");
    await other.close();
  });

  it("keeps its filters when one comes back, and lets go of them by the way to all problems", async () => {
    await page.getByRole("link", { name: "Six partitions, one asleep" }).first().click();
    await page.getByRole("region", { name: "Problem" }).waitFor();
    await page.goBack();
    await page.getByRole("status").getByText("1 problem", { exact: true }).waitFor();
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Learn" }).click();
    await expect.poll(search).toBe("");
    await page
      .getByRole("status")
      .getByText("51 problems", { exact: true })
      .or(page.getByRole("status").getByText(/^\d\d+ problems$/))
      .first()
      .waitFor();
  });
});

describe("cards", () => {
  it("are turned and answered by keyboard, and what was not known comes again", async () => {
    await page.clock.setFixedTime(Date.now() - 26 * HOUR_MS);
    await page.reload();
    await page.getByRole("navigation", { name: "Learning path" }).getByRole("link", { name: "Cards" }).click();
    await page.getByText("0 items to repeat, 10 new today.").waitFor();
    const card = page.getByRole("region", { name: "Card" });
    await card.getByText("In one sentence: what is Flink?").waitFor();
    await pictures("cards-front");
    await page.keyboard.press("1");
    expect(await card.getByText("10 to go").count()).toBe(1);
    await page.keyboard.press("Space");
    await card.getByText("A distributed engine for streams").waitFor();
    await pictures("cards-back");
    await page.keyboard.press("1");
    await card.getByText("Four words").waitFor();
    await card.getByText("10 to go").waitFor();
    for (let left = 9; left >= 1; left--) {
      await page.keyboard.press("Space");
      await card.getByRole("group", { name: "How well was it known?" }).waitFor();
      await page.keyboard.press("3");
      await card.getByText(`${left} to go`).waitFor();
    }
    await card.getByText("In one sentence: what is Flink?").waitFor();
    await page.clock.setFixedTime(Date.now() - 25 * HOUR_MS);
    await page.keyboard.press("Space");
    await page.keyboard.press("2");
    await page.getByText("That is all for now. The next one is due in 1 day.").waitFor();
    await expect.poll(async () => ((await (await fetch(`${product.address}/api/reviews`)).json()) as Review[]).length).toBe(11);
  });

  it("come back when they are due, said calmly in the catalogue, at another machine too", async () => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const other = await context.newPage();
    await other.goto(product.address);
    await other.getByRole("navigation", { name: "Learning path" }).getByText("10 to repeat").first().waitFor();
    await other.screenshot({ path: join(PICTURES, "catalogue-due.png") });
    await other.getByRole("navigation", { name: "Learning path" }).getByRole("link", { name: "Cards" }).click();
    await other.getByText("10 items to repeat, 10 new today.").waitFor();
    await context.close();
  });

  it("of a section are all there", async () => {
    await page.getByRole("link", { name: "Windows", exact: true }).click();
    await page.getByRole("heading", { name: "Windows", exact: true }).waitFor();
    await page.getByRole("region", { name: "Card" }).getByText("Which four parts has a window operation?").waitFor();
    expect(search()).toBe("?section=4");
  });
});

describe("the browser's console", () => {
  it("has no error", () => {
    expect(complaints).toEqual([]);
  });
});
