/** All connectors, one line each, and what a table is to its connector. */
import { typeName } from "../../../types/logical-type.ts";
import { SqlError } from "../../1-parse/sql-error.ts";
import { type CatalogTable, tableName } from "../../catalog/catalog.ts";
import type { EvalContext } from "../../functions/scalar-function.ts";
import { nameHint } from "../../../base/nearest.ts";
import { BLACKHOLE } from "./blackhole.ts";
import type { Connector, ConnectorContext, MetadataDeclaration } from "./connector.ts";
import { DATAGEN } from "./datagen.ts";
import { declarationsOf, formatIn, optionsOf } from "./formats-of.ts";
import { ELASTICSEARCH_7, ELASTICSEARCH_8 } from "./elasticsearch.ts";
import { FILESYSTEM } from "./filesystem.ts";
import { ICEBERG } from "./iceberg.ts";
import { JDBC } from "./jdbc.ts";
import { KAFKA } from "./kafka.ts";
import type { LookupSource } from "./lookup.ts";
import { NEXMARK } from "./nexmark.ts";
import { POSTGRES_CDC } from "./postgres-cdc.ts";
import { PRINT } from "./print.ts";
import { checkDeclaredOptions, checkParallelism, optional, TableOptions, WATERMARK_OPTIONS } from "./table-options.ts";
import { UPSERT_KAFKA } from "./upsert-kafka.ts";
import { VALUES } from "./values.ts";

export const CONNECTORS: ReadonlyMap<string, Connector> = new Map(
  [
    BLACKHOLE,
    DATAGEN,
    ELASTICSEARCH_7,
    ELASTICSEARCH_8,
    FILESYSTEM,
    ICEBERG,
    JDBC,
    KAFKA,
    NEXMARK,
    POSTGRES_CDC,
    PRINT,
    UPSERT_KAFKA,
    VALUES,
  ].map((connector) => [connector.identifier, connector]),
);

export interface ResolvedTable {
  readonly connector: Connector;
  readonly context: ConnectorContext;
}

/** The table with what its connector makes of it: what it emits and takes. Tables whose options are wrong stay as they are until they are used. */
export function described(table: CatalogTable, evaluation: EvalContext): CatalogTable {
  try {
    const { connector, context } = find(table, evaluation);
    const changelogMode = connector.sourceMode === undefined ? "insert" : connector.sourceMode(context);
    const sinkMode = connector.sinkMode === undefined ? null : connector.sinkMode(context);
    const watermarkPushDown = connector.watermarkPushDown === true;
    const alwaysUpserts = connector.alwaysUpserts === true;
    return { ...table, changelogMode, sinkMode, alwaysUpserts, watermarkPushDown, ...lookupOf(connector, context) };
  } catch (error) {
    if (error instanceof SqlError) return table;
    throw error;
  }
}

function lookupOf(connector: Connector, context: ConnectorContext): Pick<CatalogTable, "lookup"> {
  const source = connector.lookup?.(context);
  return source === undefined ? {} : { lookup: { sync: source.supportsSync, async: source.supportsAsync } };
}

/** The connector of a table that is read. Throws SqlError. */
export function resolveSource(table: CatalogTable, evaluation: EvalContext): ResolvedTable {
  const resolved = resolve(table, evaluation, "source");
  resolved.connector.checkRead?.(resolved.context);
  if (resolved.connector.source !== undefined) return resolved;
  throw onlyAs(resolved.connector, "sink", "source");
}

/** What a table offers to lookup joins. Throws SqlError. */
export function resolveLookup(table: CatalogTable, evaluation: EvalContext): LookupSource {
  const { connector, context } = resolve(table, evaluation, "source");
  if (connector.lookup !== undefined) return connector.lookup(context);
  throw onlyAs(connector, "source", "lookup");
}

/** The connector of a table that is written. Throws SqlError. */
export function resolveSink(table: CatalogTable, evaluation: EvalContext): ResolvedTable {
  const resolved = resolve(table, evaluation, "sink");
  if (resolved.connector.sink !== undefined) return resolved;
  throw onlyAs(resolved.connector, "source", "sink");
}

/** False for a generator without a last row: there is always more to come. */
export function endsByItself(table: CatalogTable, evaluation: EvalContext): boolean {
  const { connector, context } = find(table, evaluation);
  return connector.isEndless?.(context) !== true;
}

/** Whatever can be wrong with a table in either of its uses. Throws SqlError. */
export function checkTable(table: CatalogTable, evaluation: EvalContext): void {
  const { connector } = find(table, evaluation);
  resolve(table, evaluation, connector.source === undefined ? "sink" : "source");
}

function onlyAs({ identifier }: Connector, can: string, cannot: string): SqlError {
  return new SqlError(
    "validate",
    "SQL_CONNECTOR_USE",
    `Connector '${identifier}' can only be used as a ${can}. It cannot be used as a ${cannot}.`,
    // The table is right; whoever reads or writes it is not.
    null,
    { found: `${identifier} as a ${cannot}` },
  );
}

