/** Hints that reach operators: how long a query's own operators keep their state. */
import type { Hints } from "../2-analyze/rel.ts";
import { durationMs } from "../catalog/options.ts";

/** Value of a STATE_TTL hint per table name or alias, ms. */
export function stateTtls(hints: Hints): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const hint of hints as readonly unknown[]) {
    for (const { key, value } of pairsOf(hint)) {
      const ms = durationMs(value);
      if (ms !== null) found.set(key, ms);
    }
  }
  return found;
}

function pairsOf(hint: unknown): { key: string; value: string }[] {
  if (typeof hint === "string") {
    if (!/^\s*STATE_TTL\s*\(/i.test(hint)) return [];
    return [...hint.matchAll(/'([^']*)'\s*=\s*'([^']*)'/g)].map((match) => ({ key: match[1], value: match[2] }));
  }
  const { name, args } = hint as { name: { name: string }; args: readonly { key: string | null; value: string }[] };
  if (name.name.toUpperCase() !== "STATE_TTL") return [];
  return args.flatMap((arg) => (arg.key === null ? [] : [{ key: arg.key, value: arg.value }]));
}
