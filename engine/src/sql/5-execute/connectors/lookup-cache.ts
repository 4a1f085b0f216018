/**
 * A cache in front of a lookup (Flink: `DefaultLookupCache`): the key that was used longest ago goes first. Requests of one key that are under way at the
 * same time are all made: nobody waits for another's answer.
 */
import { type Row, valueDigest } from "../../../types/row.ts";
import type { AsyncLookupFunction, LookupFunction } from "./lookup.ts";
import { choice, type OptionDeclaration, optional, type TableOptions } from "./table-options.ts";

export interface CacheSettings {
  /** Keys kept. */
  readonly maxRows: number;
  readonly afterWriteMs: number;
  readonly afterAccessMs: number;
  /** Whether keys without rows are kept, too. */
  readonly missingKeys: boolean;
}

/** Options of Flink's `LookupOptions` that a connector with a partial cache takes. */
export const CACHE_OPTIONS: readonly OptionDeclaration[] = [
  choice("lookup.cache", "none", "partial", "full"),
  optional("lookup.partial-cache.max-rows", "integer"),
  optional("lookup.partial-cache.expire-after-write", "duration"),
  optional("lookup.partial-cache.expire-after-access", "duration"),
  optional("lookup.partial-cache.cache-missing-key", "boolean"),
];

/** `lookup.cache` = PARTIAL; null for anything else. */
export function partialCache(options: TableOptions): CacheSettings | null {
  if (options.choice("lookup.cache", "none") !== "partial") return null;
  return {
    maxRows: options.number("lookup.partial-cache.max-rows", Number.POSITIVE_INFINITY),
    afterWriteMs: options.durationMs("lookup.partial-cache.expire-after-write") ?? Number.POSITIVE_INFINITY,
    afterAccessMs: options.durationMs("lookup.partial-cache.expire-after-access") ?? Number.POSITIVE_INFINITY,
    missingKeys: options.boolean("lookup.partial-cache.cache-missing-key", true),
  };
}

interface Entry {
  readonly rows: readonly Row[];
  readonly writtenMs: number;
  usedMs: number;
}

export class LookupCache {
  private readonly entries = new Map<string, Entry>();
  private readonly settings: CacheSettings;
  private readonly currentMs: () => number;

  constructor(settings: CacheSettings, currentMs: () => number) {
    this.settings = settings;
    this.currentMs = currentMs;
  }

  get(key: readonly unknown[]): readonly Row[] | undefined {
    const digest = digestOf(key);
    const nowMs = this.currentMs();
    const entry = this.entries.get(digest);
    this.entries.delete(digest);
    const { afterWriteMs, afterAccessMs } = this.settings;
    if (entry === undefined || nowMs >= entry.writtenMs + afterWriteMs || nowMs >= entry.usedMs + afterAccessMs) return undefined;
    entry.usedMs = nowMs;
    this.entries.set(digest, entry);
    return entry.rows;
  }

  put(key: readonly unknown[], rows: readonly Row[]): void {
    const { missingKeys, maxRows } = this.settings;
    if (rows.length === 0 && !missingKeys) return;
    const digest = digestOf(key);
    const nowMs = this.currentMs();
    this.entries.delete(digest);
    this.entries.set(digest, { rows, writtenMs: nowMs, usedMs: nowMs });
    if (this.entries.size > maxRows) this.entries.delete(this.entries.keys().next().value as string);
  }
}

function digestOf(key: readonly unknown[]): string {
  return key.map(valueDigest).join(",");
}

/** Flink: `CachingLookupFunction`. */
export function cachedLookup(lookup: LookupFunction, cache: LookupCache): LookupFunction {
  return {
    lookup(key) {
      const known = cache.get(key);
      if (known !== undefined) return known;
      const rows = lookup.lookup(key);
      cache.put(key, rows);
      return rows;
    },
    close: () => lookup.close(),
  };
}

/** Flink: `CachingAsyncLookupFunction`. */
export function cachedAsyncLookup(lookup: AsyncLookupFunction, cache: LookupCache): AsyncLookupFunction {
  return {
    lookup(key, found, failed) {
      const known = cache.get(key);
      if (known !== undefined) return found(known);
      lookup.lookup(
        key,
        (rows) => {
          cache.put(key, rows);
          found(rows);
        },
        failed,
      );
    },
    close: () => lookup.close(),
  };
}
