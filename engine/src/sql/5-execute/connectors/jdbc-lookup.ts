/** Rows of a database table by key, asked one key at a time, with the cache that `lookup.cache` = PARTIAL puts before it. */
import { PostgresDatabase } from "../../../connectors/database/database.ts";
import { PostgresError } from "../../../connectors/database/postgres-error.ts";
import { systemsOf } from "../../../connectors/systems/outside-system.ts";
import type { OperatorContext } from "../../../flow/operator.ts";
import type { Row } from "../../../types/row.ts";
import { invariant } from "../../../base/invariant.ts";
import type { ConnectorContext } from "./connector.ts";
import { databaseEncoder, databaseRowDecoder } from "./database-values.ts";
import { type CacheSettings, cachedLookup } from "./lookup-cache.ts";
import type { AsyncLookupFunction, LookupFunction, LookupSource } from "./lookup.ts";
import type { TableOptions } from "./table-options.ts";

export class JdbcLookup implements LookupSource {
  readonly supportsSync = true;
  readonly supportsAsync = false;
  private readonly context: ConnectorContext;
  private readonly place: { readonly database: string; readonly table: string };

  constructor(context: ConnectorContext, place: { readonly database: string; readonly table: string }) {
    this.context = context;
    this.place = place;
  }

  create(keys: readonly number[], operator: OperatorContext): LookupFunction {
    const lookup = this.uncached(keys, operator);
    const settings = cacheSettings(this.context.options);
    return settings === null ? lookup : cachedLookup(lookup, settings, () => operator.processingTime.currentMs());
  }

  createAsync(): AsyncLookupFunction {
    invariant(false, "the jdbc connector waits for its answers");
  }

  private uncached(keys: readonly number[], operator: OperatorContext): LookupFunction {
    const { table, options, evaluation } = this.context;
    const database = systemsOf(operator.outside).get(this.place.database, PostgresDatabase);
    const spendMs = (durationMs: number): void => operator.mailbox.spendUs(durationMs * 1000);
    const decode = databaseRowDecoder(table, evaluation);
    const columns = keys.map((index) => ({ name: table.columns[index].name, encode: databaseEncoder(table.columns[index].type) }));
    const tries = options.number("lookup.max-retries", 3) + 1;
    let connection = database.connect({ spendMs });
    const ask = (key: readonly unknown[]): Row[] => {
      const values = columns.map(({ encode }, i) => encode(key[i]));
      const rows = connection.select(this.place.table, (row) => columns.every(({ name }, i) => row[name] === values[i]));
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

function cacheSettings(options: TableOptions): CacheSettings | null {
  const old = options.has("lookup.cache.max-rows") && options.has("lookup.cache.ttl");
  if (options.choice("lookup.cache", "none") !== "partial" && !old) return null;
  return {
    maxRows: options.number("lookup.partial-cache.max-rows") ?? options.number("lookup.cache.max-rows", Number.POSITIVE_INFINITY),
    afterWriteMs:
      options.durationMs("lookup.partial-cache.expire-after-write") ?? options.durationMs("lookup.cache.ttl") ?? Number.POSITIVE_INFINITY,
    afterAccessMs: options.durationMs("lookup.partial-cache.expire-after-access") ?? Number.POSITIVE_INFINITY,
    missingKeys: options.boolean("lookup.partial-cache.cache-missing-key", true),
  };
}
