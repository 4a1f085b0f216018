/** SQL types with nullability, as in Flink's `LogicalType`. Plain data; two types are equal when their summaries are. */
export type TypeRoot =
  | "CHAR"
  | "VARCHAR"
  | "BOOLEAN"
  | "BINARY"
  | "VARBINARY"
  | "DECIMAL"
  | "TINYINT"
  | "SMALLINT"
  | "INT"
  | "BIGINT"
  | "FLOAT"
  | "DOUBLE"
  | "DATE"
  | "TIME"
  | "TIMESTAMP"
  | "TIMESTAMP_LTZ"
  | "INTERVAL_YEAR_MONTH"
  | "INTERVAL_DAY_TIME"
  | "ARRAY"
  | "MULTISET"
  | "MAP"
  | "ROW"
  | "STRUCTURED"
  | "VARIANT"
  | "BITMAP"
  | "NULL"
  | "DESCRIPTOR";

export interface RowField {
  readonly name: string;
  readonly type: LogicalType;
}

export interface LogicalType {
  readonly root: TypeRoot;
  readonly nullable: boolean;
  /** Length of CHAR, VARCHAR, BINARY, VARBINARY. */
  readonly length?: number;
  /** Precision of DECIMAL, TIME, TIMESTAMP, TIMESTAMP_LTZ. */
  readonly precision?: number;
  /** Scale of DECIMAL. */
  readonly scale?: number;
  /** Element of ARRAY and MULTISET. */
  readonly element?: LogicalType;
  /** Key and value of MAP. */
  readonly key?: LogicalType;
  readonly value?: LogicalType;
  /** Fields of ROW and STRUCTURED. */
  readonly fields?: readonly RowField[];
  /** Class name of STRUCTURED. */
  readonly className?: string;
  /** Set on a time attribute; lost as soon as the column is computed with. */
  readonly timeAttribute?: "ROWTIME" | "PROCTIME";
}

/** Largest length: STRING is VARCHAR of it, BYTES is VARBINARY of it. */
export const MAX_LENGTH = 2147483647;

function simple(root: TypeRoot): LogicalType {
  return { root, nullable: true };
}

export const STRING: LogicalType = { root: "VARCHAR", nullable: true, length: MAX_LENGTH };
export const BYTES: LogicalType = { root: "VARBINARY", nullable: true, length: MAX_LENGTH };
export const BOOLEAN = simple("BOOLEAN");
export const TINYINT = simple("TINYINT");
export const SMALLINT = simple("SMALLINT");
export const INT = simple("INT");
export const BIGINT = simple("BIGINT");
export const FLOAT = simple("FLOAT");
export const DOUBLE = simple("DOUBLE");
export const DATE = simple("DATE");
export const NULL_TYPE = simple("NULL");
export const VARIANT = simple("VARIANT");
export const BITMAP = simple("BITMAP");
export const INTERVAL_DAY_TIME = simple("INTERVAL_DAY_TIME");
export const INTERVAL_YEAR_MONTH = simple("INTERVAL_YEAR_MONTH");

export function charOf(length: number): LogicalType {
  return { root: "CHAR", nullable: true, length };
}

export function varcharOf(length: number): LogicalType {
  return { root: "VARCHAR", nullable: true, length };
}

/** Precision 1 to 38, scale 0 to precision. */
export function decimalOf(precision: number, scale: number): LogicalType {
  return { root: "DECIMAL", nullable: true, precision, scale };
}

export function timeOf(precision: number): LogicalType {
  return { root: "TIME", nullable: true, precision };
}

export function timestampOf(precision: number): LogicalType {
  return { root: "TIMESTAMP", nullable: true, precision };
}

export function timestampLtzOf(precision: number): LogicalType {
  return { root: "TIMESTAMP_LTZ", nullable: true, precision };
}

export function arrayOf(element: LogicalType): LogicalType {
  return { root: "ARRAY", nullable: true, element };
}

export function mapOf(key: LogicalType, value: LogicalType): LogicalType {
  return { root: "MAP", nullable: true, key, value };
}

export function multisetOf(element: LogicalType): LogicalType {
  return { root: "MULTISET", nullable: true, element };
}

