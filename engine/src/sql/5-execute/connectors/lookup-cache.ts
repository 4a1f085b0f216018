/** A cache in front of a lookup (Flink: `DefaultLookupCache`): the key that was used longest ago goes first. */
import { type Row, valueDigest } from "../../../types/row.ts";
import type { LookupFunction } from "./lookup.ts";

export interface CacheSettings {
  /** Keys kept. */
  readonly maxRows: number;
  readonly afterWriteMs: number;
  readonly afterAccessMs: number;
  /** Whether keys without rows are kept, too. */
  readonly missingKeys: boolean;
}

interface Entry {
  readonly rows: readonly Row[];
  readonly writtenMs: number;
  usedMs: number;
}

export function cachedLookup(lookup: LookupFunction, settings: CacheSettings, currentMs: () => number): LookupFunction {
  const entries = new Map<string, Entry>();
  return {
    lookup(key) {
      const digest = key.map(valueDigest).join(",");
      const nowMs = currentMs();
      const entry = entries.get(digest);
      entries.delete(digest);
      if (entry !== undefined && nowMs < entry.writtenMs + settings.afterWriteMs && nowMs < entry.usedMs + settings.afterAccessMs) {
        entry.usedMs = nowMs;
        entries.set(digest, entry);
        return entry.rows;
      }
      const rows = lookup.lookup(key);
      if (rows.length === 0 && !settings.missingKeys) return rows;
      entries.set(digest, { rows, writtenMs: nowMs, usedMs: nowMs });
      if (entries.size > settings.maxRows) entries.delete(entries.keys().next().value as string);
      return rows;
    },
    close: () => lookup.close(),
  };
}
