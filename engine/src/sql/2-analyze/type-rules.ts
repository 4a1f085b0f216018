/** Type derivation shared by expressions and set operations: common types, decimals of integers, types of AST nodes. */
import {
  arrayOf,
  BIGINT,
  BOOLEAN,
  BYTES,
  charOf,
  DATE,
  DOUBLE,
  decimalOf,
  FLOAT,
  INT,
  INTERVAL_DAY_TIME,
  INTERVAL_YEAR_MONTH,
  isBinary,
  isCharacter,
  isNumeric,
  isTimestamp,
  type LogicalType,
  mapOf,
  multisetOf,
  NULL_TYPE,
  numericRank,
  rowTypeOf,
  SMALLINT,
  STRING,
  TINYINT,
  timeOf,
  timestampLtzOf,
  timestampOf,
  varcharOf,
  withNullable,
  withoutTimeAttribute,
} from "../../types/logical-type.ts";
import type { TypeNode } from "../1-parse/ast.ts";
import { SqlError } from "../1-parse/sql-error.ts";

/** Exact numbers as decimals: TINYINT 3, SMALLINT 5, INT 10, BIGINT 19 digits. */
export function decimalForm(type: LogicalType): { precision: number; scale: number } {
  switch (type.root) {
    case "TINYINT":
      return { precision: 3, scale: 0 };
    case "SMALLINT":
      return { precision: 5, scale: 0 };
    case "INT":
      return { precision: 10, scale: 0 };
    case "BIGINT":
      return { precision: 19, scale: 0 };
    default:
      return { precision: type.precision ?? 38, scale: type.scale ?? 0 };
  }
}

/** The least restrictive type both can be cast to without being asked, null when there is none. */
export function commonType(a: LogicalType, b: LogicalType): LogicalType | null {
  const nullable = a.nullable || b.nullable;
  const common = commonOf(withoutTimeAttribute(a), withoutTimeAttribute(b));
  return common === null ? null : withNullable(common, nullable);
}

function commonOf(a: LogicalType, b: LogicalType): LogicalType | null {
  if (a.root === "NULL") return withNullable(b, true);
  if (b.root === "NULL") return withNullable(a, true);
  if (isNumeric(a) && isNumeric(b)) {
    if (a.root === "DOUBLE" || b.root === "DOUBLE") return DOUBLE;
    if (a.root === "FLOAT" || b.root === "FLOAT") {
      return a.root === "DECIMAL" || b.root === "DECIMAL" ? DOUBLE : FLOAT;
    }
    if (a.root === "DECIMAL" || b.root === "DECIMAL") {
      const x = decimalForm(a);
      const y = decimalForm(b);
      const scale = Math.max(x.scale, y.scale);
      const digits = Math.max(x.precision - x.scale, y.precision - y.scale);
      return decimalOf(Math.min(38, digits + scale), scale);
    }
    return numericRank(a) >= numericRank(b) ? a : b;
  }
  if (isCharacter(a) && isCharacter(b)) {
    const length = Math.max(a.length ?? 0, b.length ?? 0);
    return a.root === "CHAR" && b.root === "CHAR" && a.length === b.length ? charOf(length) : varcharOf(length);
  }
  if (isBinary(a) && isBinary(b)) return { root: "VARBINARY", nullable: true, length: Math.max(a.length ?? 0, b.length ?? 0) };
  if (isTimestamp(a) && isTimestamp(b)) {
    const precision = Math.max(a.precision ?? 6, b.precision ?? 6);
    return a.root === "TIMESTAMP_LTZ" || b.root === "TIMESTAMP_LTZ" ? timestampLtzOf(precision) : timestampOf(precision);
  }
  if ((a.root === "DATE" && isTimestamp(b)) || (b.root === "DATE" && isTimestamp(a))) return a.root === "DATE" ? b : a;
  if (a.root !== b.root) return null;
  switch (a.root) {
    case "ARRAY":
    case "MULTISET": {
      const element = commonType(a.element!, b.element!);
      return element === null ? null : { ...a, element };
    }
    case "MAP": {
      const key = commonType(a.key!, b.key!);
      const value = commonType(a.value!, b.value!);
      return key === null || value === null ? null : mapOf(key, value);
    }
    case "ROW": {
      if (a.fields!.length !== b.fields!.length) return null;
      const types = a.fields!.map((field, i) => commonType(field.type, b.fields![i].type));
      return types.some((type) => type === null) ? null : rowTypeOf(a.fields!.map((field, i) => ({ name: field.name, type: types[i]! })));
    }
    default:
      return (a.precision ?? 0) >= (b.precision ?? 0) ? a : b;
  }
}

