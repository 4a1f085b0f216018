/** Types of columns, arguments and results as programs name them. */
import { Diagnostic } from "../../base/diagnostic.ts";
import * as types from "../../types/logical-type.ts";
import { type LogicalType, typeSummary, withNullable } from "../../types/logical-type.ts";
import { Cursor } from "../1-parse/cursor.ts";
import { tokenize } from "../1-parse/lexer.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import { parseType } from "../1-parse/type.ts";
import { typeOfNode } from "../2-analyze/type-rules.ts";

/**
 * A type of the Table API: nullable unless `notNull()` says otherwise. Values of it are, in a program: numbers (DECIMAL too, to the precision of
 * a double; BIGINT beyond ±2^53 as `bigint`), texts, booleans, `Date` for DATE, TIME, TIMESTAMP and TIMESTAMP_LTZ (to be read in UTC),
 * `Uint8Array`, arrays, `Map` for MAP and MULTISET, `Row` for ROW, objects for STRUCTURED, numbers of milliseconds or months for intervals.
 * (Flink: docs/dev/table/types)
 */
export class DataType {
  /** @internal */
  readonly logicalType: LogicalType;

  /** @internal Use `DataTypes`. */
  constructor(logicalType: LogicalType) {
    this.logicalType = logicalType;
  }

  /** The same type without NULL. */
  notNull(): DataType {
    return new DataType(withNullable(this.logicalType, false));
  }

  /** The same type with NULL. */
  nullable(): DataType {
    return new DataType(withNullable(this.logicalType, true));
  }

  /** As DDL writes it: `BIGINT NOT NULL`. */
  toString(): string {
    return typeSummary(this.logicalType);
  }
}

/** A field of a ROW type, made by `DataTypes.FIELD`. (Flink: docs/dev/table/types) */
export interface DataTypeField {
  /** Its name. */
  readonly name: string;
  /** Its type. */
  readonly type: DataType;
}

function typed(logicalType: LogicalType): DataType {
  return new DataType(logicalType);
}

/** A type, or its text as in DDL, such as `DECIMAL(10, 2)`. (Flink: docs/dev/table/types) */
export type TypeLike = DataType | string;

/** The type that a text as in DDL or a `DataType` names. @throws Diagnostic TABLE_TYPE */
export function logicalTypeOf(type: TypeLike): LogicalType {
  if (type instanceof DataType) return type.logicalType;
  const interval = /^\s*INTERVAL\s+(YEAR|MONTH|DAY|HOUR|MINUTE|SECOND)\b[\w\s()]*$/i.exec(type)?.[1].toUpperCase();
  if (interval !== undefined)
    return {
      root: interval === "YEAR" || interval === "MONTH" ? "INTERVAL_YEAR_MONTH" : "INTERVAL_DAY_TIME",
      nullable: !/NOT\s+NULL\s*$/i.test(type),
    };
  try {
    const text = quotedFields(type);
    const cursor = new Cursor(text, tokenize(text));
    const node = parseType(cursor);
    if (!cursor.atEnd) throw cursor.unexpected("the end of the type");
    return typeOfNode(node);
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    throw new Diagnostic({
      code: "TABLE_TYPE",
      phase: "graph",
      message: `'${type}' is no data type: ${error.message}`,
      expected: "a type as in DDL, such as BIGINT, STRING NOT NULL, ARRAY<INT>",
    });
  }
}

/** Words that begin a type: not the name of a field, where a type is expected. */
const TYPE_WORDS: ReadonlySet<string> = new Set(
  "CHAR CHARACTER VARCHAR STRING BOOLEAN BINARY VARBINARY BYTES DECIMAL DEC NUMERIC TINYINT SMALLINT INT INTEGER BIGINT FLOAT DOUBLE DATE TIME TIMESTAMP TIMESTAMP_LTZ INTERVAL ARRAY MULTISET MAP ROW STRUCTURED RAW NULL VARIANT BITMAP".split(
    " ",
  ),
);

