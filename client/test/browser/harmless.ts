/** Whether texts of others have stayed texts. */
import type { Page } from "playwright-core";
import { expect } from "vitest";

/** Nothing ran, and there is nothing on the page that could: no handlers, no script of others, no address that is a program, nothing from elsewhere. */
export async function harmless(page: Page, name: string): Promise<void> {
  const found = await page.evaluate(() => {
    const suspicious = [...document.querySelectorAll("*")].flatMap((element) =>
      [...element.attributes]
        .filter(
          (attribute) =>
            /^on/i.test(attribute.name) ||
            (/^(href|src|action|formaction|xlink:href)$/i.test(attribute.name) &&
              /^\s*(javascript|vbscript|data:(?!image\/png|font))/i.test(attribute.value)),
        )
        .map((attribute) => `<${element.localName} ${attribute.name}="${attribute.value}">`),
    );
    const foreign = [...document.querySelectorAll<HTMLElement>("script, img, iframe, object, embed, link, form[action], base")]
      .map((element) => element.getAttribute("src") ?? element.getAttribute("href") ?? "")
      .filter((address) => /^([a-z]+:)?\/\//i.test(address) && !address.startsWith(location.origin));
    return {
      ran: (globalThis as { broken?: unknown }).broken !== undefined,
      suspicious,
      foreign,
      inline: document.querySelectorAll("script:not([src])").length,
    };
  });
  expect(found, name).toEqual({ ran: false, suspicious: [], foreign: [], inline: 0 });
}
