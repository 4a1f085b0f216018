/**
 * Every form of every page, filled with what nobody should send: nothing, too much, markup, formulas, paths, characters that turn the text around. Whatever is refused is told
 * on the page, nothing of it runs, no page breaks, and the server never answers that the fault is its own.
 */
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { harmless } from "../browser/harmless.ts";
import { type Journey, openJourney } from "../browser/journey.ts";
import { AUDITED_PAGES, type AuditedPage } from "./audited-pages.ts";
import { type College, openCollege } from "./college.ts";

let college: College;
let journey: Journey;

beforeAll(async () => {
  journey = await openJourney();
  college = await openCollege();
}, 300_000);

afterAll(async () => {
  await Promise.all([journey?.close(), college?.close()]);
});

const VALUES: readonly (readonly [name: string, text: string])[] = [
  ["nothing", ""],
  ["spaces", "   "],
  ["markup", `"><img src=x onerror="window.broken=1"><script>window.broken=1</script>`],
  ["a formula", `=HYPERLINK("http://example.org","x")`],
  ["a path", "../../../../etc/passwd\\..\\x"],
  ["SQL", "'; DROP TABLE users; --"],
  ["characters that turn text around", "\u202eabc\u0007\u200b\ufeff"],
  ["a book", "x".repeat(40_000)],
];

/** Pages of the fixture server hold the same forms as the product's. */
const PAGES = AUDITED_PAGES.filter(({ on, path }) => on !== undefined && on !== "fixture" && path !== undefined);

function addressOf({ on, path }: AuditedPage): string {
  const server = on === "product" ? journey.product.address : college.product.address;
  return server + (typeof path === "string" ? path : path(college));
}

const fieldsOf = (page: Page): Locator =>
  page.locator(
    "input:visible:enabled:not([readonly]):not([type=checkbox]):not([type=radio]):not([type=file]), textarea:visible:enabled:not(.inputarea):not(.ime-text-area)",
  );

/** What the browser lets somebody put into the field. */
async function fill(field: Locator, text: string): Promise<void> {
  const type = await field.getAttribute("type");
  if (type === "number") await field.fill(text === "" ? "" : "-9e99");
  else if (type === "datetime-local") await field.fill(text === "" ? "" : "0001-01-01T00:00");
  else if (type === "date") await field.fill(text === "" ? "" : "0001-01-01");
  else await field.fill(text.replaceAll("\n", " "));
}

/** Sends each form once. */
async function send(page: Page): Promise<void> {
  const buttons = page.locator("form:visible button:visible:enabled:not([type=button])");
  for (let index = 0; index < (await buttons.count()); index++) {
    const button = buttons.nth(index);
    // Another form may have taken its place, or a dialog lies over it.
    if (!(await button.isVisible())) continue;
    await button.click({ timeout: 5_000 }).catch((error: Error) => {
      if (!/Timeout|detached/.test(error.message)) throw error;
    });
    await page.waitForLoadState("networkidle");
    const dialog = page.locator("dialog[open]");
    if ((await dialog.count()) > 0 && (await dialog.getAttribute("role")) === "alertdialog") await page.keyboard.press("Escape");
  }
}

/** Names of pages in which something could be filled in. */
const filled = new Set<string>();

describe.each(PAGES)("$name", (audited) => {
  it("stands bad input", async () => {
    const context = await journey.browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" });
    if (audited.as !== undefined) await college.enter(context, audited.as);
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    const broken: string[] = [];
    const refused: string[] = [];
    page.on("pageerror", (error) => broken.push(error.message));
    page.on("response", (response) => {
      const call = `${response.request().method()} ${new URL(response.url()).pathname} ${response.status()}`;
      if (response.status() >= 500 && response.status() !== 503) broken.push(call);
      else if (response.status() >= 400 && response.request().method() !== "GET") refused.push(call);
    });
    await audited.before?.(page);
    for (const [name, text] of VALUES) {
      refused.length = 0;
      await page.goto(addressOf(audited));
      await page.waitForLoadState("networkidle");
      const fields = fieldsOf(page);
      const count = await fields.count();
      if (count === 0) break;
      filled.add(audited.name);
      for (let index = 0; index < count; index++) {
        const field = fields.nth(index);
        if (await field.isVisible().catch(() => false)) await fill(field, text);
      }
      await send(page);
      await harmless(page, `${audited.name}: ${name}`);
      expect(broken, `${audited.name}: ${name}`).toEqual([]);
      expect(await page.getByText("This page broke").count(), `${audited.name}: ${name}`).toBe(0);
      if (refused.length > 0) {
        const said = await page.locator("[role=alert]:visible, .err:visible, :invalid:visible").allInnerTexts();
        expect(said.length, `${audited.name}, ${name}: nothing is said of ${refused.join(", ")}`).toBeGreaterThan(0);
      }
    }
    await context.close();
  });
});

it("was not in vain: there are forms on many of those pages", () => {
  expect(filled.size).toBeGreaterThanOrEqual(12);
});