/** Fields of a ROW may be called by words that SQL reserves, such as `count`, as in Flink's hints. */
function quotedFields(type: string): string {
  return type.replace(/([<,(]\s*)([A-Za-z_]\w*)(?=\s+[A-Za-z])/g, (whole, before: string, name: string) =>
    TYPE_WORDS.has(name.toUpperCase()) ? whole : `${before}\`${name}\``,
  );
}

/** The types, under Flink's names. (Flink: docs/dev/table/types) */
export const DataTypes = {
  /** A type as DDL writes it: `DataTypes.of("MAP<STRING, INT>")`. @throws Diagnostic TABLE_TYPE */
  of: (text: string): DataType => typed(logicalTypeOf(text)),
  /** Text of exactly this many characters. */
  CHAR: (length: number): DataType => typed(types.charOf(length)),
  /** Text of at most this many characters. */
  VARCHAR: (length: number): DataType => typed(types.varcharOf(length)),
  /** Text of any length. */
  STRING: (): DataType => typed(types.STRING),
  BOOLEAN: (): DataType => typed(types.BOOLEAN),
  /** Bytes of any length, a `Uint8Array`. */
  BYTES: (): DataType => typed(types.BYTES),
  /** A decimal number of so many digits, `scale` of them behind the point. */
  DECIMAL: (precision: number, scale: number): DataType => typed(types.decimalOf(precision, scale)),
  TINYINT: (): DataType => typed(types.TINYINT),
  SMALLINT: (): DataType => typed(types.SMALLINT),
  INT: (): DataType => typed(types.INT),
  BIGINT: (): DataType => typed(types.BIGINT),
  FLOAT: (): DataType => typed(types.FLOAT),
  DOUBLE: (): DataType => typed(types.DOUBLE),
  DATE: (): DataType => typed(types.DATE),
  /** Time of day with so many digits behind the second, default 0. */
  TIME: (precision = 0): DataType => typed(types.timeOf(precision)),
  /** Date and time without a zone, with so many digits behind the second; default 6. */
  TIMESTAMP: (precision = 6): DataType => typed(types.timestampOf(precision)),
  /** A point in time, shown in the session's zone; so many digits behind the second, default 6. */
  TIMESTAMP_LTZ: (precision = 6): DataType => typed(types.timestampLtzOf(precision)),
  /** The same as `TIMESTAMP_LTZ`. */
  TIMESTAMP_WITH_LOCAL_TIME_ZONE: (precision = 6): DataType => typed(types.timestampLtzOf(precision)),
  /** A list of values of one type. */
  ARRAY: (element: TypeLike): DataType => typed(types.arrayOf(logicalTypeOf(element))),
  /** Keys and values. */
  MAP: (key: TypeLike, value: TypeLike): DataType => typed(types.mapOf(logicalTypeOf(key), logicalTypeOf(value))),
  /** Values, each with a number of times. */
  MULTISET: (element: TypeLike): DataType => typed(types.multisetOf(logicalTypeOf(element))),
  /** Fields by name (`DataTypes.FIELD`), or by position: `f0`, `f1` … */
  ROW: (...fields: readonly (DataTypeField | TypeLike)[]): DataType =>
    typed(
      types.rowTypeOf(
        fields.map((field, i) =>
          typeof field === "object" && "name" in field
            ? { name: field.name, type: field.type.logicalType }
            : { name: `f${i}`, type: logicalTypeOf(field) },
        ),
      ),
    ),
  /** A field of a ROW. */
  FIELD: (name: string, type: TypeLike): DataTypeField => ({ name, type: typed(logicalTypeOf(type)) }),
  /** A span of time: ms from days to seconds (`INTERVAL("DAY")`), months from years to months (`INTERVAL("YEAR")`). */
  INTERVAL: (unit: "YEAR" | "MONTH" | "DAY" | "HOUR" | "MINUTE" | "SECOND"): DataType => typed(logicalTypeOf(`INTERVAL ${unit}`)),
  /** The type of the bare word NULL. */
  NULL: (): DataType => typed(types.NULL_TYPE),
};
