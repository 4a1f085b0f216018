/** Lookups in the rows of a `values` table: at once or later, each after a latency of its own. */
import type { OperatorContext } from "../../../flow/operator.ts";
import { FIELD_OFFSET, type Row, valueDigest } from "../../../types/row.ts";
import { afterDelay } from "./after-delay.ts";
import type { CacheSettings } from "./lookup-cache.ts";
import type { AsyncLookupFunction, LookupFunction, LookupSource } from "./lookup.ts";

export interface LatencyRange {
  readonly min: number;
  readonly max: number;
}

export interface ValuesLookupSettings {
  readonly async: boolean;
  readonly sync: boolean;
  /** From a question to its answer, milliseconds. */
  readonly latency: LatencyRange;
  /** How many questions by a key find nothing before the first that does. */
  readonly threshold: number;
  readonly cache: CacheSettings | null;
}

export class ValuesLookup implements LookupSource {
  readonly supportsSync: boolean;
  readonly supportsAsync: boolean;
  readonly cache: CacheSettings | null;
  private readonly rows: () => readonly Row[];
  private readonly settings: ValuesLookupSettings;

  constructor(rows: () => readonly Row[], settings: ValuesLookupSettings) {
    this.rows = rows;
    this.settings = settings;
    this.supportsSync = settings.sync;
    this.supportsAsync = settings.async;
    this.cache = settings.cache;
  }

  create(keys: readonly number[], context: OperatorContext): LookupFunction {
    const ask = this.questions(keys);
    return {
      lookup: (key) => {
        context.mailbox.spendUs(this.drawLatencyMs(context) * 1000);
        return ask(key);
      },
      close: () => {},
    };
  }

  createAsync(keys: readonly number[], context: OperatorContext): AsyncLookupFunction {
    const ask = this.questions(keys);
    return {
      lookup: (key, found) => afterDelay(context, this.drawLatencyMs(context), () => found(ask(key))),
      close: () => {},
    };
  }

  private drawLatencyMs({ random }: OperatorContext): number {
    const { min, max } = this.settings.latency;
    return max > min ? Math.round(min + random() * (max - min)) : min;
  }

  private questions(keys: readonly number[]): (key: readonly unknown[]) => readonly Row[] {
    const index = new Map<string, Row[]>();
    for (const row of this.rows()) {
      const key = keys.map((column) => row[column + FIELD_OFFSET]);
      if (key.some((value) => value === null)) continue;
      const digest = digestOf(key);
      const others = index.get(digest);
      if (others === undefined) index.set(digest, [row]);
      else others.push(row);
    }
    const asked = new Map<string, number>();
    return (key) => {
      if (key.some((value) => value === null)) return [];
      const digest = digestOf(key);
      const times = (asked.get(digest) ?? 0) + 1;
      if (this.settings.threshold > 0) asked.set(digest, times);
      return times <= this.settings.threshold ? [] : (index.get(digest) ?? []);
    };
  }
}

function digestOf(key: readonly unknown[]): string {
  return key.map(valueDigest).join(",");
}