export function rowTypeOf(fields: readonly RowField[]): LogicalType {
  return { root: "ROW", nullable: true, fields };
}

/** An object with named attributes, as OBJECT_OF makes them. */
export function structuredOf(className: string, fields: readonly RowField[]): LogicalType {
  return { root: "STRUCTURED", nullable: true, className, fields };
}

/** The same type, nullable or not. */
export function withNullable(type: LogicalType, nullable: boolean): LogicalType {
  return type.nullable === nullable ? type : { ...type, nullable };
}

/** The same type as an ordinary column. */
export function withoutTimeAttribute(type: LogicalType): LogicalType {
  if (type.timeAttribute === undefined) return type;
  const { timeAttribute: _dropped, ...rest } = type;
  return rest;
}

const NUMERIC_ROOTS: readonly TypeRoot[] = ["TINYINT", "SMALLINT", "INT", "BIGINT", "DECIMAL", "FLOAT", "DOUBLE"];

/** Position in the numeric widening order, -1 for other types. */
export function numericRank(type: LogicalType): number {
  return NUMERIC_ROOTS.indexOf(type.root);
}

export function isNumeric(type: LogicalType): boolean {
  return numericRank(type) >= 0;
}

export function isInteger(type: LogicalType): boolean {
  const rank = numericRank(type);
  return rank >= 0 && rank <= 3;
}

export function isApproximate(type: LogicalType): boolean {
  return type.root === "FLOAT" || type.root === "DOUBLE";
}

export function isCharacter(type: LogicalType): boolean {
  return type.root === "CHAR" || type.root === "VARCHAR";
}

export function isBinary(type: LogicalType): boolean {
  return type.root === "BINARY" || type.root === "VARBINARY";
}

export function isTimestamp(type: LogicalType): boolean {
  return type.root === "TIMESTAMP" || type.root === "TIMESTAMP_LTZ";
}

export function isDatetime(type: LogicalType): boolean {
  return isTimestamp(type) || type.root === "DATE" || type.root === "TIME";
}

export function isInterval(type: LogicalType): boolean {
  return type.root === "INTERVAL_DAY_TIME" || type.root === "INTERVAL_YEAR_MONTH";
}

/** Flink's way of writing a type, without nullability: `STRING`, `DECIMAL(10, 2)`, `TIMESTAMP(3)`. */
export function typeName(type: LogicalType): string {
  switch (type.root) {
    case "CHAR":
      return `CHAR(${type.length})`;
    case "VARCHAR":
      return type.length === MAX_LENGTH ? "STRING" : `VARCHAR(${type.length})`;
    case "BINARY":
      return `BINARY(${type.length})`;
    case "VARBINARY":
      return type.length === MAX_LENGTH ? "BYTES" : `VARBINARY(${type.length})`;
    case "DECIMAL":
      return `DECIMAL(${type.precision}, ${type.scale})`;
    case "TIME":
    case "TIMESTAMP":
    case "TIMESTAMP_LTZ":
      return `${type.root}(${type.precision})`;
    case "INTERVAL_YEAR_MONTH":
      return "INTERVAL MONTH";
    case "INTERVAL_DAY_TIME":
      return "INTERVAL SECOND(3)";
    case "ARRAY":
      return `ARRAY<${typeSummary(type.element!)}>`;
    case "MULTISET":
      return `MULTISET<${typeSummary(type.element!)}>`;
    case "MAP":
      return `MAP<${typeSummary(type.key!)}, ${typeSummary(type.value!)}>`;
    case "ROW":
      return `ROW<${type.fields!.map((f) => `\`${f.name}\` ${typeSummary(f.type)}`).join(", ")}>`;
    case "STRUCTURED":
      return `STRUCTURED<'${type.className}', ${type.fields!.map((f) => `\`${f.name}\` ${typeSummary(f.type)}`).join(", ")}>`;
    default:
      return type.root;
  }
}

/** With nullability: `INT NOT NULL`; nullable types carry no suffix. */
export function typeSummary(type: LogicalType): string {
  return type.nullable ? typeName(type) : `${typeName(type)} NOT NULL`;
}
