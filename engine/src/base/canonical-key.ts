import { Diagnostic } from "./diagnostic.ts";
import { hiddenContents } from "./hidden-contents.ts";

/**
 * What a key is looked up by in a JavaScript Map. Strings and numbers stand for themselves; tuples, objects and dates, which a Map
 * would compare by identity, become a string that is equal exactly when Java's `equals` would be (fields in any order).
 */
export type MapKey = string | number | bigint | boolean | null;

/** First character of composed keys. Strings that happen to begin with it are composed too, so nothing can collide. */
const COMPOSED = "\u0000";

export function canonicalKey(key: unknown): MapKey {
  switch (typeof key) {
    case "string":
      return key.charCodeAt(0) === 0 ? COMPOSED + compose(key) : key;
    case "number":
    case "boolean":
    case "bigint":
      return key;
    case "undefined":
      return null;
    default:
      return key === null ? null : COMPOSED + compose(key);
  }
}

function compose(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "number":
      return String(value);
    case "bigint":
      return `${value}n`;
    case "boolean":
      return value ? "t" : "f";
    case "undefined":
      return "~";
    default:
      return value === null ? "~" : composeObject(value as object);
  }
}

function composeObject(value: object): string {
  if (Array.isArray(value)) return `[${value.map(compose).join(",")}]`;
  if (typeof value !== "object") throw notComparable(`a ${typeof value}`);
  const hidden = hiddenContents(value);
  if (value instanceof Date) return `D${value.getTime()}`;
  if (value instanceof Uint8Array) return `B${value.join(",")}`;
  if (value instanceof Set) return `S{${[...value].map(compose).sort().join(",")}}`;
  if (value instanceof Map)
    return `M{${[...value]
      .map(([key, element]) => `${compose(key)}:${compose(element)}`)
      .sort()
      .join(",")}}`;
  if (hidden !== null) throw notComparable(hidden);
  const fields = value as Record<string, unknown>;
  const parts: string[] = [];
  for (const name of Object.keys(fields).sort()) {
    if (fields[name] !== undefined) parts.push(`${JSON.stringify(name)}:${compose(fields[name])}`);
  }
  return `{${parts.join(",")}}`;
}

function notComparable(found: string): Diagnostic {
  return new Diagnostic({
    code: "KEY_NOT_HASHABLE",
    phase: "runtime",
    message: `A key cannot be ${found}, or hold one: nothing tells two of them apart by value.`,
    found,
    expected: "strings, numbers, booleans, and tuples, arrays or plain objects of these",
    hint: "Return a value from the key selector that identifies the record, such as click.userId.",
  });
}
