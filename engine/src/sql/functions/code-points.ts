/** Texts by characters (code points), as Flink counts them. Nearly all texts have none beyond the basic plane and take the short way. */

const SURROGATE = /[\ud800-\udfff]/;

export function lengthOf(text: string): number {
  if (!SURROGATE.test(text)) return text.length;
  let length = 0;
  for (const _ of text) length++;
  return length;
}

/** From a character up to, but not including, another; both counted from 0 and within the text. */
export function sliceOf(text: string, from: number, to?: number): string {
  return SURROGATE.test(text) ? Array.from(text).slice(from, to).join("") : text.slice(from, to);
}

/** Position of a part in characters from 0, -1 when it is not there. `from` is counted in characters too. */
export function indexOf(text: string, part: string, from = 0): number {
  if (!SURROGATE.test(text)) return text.indexOf(part, from);
  const start = Array.from(text).slice(0, from).join("").length;
  const at = text.indexOf(part, start);
  return at < 0 ? -1 : lengthOf(text.slice(0, at));
}

export function reversed(text: string): string {
  return Array.from(text).reverse().join("");
}
