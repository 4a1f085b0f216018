/** A user's value as a recording keeps it: plain JSON of its own, cut when it is long. */
const LONGEST_JSON = 500;

export function recordedValue(value: unknown): unknown {
  switch (typeof value) {
    case "string":
      return value.length <= LONGEST_JSON ? value : `${value.slice(0, LONGEST_JSON)}…`;
    case "number":
    case "boolean":
      return value;
    case "object": {
      if (value === null) return null;
      const text = jsonText(value);
      return text.length <= LONGEST_JSON ? JSON.parse(text) : `${text.slice(0, LONGEST_JSON)}…`;
    }
    default:
      return String(value);
  }
}

/** JSON of any value, the same for equal values; maps, sets and big integers included. */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value, plainPart) ?? String(value);
  } catch {
    // A cycle or a throwing toJSON: the user's value has no JSON form, and the recording says so.
    return '"[no JSON form]"';
  }
}

function plainPart(_key: string, part: unknown): unknown {
  if (typeof part === "bigint") return part.toString();
  if (part instanceof Map) return Object.fromEntries([...part].map(([key, value]) => [String(key), value]));
  if (part instanceof Set) return [...part];
  return part;
}
