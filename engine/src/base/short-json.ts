const LONGEST = 500;

/** JSON cut to a length that fits a message. Never throws. */
export function shortJson(value: unknown): string {
  let text: string;
  try {
    text = JSON.stringify(value, (_key, part: unknown) => (typeof part === "bigint" ? part.toString() : part)) ?? String(value);
  } catch {
    // A cycle or a throwing toJSON of the user's: there is no JSON of it, and this text says so.
    text = "[no JSON form]";
  }
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}
