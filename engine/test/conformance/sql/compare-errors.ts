/**
 * Whether two refusals are the same: one phase, and one substance. Of the message that is: every name that Flink's message quotes stands in ours,
 * and most of its words do. Parse errors name what was found and where, which is said in other words by every parser: there the phase is all.
 */
interface Refusal {
  readonly phase: string;
  readonly message: string;
}

/** Share of the expected words that have to be there. */
const ENOUGH = 0.6;

/** Words that carry nothing. */
const EMPTY = new Set([
  "a",
  "an",
  "the",
  "is",
  "are",
  "of",
  "to",
  "in",
  "on",
  "for",
  "and",
  "or",
  "be",
  "it",
  "which",
  "that",
  "but",
  "by",
]);

export function differenceOfErrors(ours: Refusal, expected: Refusal): string | null {
  const both = `${ours.phase} (${ours.message}), expected ${expected.phase}: ${expected.message}`;
  if (ours.phase !== expected.phase) return `error in phase ${both}`;
  if (ours.phase === "parse") return null;
  const missing = quotedIn(expected.message).find((name) => !ours.message.includes(name));
  if (missing !== undefined) return `error without '${missing}': ${both}`;
  const words = wordsOf(expected.message);
  const own = new Set(wordsOf(ours.message));
  const common = words.filter((word) => own.has(word)).length;
  return words.length === 0 || common / words.length >= ENOUGH ? null : `error says something else: ${both}`;
}

function quotedIn(message: string): string[] {
  return [...message.matchAll(/'([^']{1,40})'/g)].map((match) => match[1]);
}

function wordsOf(message: string): string[] {
  return [...new Set(message.toLowerCase().match(/[a-z0-9_]+/g) ?? [])].filter((word) => !EMPTY.has(word));
}
