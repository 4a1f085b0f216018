/**
 * A world that is changed on the stage, against the real server: records dragged with the mouse, moved, copied and taken out with keys, task managers killed, and
 * the link that brings it all back, narrow and dark. Last a SQL run.
 */
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Journey, openJourney, PICTURES, write } from "../browser/journey.ts";
import { submission } from "../browser/product.ts";
import { inspector, openSample, settled, world } from "../browser/stage.ts";

let journey: Journey;

beforeAll(async () => {
  journey = await openJourney({ context: { reducedMotion: "reduce" } });
});

afterAll(() => journey?.close());

const shot = (page: Page, name: string) => page.screenshot({ path: join(PICTURES, `${name}.png`) });

describe("a changed world", () => {
  let link: string;

  it("a record is dragged with the mouse, moved with keys, copied and taken out; each can be undone", async () => {
    const page = await journey.newPage({ permissions: ["clipboard-read", "clipboard-write"] });
    await openSample(page, journey.product.address, "session-exactly-once", submission("session-exactly-once", "accepted", "ts"), 3);
    const handle = page.getByRole("slider", { name: /^Arrival of clicks/ });
    const list = world(page).locator("ol li");
    const arrival = async () => Number(await handle.getAttribute("aria-valuenow"));
    await page.keyboard.press("Home");
    await page.keyboard.press("Escape");
    await page.keyboard.press("ArrowDown");
    const first = await arrival();

    const box = await handle.boundingBox();
    if (box === null) throw new Error("there is nothing to take hold of");
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 60, y, { steps: 4 });
    await shot(page, "world-dragging");
    await page.mouse.up();
    await settled(page);
    expect(await list.allInnerTexts()).toEqual([expect.stringMatching(/^clicks \d : 0 arrives .+ later/)]);
    expect(await arrival()).toBeGreaterThan(first);

    const dragged = await arrival();
    await page.keyboard.press("m");
    await expect.poll(() => handle.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press("Shift+ArrowRight");
    await page.keyboard.press("ArrowLeft");
    await settled(page);
    expect(await arrival()).toBeGreaterThan(dragged);
    expect(await list.count()).toBe(1);

    await world(page).getByRole("button", { name: "Add a copy" }).click();
    await world(page).getByRole("textbox", { name: "Value, as JSON" }).fill("{");
    await world(page).getByRole("button", { name: "Add it at the cursor" }).click();
    await world(page).getByText("This is not JSON.").waitFor();
    await world(page)
      .getByRole("textbox", { name: "Value, as JSON" })
      .fill('{"user":"u_99","page":"<img src=x onerror=alert(1)>","at":1767607260000}');
    await world(page).getByRole("button", { name: "Add it at the cursor" }).click();
    await settled(page);
    await world(page)
      .getByText(/readers find .*more/)
      .waitFor();

    // The one that was dragged is taken out with a key.
    await page.keyboard.press("m");
    await expect.poll(() => handle.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press("Delete");
    await settled(page);
    expect(await list.allInnerTexts()).toEqual([
      expect.stringMatching(/^a record of clicks \d is added at/),
      expect.stringMatching(/^clicks \d : 0 is taken out/),
    ]);
    await page.keyboard.press("x");
    await page.keyboard.press("2");
    await settled(page);
    expect(await list.count()).toBe(3);
    await world(page)
      .getByRole("button", { name: /^Undo: task manager 2/ })
      .click();
    await settled(page);
    expect(await list.count()).toBe(2);
    await shot(page, "world-changed");
    // The address follows a little later; the button brings it up to date at once.
    await page.getByRole("button", { name: "Copy link to this moment" }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    link = await page.evaluate(() => navigator.clipboard.readText());
    expect(link).toMatch(/changes=.*remove/);
    expect(link).not.toContain("kill");
    await page.context().close();
  });

  it("comes back from its link, in another browser, narrow and dark", async () => {
    const page = await journey.newPage({ colorScheme: "dark" });
    // The text is in the draft of the browser that wrote it; here it is typed again.
    await page.goto(`${journey.product.address}/learn/session-exactly-once`);
    await write(page, submission("session-exactly-once", "accepted", "ts"));
    await page.getByRole("button", { name: "Run", exact: false }).first().click();
    await page
      .getByText(/Equal to the reference/)
      .first()
      .waitFor({ timeout: 60_000 });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(link);
    await world(page)
      .getByText(/readers find/)
      .waitFor({ timeout: 60_000 });
    expect(await world(page).locator("ol li").count()).toBe(2);
    expect(await page.getByText("Your text has changed").count()).toBe(0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page.screenshot({ path: join(PICTURES, "world-390-dark.png"), fullPage: true });
    await page.context().close();
  });
});

it("a SQL run shows its plan, which change each row is, and state per operator", async () => {
  const page = await journey.newPage();
  await openSample(page, journey.product.address, "sql-ttl-groupby", submission("sql-ttl-groupby", "accepted", "sql"), 1);
  await page.keyboard.press("End");
  const graph = page.getByRole("region", { name: /^Job graph/ });
  await expect.poll(() => graph.innerHTML()).toMatch(/GroupAggregate|Deduplicate|Calc/);
  await shot(page, "sql-plane");
  await page.getByRole("tab", { name: "Operators" }).click();
  await expect.poll(() => page.getByRole("tabpanel").innerText()).toMatch(/\(groupBy=\[/);
  await page.getByRole("tab", { name: "Table" }).click();
  const rows = page.getByRole("row").filter({ hasText: /\+[IU]/ });
  await expect.poll(() => rows.count()).toBeGreaterThan(0);
  await page.getByRole("row", { name: /\+U/ }).first().getByRole("button").click();
  await expect.poll(() => inspector(page).innerText()).toContain("It is what a row is after its update.");
  await shot(page, "sql-table");
  await page.context().close();
});

it("left no error in the browser's console", () => {
  expect(journey.complaints).toEqual([]);
});
