/** Answers the product's own question before something is done. */
import type { Page } from "playwright-core";

/** @param action what the button that does it says. */
export async function confirm(page: Page, action: string): Promise<void> {
  await page.getByRole("alertdialog").getByRole("button", { name: action, exact: true }).click();
}
