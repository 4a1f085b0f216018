/** Pictures of a page as it stands: both themes, wide and as narrow as a phone. Into an ignored folder, to be looked at. */
import type { Page } from "playwright-core";

const NARROW = { width: 360, height: 780 };

/** Writes `<path>-light.png`, `-dark`, `-light-360` and `-dark-360`. */
export async function pictures(page: Page, path: string): Promise<void> {
  const wide = page.viewportSize();
  for (const theme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: theme });
    for (const narrow of [false, true]) {
      if (wide !== null) await page.setViewportSize(narrow ? NARROW : wide);
      await page.screenshot({ path: `${path}-${theme}${narrow ? "-360" : ""}.png` });
    }
    if (wide !== null) await page.setViewportSize(wide);
  }
  await page.emulateMedia({ colorScheme: "light" });
}
