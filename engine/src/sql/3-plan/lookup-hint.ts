/** LOOKUP('table' = 'd', 'async' = 'true', …) of a SELECT or a table. */
import type { Hints } from "../2-analyze/rel.ts";
import { durationMs } from "../catalog/options.ts";
import type { LookupHint } from "./physical.ts";

export function lookupHint(hints: Hints): LookupHint | null {
  for (const hint of hints as readonly unknown[]) {
    const values = valuesOf(hint);
    if (values === null) continue;
    const flag = (key: string): boolean | null => (values.has(key) ? values.get(key)!.toLowerCase() === "true" : null);
    const mode = values.get("output-mode")?.toLowerCase();
    const attempts = values.get("max-attempts");
    return {
      async: flag("async"),
      ordered: mode === undefined ? null : mode === "ordered",
      capacity: values.has("capacity") ? Number(values.get("capacity")) : null,
      timeoutMs: values.has("timeout") ? durationMs(values.get("timeout")!) : null,
      retry:
        attempts === undefined ? null : { fixedDelayMs: durationMs(values.get("fixed-delay") ?? "0") ?? 0, maxAttempts: Number(attempts) },
      shuffle: flag("shuffle") === true,
    };
  }
  return null;
}

function valuesOf(hint: unknown): ReadonlyMap<string, string> | null {
  if (typeof hint === "string") {
    if (!/^\s*LOOKUP\s*\(/i.test(hint)) return null;
    return new Map([...hint.matchAll(/'([^']*)'\s*=\s*'([^']*)'/g)].map((match) => [match[1], match[2]]));
  }
  const { name, args } = hint as { name: { name: string }; args: readonly { key: string | null; value: string }[] };
  if (name.name.toUpperCase() !== "LOOKUP") return null;
  return new Map(args.flatMap((arg) => (arg.key === null ? [] : [[arg.key, arg.value] as const])));
}
