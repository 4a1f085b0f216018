/** Values of SQL columns as a database stores them, and what table a world's database has for a declared one. */
import type { DatabaseDescription, Row as DatabaseRow, TableDescription } from "../../../connectors/database/database-description.ts";
import type { SystemDescription } from "../../../connectors/systems/outside-system.ts";
import { isTimestamp, type LogicalType } from "../../../types/logical-type.ts";
import { INSERT } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, type Row } from "../../../types/row.ts";
import { cutToPrecision, type Timestamp } from "../../../types/timestamp.ts";
import type { CatalogTable } from "../../catalog/catalog.ts";
import type { EvalContext } from "../../functions/scalar-function.ts";
import { jsonDecoder, jsonEncoder, type JsonEncoding } from "../formats/json-value.ts";

/** Of a second's fraction. */
export const DATABASE_DIGITS = 6;

const PLAIN: JsonEncoding = { iso: false, plainDecimals: true, leavesNullsOut: false, nullKeys: "literal", nullKeyLiteral: "null" };

/** Times are numbers there: milliseconds, with as many digits as Postgres keeps, and days for dates. */
export function databaseEncoder(type: LogicalType): (value: unknown) => unknown {
  if (isTimestamp(type)) return (value) => (value === null ? null : cutToPrecision(value as Timestamp, DATABASE_DIGITS));
  if (type.root === "DATE") return (value) => value;
  return jsonEncoder(type, PLAIN);
}

/** Rows of the table out of the database's: physical columns by name, NULL for all others. */
export function databaseRowDecoder(table: CatalogTable, evaluation: EvalContext): (row: DatabaseRow) => Row {
  const decoders = table.columns.map((column) => {
    if (column.kind !== "physical") return () => null;
    const decode = jsonDecoder(column.type, { failsOnMissing: false, ignoresErrors: false }, evaluation);
    return (row: DatabaseRow) => decode(row[column.name]);
  });
  return (row) => [INSERT, ...decoders.map((decode) => decode(row))];
}

/** Database rows out of rows of persisted columns. */
export function databaseRowEncoder(table: CatalogTable): (row: Row) => DatabaseRow {
  const persisted = table.columns.filter((column) => column.persisted);
  const encoders = persisted.map(({ name, type }) => ({ name, encode: databaseEncoder(type) }));
  return (row) => Object.fromEntries(encoders.map(({ name, encode }, i) => [name, encode(row[i + FIELD_OFFSET])]));
}

const COLUMN_TYPES: Readonly<Record<string, string>> = {
  TINYINT: "smallint",
  SMALLINT: "smallint",
  INT: "integer",
  BIGINT: "bigint",
  FLOAT: "double precision",
  DOUBLE: "double precision",
  DECIMAL: "numeric",
  BOOLEAN: "boolean",
  DATE: "date",
  TIMESTAMP: "timestamp",
  TIMESTAMP_LTZ: "timestamp",
  CHAR: "text",
  VARCHAR: "text",
  TIME: "text",
};

/** The database with the table in it, for worlds that are made from a script. */
export function databaseFor(
  { table, database, tableName }: { readonly table: CatalogTable; readonly database: string; readonly tableName: string },
  known: readonly SystemDescription[],
): DatabaseDescription {
  const there = known.find(({ name }) => name === database) as DatabaseDescription | undefined;
  const physical = table.columns.filter(({ kind }) => kind === "physical");
  const columns = physical.map(({ name, type }) => [name, `${COLUMN_TYPES[type.root] ?? "jsonb"}${type.nullable ? "" : " not null"}`]);
  const own: TableDescription = {
    name: tableName,
    columns: Object.fromEntries(columns),
    ...(table.primaryKey.length === 0 ? {} : { primaryKey: table.primaryKey.map((index) => table.columns[index].name) }),
    replicaIdentity: "full",
  };
  const tables = there?.tables ?? [];
  return {
    kind: "postgres",
    name: database,
    settings: { walLevel: "logical", maxPreparedTransactions: 100 },
    tables: tables.some(({ name }) => name === tableName) ? tables : [...tables, own],
  };
}
