/** Half-open range of character offsets in the parsed text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Smallest span that covers both. */
export function cover(a: Span, b: Span): Span {
  return { start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) };
}