/** True when `=` and `<` make sense between the two (after numeric widening). */
export function comparable(a: LogicalType, b: LogicalType): boolean {
  if (a.root === "NULL" || b.root === "NULL") return true;
  if (isNumeric(a) && isNumeric(b)) return true;
  if (isCharacter(a) && isCharacter(b)) return true;
  if (isTimestamp(a) && isTimestamp(b)) return true;
  if (isBinary(a) && isBinary(b)) return true;
  return a.root === b.root;
}

/** The type that a type node of the syntax tree means. */
export function typeOfNode(node: TypeNode): LogicalType {
  return withNullable(baseTypeOf(node), node.nullable);
}

function baseTypeOf(node: TypeNode): LogicalType {
  const [first, second] = node.parameters;
  switch (node.name) {
    case "CHAR":
    case "CHARACTER":
      return charOf(first ?? 1);
    case "VARCHAR":
      return varcharOf(first ?? 1);
    case "STRING":
      return STRING;
    case "BOOLEAN":
      return BOOLEAN;
    case "BINARY":
      return { root: "BINARY", nullable: true, length: first ?? 1 };
    case "VARBINARY":
      return { root: "VARBINARY", nullable: true, length: first ?? 1 };
    case "BYTES":
      return BYTES;
    case "DECIMAL":
    case "DEC":
    case "NUMERIC": {
      const precision = first ?? 10;
      const scale = second ?? 0;
      if (precision < 1 || precision > 38 || scale > precision) {
        throw new SqlError("validate", "SQL_TYPE_RANGE", `DECIMAL(${precision}, ${scale}) is out of range.`, node.span, {
          expected: "precision 1 to 38, scale 0 to precision",
        });
      }
      return decimalOf(precision, scale);
    }
    case "TINYINT":
      return TINYINT;
    case "SMALLINT":
      return SMALLINT;
    case "INT":
    case "INTEGER":
      return INT;
    case "BIGINT":
      return BIGINT;
    case "FLOAT":
    case "REAL":
      return FLOAT;
    case "DOUBLE":
      return DOUBLE;
    case "DATE":
      return DATE;
    case "TIME":
      return timeOf(first ?? 0);
    case "TIMESTAMP":
      return timestampOf(first ?? 6);
    case "TIMESTAMP_LTZ":
      return timestampLtzOf(first ?? 6);
    case "INTERVAL_DAY_TIME":
      return INTERVAL_DAY_TIME;
    case "INTERVAL_YEAR_MONTH":
      return INTERVAL_YEAR_MONTH;
    case "ARRAY":
      return arrayOf(typeOfNode(node.children[0]));
    case "MULTISET":
      return multisetOf(typeOfNode(node.children[0]));
    case "MAP":
      return mapOf(typeOfNode(node.children[0]), typeOfNode(node.children[1]));
    case "ROW":
      return rowTypeOf(node.fields.map((field) => ({ name: field.name, type: typeOfNode(field.type) })));
    case "NULL":
      return NULL_TYPE;
    default:
      throw new SqlError("validate", "SQL_UNSUPPORTED_TYPE", `The type ${node.name} is not supported.`, node.span);
  }
}
