/** Which hint of hints.md a verdict is bound to. */
import type { Verdict } from "../judge/verdict.ts";
import type { Hint } from "../pack/hints.ts";

/** First hint in the file's order with a condition that holds; `group` = group of the first world with this verdict. */
export function boundHint(hints: readonly Hint[], verdict: Verdict, group: string | null): Hint | null {
  const holds = (hint: Hint) => hint.when.some((when) => when.verdict === verdict && (when.group === null || when.group === group));
  return hints.find(holds) ?? null;
}
