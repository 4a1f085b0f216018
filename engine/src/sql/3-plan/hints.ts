/** Hints that reach operators: how long a query's own operators keep their state. */
import type { Hints } from "../2-analyze/rel.ts";
import { durationMs } from "../catalog/options.ts";

/** Value of a STATE_TTL hint per table name or alias, ms. */
export function stateTtls(hints: Hints): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const [key, text] of stateTtlTexts(hints)) found.set(key, durationMs(text)!);
  return found;
}

/** The same as written. */
export function stateTtlTexts(hints: Hints): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const hint of hints as readonly unknown[])
    for (const { key, value } of pairsOf(hint)) if (durationMs(value) !== null) found.set(key, value);
  return found;
}

/** The tables that MULTI_JOIN names. */
export function multiJoinTables(hints: Hints): ReadonlySet<string> {
  const names = (hints as readonly unknown[]).flatMap((hint) => {
    if (typeof hint === "string") return [];
    const { name, args } = hint as { name: { name: string }; args: readonly { key: string | null; value: string }[] };
    return name.name.toUpperCase() === "MULTI_JOIN" ? args.map(({ value }) => value) : [];
  });
  return new Set(names);
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
