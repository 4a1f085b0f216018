/** Writing Flink SQL in the real editor: what could stand there, what something is, a script laid out and the layout taken back. By keyboard. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Journey, openJourney, PICTURES, write } from "../browser/journey.ts";

let journey: Journey;

beforeAll(async () => {
  journey = await openJourney({ context: { viewport: { width: 1280, height: 800 } } });
  await journey.page.goto(`${journey.product.address}/learn/sql-ttl-groupby`);
});

afterAll(() => journey?.close());

describe("the SQL editor", () => {
  it("suggests columns, tables and functions where they may stand, and puts them in", async () => {
    const { page } = journey;
    await write(page, "INSERT INTO order_totals\nSELECT l. FROM order_lines AS l");
    await page.locator(".monaco-editor .view-line").nth(1).click();
    await page.keyboard.press("Home");
    for (let i = 0; i < 9; i++) await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Control+Space");
    const suggestions = page.locator(".suggest-widget .monaco-list-row");
    await suggestions.first().waitFor();
    await expect.poll(async () => (await suggestions.allInnerTexts()).join(" ")).toMatch(/order_id\s+STRING\s+line\s+cents/);
    await page.screenshot({ path: join(PICTURES, "sql-suggestions.png") });
    await page.keyboard.type("cen");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator(".monaco-editor .view-line").nth(1).innerText()).toContain("l.cents");
    await page.keyboard.type(", LPA");
    await suggestions.filter({ hasText: "LPAD" }).first().waitFor();
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator(".monaco-editor .view-line").nth(1).innerText()).toContain("LPAD()");
  });

  it("says what a function is, with an example", async () => {
    const { page } = journey;
    await page.getByText("LPAD", { exact: true }).first().hover();
    const hover = page.locator(".monaco-hover-content").first();
    await expect.poll(() => hover.innerText().catch(() => "")).toMatch(/LPAD\(/);
    await page.screenshot({ path: join(PICTURES, "sql-hover.png") });
    await page.keyboard.press("Escape");
  });

  it("lays a script out, by key and by button; one step back takes it back", async () => {
    const { page } = journey;
    const text = "insert into order_totals select order_id,count(*),sum(cents) from order_lines group by order_id;";
    await write(page, text);
    const lines = page.locator(".monaco-editor .view-line");
    await page.locator(".monaco-editor .view-line").first().click();
    await page.keyboard.press("Shift+Alt+F");
    await expect.poll(() => lines.count()).toBe(5);
    await page.screenshot({ path: join(PICTURES, "sql-format.png") });
    await page.keyboard.press("Control+Z");
    await expect.poll(() => lines.count()).toBe(1);
    await page.getByRole("button", { name: "Format" }).click();
    await expect.poll(() => lines.count()).toBe(5);
    expect(journey.complaints).toEqual([]);
  });

  it("lays TypeScript out, too", async () => {
    const page = await journey.newPage();
    await page.goto(`${journey.product.address}/learn/session-exactly-once`);
    await write(page, 'import {StreamExecutionEnvironment} from "flink"\nconst env=StreamExecutionEnvironment.getExecutionEnvironment()\n');
    await page.getByRole("button", { name: "Format" }).click();
    await expect.poll(() => page.locator(".monaco-editor .view-lines").first().textContent()).toMatch(/const\senv\s=\sStream/);
    await page.context().close();
  });
});
