/** The tree without its positions: what printing keeps. */
export function withoutSpans(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSpans);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "span" && !key.endsWith("Span"))
      .map(([key, part]) => [key, withoutSpans(part)]),
  );
}
