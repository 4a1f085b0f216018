/**
 * `'connector' = 'values'`: a small table that is written into its options, to be read once and to be looked up in. Flink has such a connector for its own tests
 * (`TestValuesTableFactory`, options `async` and `start-lookup-threshold`); here it stands for any store that is asked by key and takes its time, with
 * answers that come later (`async`), at once, or either way.
 *
 *     CREATE TABLE levels (name STRING, level INT) WITH (
 *       'connector' = 'values', 'data' = '[["ann", 3], ["bob", 7]]', 'async' = 'true',
 *       'lookup.latency.min' = '5 ms', 'lookup.latency.max' = '80 ms')
 *
 * How long an answer takes is drawn from the job's seed, evenly between both ends.
 */
import { CollectionSource } from "../../../connectors/collection-source.ts";
import type { Source } from "../../../flow/connector.ts";
import { INSERT } from "../../../types/row-kind.ts";
import type { Row } from "../../../types/row.ts";
import { SqlError } from "../../1-parse/sql-error.ts";
import { SqlRuntimeError } from "../../functions/sql-runtime-error.ts";
import { jsonDecoder } from "../formats/json-value.ts";
import type { Connector, ConnectorContext } from "./connector.ts";
import { CACHE_OPTIONS, partialCache } from "./lookup-cache.ts";
import { optional, type TableOptions } from "./table-options.ts";
import { type LatencyRange, ValuesLookup } from "./values-lookup.ts";

export const VALUES: Connector = {
  identifier: "values",
  options: [
    optional("data"),
    optional("async", "boolean"),
    optional("sync", "boolean"),
    optional("lookup.latency.min", "duration"),
    optional("lookup.latency.max", "duration"),
    optional("start-lookup-threshold", "integer"),
    ...CACHE_OPTIONS,
  ],
  validate(context) {
    const { options } = context;
    rowsOf(context);
    const refuse = (message: string, key: string, hint: string): SqlError =>
      new SqlError("validate", "SQL_OPTION_COMBINATION", message, options.valueSpan(key), { hint });
    const { min, max } = latencyOf(options);
    if (min > max)
      throw refuse("'lookup.latency.min' must not be larger than 'lookup.latency.max'.", "lookup.latency.min", "Swap the two values.");
    const { async, sync } = offersOf(options);
    if (!async && !sync)
      throw refuse("'async' = 'false' and 'sync' = 'false' leave no way to look up.", "sync", "Set one of them to 'true'.");
    if (options.choice("lookup.cache") === "full")
      throw refuse("The values connector keeps no full cache: its rows are in memory.", "lookup.cache", "'lookup.cache' = 'PARTIAL'");
  },
  sourceMode: () => "insert",
  source: (context) => ({ source: new CollectionSource<Row>(rowsOf(context)) as unknown as Source<Row> }),
  lookup(context) {
    const { options } = context;
    const { async, sync } = offersOf(options);
    const settings = { latency: latencyOf(options), threshold: options.number("start-lookup-threshold", 0) };
    return new ValuesLookup(() => rowsOf(context), { ...settings, async, sync, cache: partialCache(options) });
  },
};

/** Either way, if both are said. */
function offersOf(options: TableOptions): { readonly async: boolean; readonly sync: boolean } {
  const async = options.boolean("async", false);
  return { async, sync: options.boolean("sync", !async) };
}

function latencyOf(options: TableOptions): LatencyRange {
  const min = options.durationMs("lookup.latency.min");
  const max = options.durationMs("lookup.latency.max") ?? min ?? 0;
  return { min: min ?? 0, max };
}

/** Throws SqlError for what is no array of rows. */
function rowsOf({ table, options, evaluation }: ConnectorContext): readonly Row[] {
  const refuse = (message: string, found: string): SqlError =>
    new SqlError("validate", "SQL_OPTION_VALUE", `Invalid value for option 'data'. ${message}`, options.valueSpan("data"), {
      found,
      expected: `'[[…], …]': a JSON array of rows, each an array with a value per column (${table.columns.map(({ name }) => name).join(", ")})`,
    });
  const text = options.text("data", "[]");
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw refuse("It is no JSON.", text);
  }
  if (!Array.isArray(parsed)) throw refuse("It is no array of rows.", text);
  const physical = table.columns.map((column, index) => ({ ...column, index })).filter(({ kind }) => kind === "physical");
  const decoders = physical.map(({ type }) => jsonDecoder(type, { failsOnMissing: false, ignoresErrors: false }, evaluation));
  return parsed.map((values: unknown): Row => {
    if (!Array.isArray(values) || values.length !== physical.length)
      throw refuse("A row has another number of values.", JSON.stringify(values));
    const row: Row = [INSERT, ...table.columns.map(() => null)];
    physical.forEach(({ index, name }, i) => {
      try {
        row[index + 1] = decoders[i](values[i]);
      } catch (error) {
        if (!(error instanceof SqlRuntimeError)) throw error;
        throw refuse(`Column '${name}': ${error.message}`, JSON.stringify(values));
      }
    });
    return row;
  });
}
