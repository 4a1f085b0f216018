/** Ways of those who have no mouse. A keyboard journey moves the focus by keys only: what cannot be reached so is a mistake of the page. */
import type { Locator, Page } from "playwright-core";

export interface TabOptions {
  /** Backwards. */
  readonly back?: boolean;
  /** More stops than this are a mistake of the page: too tedious. Default 20. */
  readonly most?: number;
}

/** Presses Tab until `target` has the focus. @returns how often. */
export async function tabTo(page: Page, target: Locator, { back = false, most = 20 }: TabOptions = {}): Promise<number> {
  await target.waitFor();
  for (let stops = 0; stops <= most; stops++) {
    if (await target.evaluate((element) => element === document.activeElement)) return stops;
    await page.keyboard.press(back ? "Shift+Tab" : "Tab");
  }
  const at = await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200));
  throw new Error(`${target} is not reached by Tab within ${most} stops; the focus is at ${at}`);
}
