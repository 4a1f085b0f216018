/**
 * Every page in `audited-pages.ts` against axe: no violation in light and dark, wide and narrow. What a program cannot see (whether a name says what the thing
 * does, whether the order makes sense) the keyboard journeys are for.
 */
import type { Server } from "node:http";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser } from "../browser/journey.ts";
import { violations } from "../browser/violations.ts";
import { startFixtureServer } from "../fixtures/server.ts";
import { AUDITED_PAGES, type AuditedPage } from "./audited-pages.ts";
import { type Product, startProduct } from "../browser/product.ts";

/** Narrow, the same colours lie beside each other; what may differ is what is there, and one theme shows that. */
const SIZES = [
  { name: "wide", width: 1440, height: 900, themes: ["light", "dark"] },
  { name: "narrow", width: 390, height: 844, themes: ["dark"] },
] as const;

let fixture: { server: Server; url: string };
let product: Product | null = null;
let browser: Browser;

beforeAll(async () => {
  const needsProduct = AUDITED_PAGES.some(({ on }) => on === "product");
  [fixture, browser, product] = await Promise.all([
    startFixtureServer(0, { worldMs: 0 }),
    openBrowser(),
    needsProduct ? startProduct() : null,
  ]);
});

afterAll(async () => {
  await browser?.close();
  fixture?.server.close();
  await product?.stop();
});

const addressOf = ({ on, path }: AuditedPage) => (on === "product" ? (product?.address ?? "") : fixture.url) + path;

describe.each(SIZES)("$name", ({ name, width, height, themes }) => {
  it.each(AUDITED_PAGES.filter(({ wideOnly }) => name === "wide" || wideOnly !== true))("$name", async (audited) => {
    const context = await browser.newContext({ viewport: { width, height }, reducedMotion: "reduce", colorScheme: themes[0] });
    const page = await context.newPage();
    await page.goto(addressOf(audited));
    await audited.prepare(page);
    for (const theme of themes) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
      expect(await violations(page), theme).toEqual([]);
    }
    await context.close();
  });
});
