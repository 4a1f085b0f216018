/** A page as it stands, in each of its forms: light and dark, wide and as narrow as a phone. */
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Page } from "playwright-core";
import { audit } from "./violations.ts";

export const WIDE = { width: 1440, height: 900 };
export const NARROW = { width: 390, height: 844 };

export interface FormOptions {
  /** Default: wide and narrow, each in the size of the page that stands, so that what was opened on it stays open. */
  readonly sizes?: readonly ("wide" | "narrow")[];
}

/**
 * Looks at every form, writes `<path>-wide-light.png` and so on, and answers with what is wrong, a line each: what axe says, and whether one has to scroll
 * sideways on a phone, and a score below 100. The page is wide and light again afterwards.
 */
export async function lookAtEveryForm(page: Page, path: string, { sizes = ["wide", "narrow"] }: FormOptions = {}): Promise<string[]> {
  mkdirSync(dirname(path), { recursive: true });
  const wrong: string[] = [];
  for (const size of sizes) {
    await page.setViewportSize(size === "wide" ? WIDE : NARROW);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      // The editor and the canvas hear of a theme a frame or two later than the style sheets.
      await page.evaluate(async () => {
        await document.fonts.ready;
        for (let i = 0; i < 3; i++) await new Promise((frame) => requestAnimationFrame(frame));
      });
      const form = `${size} ${colorScheme}`;
      const room = size === "wide" ? WIDE.width : NARROW.width;
      const needed = await page.evaluate(() => document.documentElement.scrollWidth);
      if (needed > room) wrong.push(`${form}: ${needed} px wide in a window of ${room} px`);
      const { violations, score } = await audit(page);
      wrong.push(...violations.map((violation) => `${form}: ${violation}`));
      if (score < 100) wrong.push(`${form}: its accessibility is ${score} of 100`);
      await page.screenshot({ path: `${path}-${size}-${colorScheme}.png`, fullPage: size === "narrow" });
    }
  }
  await page.setViewportSize(WIDE);
  await page.emulateMedia({ colorScheme: "light", reducedMotion: null });
  return wrong;
}
