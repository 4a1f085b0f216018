/**
 * Every page in `audited-pages.ts`, in light and dark, wide and narrow: axe finds nothing, nobody has to scroll sideways on a phone, and a picture of it lies in
 * client/test-results/pages/ to be looked at. What a program cannot see (whether a name says what the thing does, whether the order makes sense) the keyboard
 * journeys are for.
 */
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseRoute } from "../../src/router/routes.ts";
import { lookAtEveryForm, NARROW, WIDE } from "../browser/every-form.ts";
import { openBrowser } from "../browser/journey.ts";
import { type Product, root, startProduct } from "../browser/product.ts";
import { startFixtureServer } from "../fixtures/server.ts";
import { AUDITED_PAGES, type AuditedPage } from "./audited-pages.ts";
import { type College, openCollege } from "./college.ts";

const OUT = join(root, "client", "test-results", "pages");

let fixture: Awaited<ReturnType<typeof startFixtureServer>>;
let product: Product;
let college: College;
let browser: Browser;

beforeAll(async () => {
  // One after the other: what has begun can be ended when the next one fails.
  browser = await openBrowser();
  fixture = await startFixtureServer(0, { worldMs: 0 });
  product = await startProduct();
  college = await openCollege();
  // Two servers and a pack that is verified twice: on a busy machine more than a minute.
}, 300_000);

afterAll(async () => {
  await browser?.close();
  fixture?.server.close();
  await Promise.all([product?.stop(), college?.close()]);
});

function addressOf({ on = "fixture", path }: AuditedPage): string {
  const server = on === "fixture" ? fixture.url : on === "product" ? product.address : college.product.address;
  return server + (typeof path === "string" ? path : path(college));
}

describe.each([
  { size: "wide", viewport: WIDE },
  { size: "narrow", viewport: NARROW },
] as const)("$size", ({ size, viewport }) => {
  it.each(AUDITED_PAGES.filter(({ wideOnly }) => size === "wide" || wideOnly !== true))("$name", async (audited) => {
    const context = await browser.newContext({ viewport, reducedMotion: "reduce" });
    if (audited.as !== undefined) await college.enter(context, audited.as);
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    await audited.before?.(page);
    await page.goto(addressOf(audited));
    await audited.prepare(page);
    const wrong = await lookAtEveryForm(page, join(OUT, audited.name.replaceAll(/[^a-z0-9]+/gi, "-")), { sizes: [size] });
    expect(wrong).toEqual([]);
    await context.close();
  });
});

it("no page of the router is missing", () => {
  const seen = new Set(
    AUDITED_PAGES.map(({ path }) => {
      const route = parseRoute(new URL(typeof path === "string" ? path : path(college), "http://localhost").pathname);
      return "room" in route ? `${route.page} ${route.room.name}` : "form" in route ? `${route.page} ${route.form}` : route.page;
    }),
  );
  const rooms = ["packs", "pack", "preview", "classes", "class", "rejudges", "rejudge", "invitations"].map((room) => `teach ${room}`);
  const pages = ["catalogue", "workspace", "verdict", "stage", "interview", "cards", "lessons", "lesson", "account", "classes", "notFound"];
  expect([...seen].sort()).toEqual([...pages, "entry register", "entry setPassword", ...rooms, "admin users", "admin audit"].sort());
});