function find(table: CatalogTable, evaluation: EvalContext): ResolvedTable {
  const option = table.options.get("connector");
  const names = [...CONNECTORS.keys()].sort();
  if (option === undefined) {
    throw new SqlError(
      "validate",
      "SQL_CONNECTOR",
      "Table options do not contain an option key 'connector' for discovering a connector.",
      table.options.values().next().value?.span ?? table.definition.columns[0]?.span ?? null,
      {
        found: `table '${tableName(table)}'`,
        expected: `'connector' = '${names.join("' | '")}'`,
        ...(table.options.has("connector.type") ? { hint: "'connector.type' is the old form; write 'connector' = '…'." } : {}),
      },
    );
  }
  const connector = CONNECTORS.get(option.value);
  if (connector === undefined) {
    throw new SqlError(
      "validate",
      "SQL_CONNECTOR",
      `Could not find any factory for identifier '${option.value}' that implements 'org.apache.flink.table.factories.DynamicTableFactory' in the classpath.\n\nAvailable factory identifiers are:\n\n${names.join("\n")}`,
      option.valueSpan,
      { found: option.value, hint: nameHint(option.value, names, "connectors") },
    );
  }
  return { connector, context: { table, options: new TableOptions(table.options), evaluation } };
}

function resolve(table: CatalogTable, evaluation: EvalContext, use: "source" | "sink"): ResolvedTable {
  const resolved = find(table, evaluation);
  const { connector, context } = resolved;
  if (use === "source" && connector.source === undefined) throw onlyAs(connector, "sink", "source");
  if (use === "sink" && connector.sink === undefined) throw onlyAs(connector, "source", "sink");
  const formats = (connector.formats ?? []).flatMap((slot) => formatIn(table, slot, use) ?? []);
  const slots = (connector.formats ?? []).map(({ option }) => option);
  checkDeclaredOptions(table, {
    identifier: connector.identifier,
    declarations: [
      optional("connector"),
      optional("property-version"),
      ...connector.options,
      ...(connector.optionsOfTable?.(context) ?? []),
      ...slots.filter((key) => !connector.options.some((option) => option.key === key)).map((key) => optional(key)),
      ...formats.flatMap(declarationsOf),
      ...(connector.refusesWatermarkOptions === true ? [] : WATERMARK_OPTIONS),
    ],
    prefixes: connector.prefixes ?? [],
  });
  checkParallelism(table);
  checkMetadata(table, connector, use);
  connector.validate?.(context, use);
  for (const named of formats) {
    if (named.slot.ofPart === true) continue;
    const physical = table.columns.filter(({ kind }) => kind === "physical").map(({ name, type }) => ({ name, type }));
    named.format.validate?.({ fields: physical, options: optionsOf(table, named), evaluation });
  }
  return resolved;
}

/** What Flink's messages call a source. */
const SOURCE_CLASSES: Readonly<Record<string, string>> = { datagen: "DataGenTableSource" };

/** Metadata columns ask for keys that the connector (or its format) has. */
function checkMetadata(table: CatalogTable, connector: Connector, use: "source" | "sink"): void {
  const columns = table.columns.filter((column) => column.kind === "metadata" && (use === "source" || column.persisted));
  if (columns.length === 0) return;
  const known = metadataOf(table, connector);
  if (Object.keys(known).length === 0) {
    const [what, can, ability] =
      use === "source" ? ["metadata columns", "Source", "Reading"] : ["persistable metadata columns", "Sink", "Writing"];
    const name = use === "source" ? (SOURCE_CLASSES[connector.identifier] ?? connector.identifier) : tableName(table);
    const rest =
      use === "source"
        ? "Therefore, metadata cannot be read from the given source."
        : "If the column should not be persisted, it can be declared with the VIRTUAL keyword.";
    throw new SqlError(
      "validate",
      "SQL_METADATA",
      `Table '${name}' declares ${what}, but the underlying DynamicTable${can} doesn't implement the Supports${ability}Metadata interface. ${rest}`,
      table.options.get("connector")?.span ?? null,
    );
  }
  const usable = Object.entries(known).filter(([, declaration]) => (use === "source" ? declaration.readable : declaration.writable));
  for (const column of columns) {
    const key = column.metadataKey ?? column.name;
    if (usable.some(([name]) => name === key)) continue;
    const names = usable.map(([name]) => name);
    throw new SqlError(
      "validate",
      "SQL_METADATA",
      `Invalid metadata key '${key}' in column '${column.name}' of table '${tableName(table)}'. The DynamicTable${use === "source" ? "Source" : "Sink"} class of '${connector.identifier}' supports the following metadata keys for ${use === "source" ? "reading" : "writing"}:\n${names.join("\n")}`,
      table.options.get("connector")?.span ?? null,
      { found: `${key} ${typeName(column.type)}`, hint: nameHint(key, names, "metadata keys") },
    );
  }
}

function metadataOf(table: CatalogTable, connector: Connector): Readonly<Record<string, MetadataDeclaration>> {
  const own = { ...connector.metadata };
  for (const slot of connector.formats ?? []) {
    const named = slot.option === "key.format" ? null : formatIn(table, slot, "source");
    for (const [key, type] of Object.entries(named?.format.metadata ?? {})) own[`value.${key}`] = { type, readable: true, writable: false };
  }
  return own;
}
