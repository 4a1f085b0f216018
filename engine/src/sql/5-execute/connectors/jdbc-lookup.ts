/** Rows of a database table by key, asked one key at a time. (Flink: `JdbcRowDataLookupFunction`) */
import { PostgresDatabase } from "../../../connectors/database/database.ts";
import { PostgresError } from "../../../connectors/database/postgres-error.ts";
import { systemsOf } from "../../../connectors/systems/outside-system.ts";
import type { OperatorContext } from "../../../flow/operator.ts";
import type { Row } from "../../../types/row.ts";
import { invariant } from "../../../base/invariant.ts";
import type { ConnectorContext } from "./connector.ts";
import { databaseEncoder, databaseRowDecoder } from "./database-values.ts";
import { type CacheSettings, partialCache } from "./lookup-cache.ts";
import type { AsyncLookupFunction, LookupFunction, LookupSource } from "./lookup.ts";
import type { TableOptions } from "./table-options.ts";

interface Place {
  readonly database: string;
  readonly table: string;
}

export class JdbcLookup implements LookupSource {
  readonly supportsSync = true;
  readonly supportsAsync = false;
  private readonly context: ConnectorContext;
  private readonly placeOf: (options: TableOptions) => Place;

  /** @param placeOf looked at when somebody asks: options may be wrong before. */
  constructor(context: ConnectorContext, placeOf: (options: TableOptions) => Place) {
    this.context = context;
    this.placeOf = placeOf;
  }

  get cache(): CacheSettings | null {
    return cacheSettings(this.context.options);
  }

  createAsync(): AsyncLookupFunction {
    invariant(false, "the jdbc connector waits for its answers");
  }

  create(keys: readonly number[], operator: OperatorContext): LookupFunction {
    const { table, options, evaluation } = this.context;
    const place = this.placeOf(options);
    const database = systemsOf(operator.outside).get(place.database, PostgresDatabase);
    const spendMs = (durationMs: number): void => operator.mailbox.spendUs(durationMs * 1000);
    const decode = databaseRowDecoder(table, evaluation);
    const columns = keys.map((index) => ({ name: table.columns[index].name, encode: databaseEncoder(table.columns[index].type) }));
    const tries = options.number("lookup.max-retries", 3) + 1;
    let connection = database.connect({ spendMs });
    const ask = (key: readonly unknown[]): Row[] => {
      const values = columns.map(({ encode }, i) => encode(key[i]));
      const rows = connection.select(place.table, (row) => columns.every(({ name }, i) => row[name] === values[i]));
      return rows.map(decode);
    };
    return {
      lookup(key) {
        if (key.some((value) => value === null)) return [];
        for (let attempt = 1; ; attempt++) {
          try {
            return ask(key);
          } catch (error) {
            if (!(error instanceof PostgresError) || attempt >= tries) throw error;
            spendMs(1000 * attempt);
            if (!connection.valid) connection = database.connect({ spendMs });
          }
        }
      },
      close: () => connection.close(),
    };
  }
}

/** The names of before Flink 1.16 do as well. FULL is taken and nothing is cached: the real connector has no such cache either. */
function cacheSettings(options: TableOptions): CacheSettings | null {
  const cache = partialCache(options);
  if (cache !== null || !options.has("lookup.cache.max-rows") || !options.has("lookup.cache.ttl")) return cache;
  const [maxRows, afterWriteMs] = [options.number("lookup.cache.max-rows", 0), options.durationMs("lookup.cache.ttl") ?? 0];
  if (maxRows <= 0 || afterWriteMs <= 0) return null;
  const missingKeys = options.boolean("lookup.cache.caching-missing-key", true);
  return { maxRows, afterWriteMs, afterAccessMs: Number.POSITIVE_INFINITY, missingKeys };
}
