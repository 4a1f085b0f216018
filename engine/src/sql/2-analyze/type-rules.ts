/** Type derivation shared by expressions and set operations: common types, decimals of integers, types of AST nodes. */
import {
  arrayOf,
  BIGINT,
  BITMAP,
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
  isApproximate,
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
  typeName,
  VARIANT,
  varcharOf,
  withNullable,
  withoutTimeAttribute,
} from "../../types/logical-type.ts";
import type { TypeNode } from "../1-parse/ast.ts";
import type { Span } from "../1-parse/span.ts";
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

/**
 * Which of two approximate or datetime types wins differs between Calcite's rules (CASE, IF, set operations, VALUES, constructors) and
 * Flink's own (COALESCE, GREATEST and the functions with Flink's type inference).
 */
interface Preference {
  approximate(a: LogicalType, b: LogicalType): LogicalType;
  timestamps(a: LogicalType, b: LogicalType): LogicalType;
  /** DATE or TIME with a timestamp, null = no common type. */
  dateOrTimeWithTimestamp(dateOrTime: LogicalType): LogicalType | null;
}

const CALCITE: Preference = {
  approximate: (a, b) => {
    if (isApproximate(a)) return a.root === "FLOAT" && b.root === "DECIMAL" ? DOUBLE : a;
    return b.root === "FLOAT" && a.root === "DECIMAL" ? DOUBLE : b;
  },
  timestamps: (a, b) => {
    const [p, q] = [a.precision ?? 6, b.precision ?? 6];
    if (p === q) return a;
    return { ...b, precision: Math.max(p, q) };
  },
  dateOrTimeWithTimestamp: () => null,
};

const FLINK: Preference = {
  approximate: (a, b) => {
    if (a.root === "DOUBLE" || b.root === "DOUBLE") return DOUBLE;
    return a.root === "FLOAT" && b.root === "DECIMAL" ? DOUBLE : FLOAT;
  },
  timestamps: (a, b) => {
    const precision = Math.max(a.precision ?? 6, b.precision ?? 6);
    return a.root === "TIMESTAMP_LTZ" || b.root === "TIMESTAMP_LTZ" ? timestampLtzOf(precision) : timestampOf(precision);
  },
  dateOrTimeWithTimestamp: (dateOrTime) => dateOrTime,
};

/** Calcite's least restrictive type, to which both are cast in CASE, IF, IN, set operations and constructors; null when there is none. */
export function leastRestrictive(a: LogicalType, b: LogicalType): LogicalType | null {
  return unified(a, b, CALCITE);
}

/** Flink's common type, for functions with Flink's own type inference; null when there is none. */
export function commonType(a: LogicalType, b: LogicalType): LogicalType | null {
  return unified(a, b, FLINK);
}

function unified(a: LogicalType, b: LogicalType, preference: Preference): LogicalType | null {
  const nullable = a.nullable || b.nullable;
  const common = commonOf(withoutTimeAttribute(a), withoutTimeAttribute(b), preference);
  return common === null ? null : withNullable(common, nullable);
}

function commonOf(a: LogicalType, b: LogicalType, preference: Preference): LogicalType | null {
  if (a.root === "NULL") return withNullable(b, true);
  if (b.root === "NULL") return withNullable(a, true);
  if (isNumeric(a) && isNumeric(b)) {
    if (isApproximate(a) || isApproximate(b)) return preference.approximate(a, b);
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
  if (isBinary(a) && isBinary(b)) {
    const length = Math.max(a.length ?? 0, b.length ?? 0);
    return { root: a.root === "BINARY" && b.root === "BINARY" && a.length === b.length ? "BINARY" : "VARBINARY", nullable: true, length };
  }
  if (isTimestamp(a) && isTimestamp(b)) return preference.timestamps(a, b);
  if ((a.root === "DATE" || a.root === "TIME") && b.root === "TIMESTAMP") return preference.dateOrTimeWithTimestamp(a);
  if ((b.root === "DATE" || b.root === "TIME") && a.root === "TIMESTAMP") return preference.dateOrTimeWithTimestamp(b);
  if (a.root !== b.root) return null;
  return commonOfConstructed(a, b, preference);
}

function commonOfConstructed(a: LogicalType, b: LogicalType, preference: Preference): LogicalType | null {
  switch (a.root) {
    case "ARRAY":
    case "MULTISET": {
      const element = unified(a.element!, b.element!, preference);
      return element === null ? null : { ...a, element };
    }
    case "MAP": {
      const key = unified(a.key!, b.key!, preference);
      const value = unified(a.value!, b.value!, preference);
      return key === null || value === null ? null : mapOf(key, value);
    }
    case "ROW": {
      if (a.fields!.length !== b.fields!.length) return null;
      const types = a.fields!.map((field, i) => unified(field.type, b.fields![i].type, preference));
      return types.some((type) => type === null) ? null : rowTypeOf(a.fields!.map((field, i) => ({ name: field.name, type: types[i]! })));
    }
    case "STRUCTURED":
      return typeName(a) === typeName(b) ? a : null;
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

function refuseDuplicates(names: readonly string[], span: Span): void {
  const twice = [...new Set(names.filter((name, i) => names.indexOf(name) !== i))];
  if (twice.length > 0)
    throw new SqlError("validate", "SQL_DUPLICATE_FIELD", `Field names must be unique. Found duplicates: [${twice.join(", ")}]`, span);
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
      return first === undefined ? STRING : varcharOf(first);
    case "STRING":
      return STRING;
    case "BOOLEAN":
      return BOOLEAN;
    case "BINARY":
      return { root: "BINARY", nullable: true, length: first ?? 1 };
    case "VARBINARY":
      return first === undefined ? BYTES : { root: "VARBINARY", nullable: true, length: first };
    case "BYTES":
      return BYTES;
    case "DECIMAL":
    case "DEC":
    case "NUMERIC": {
      // As Calcite does, too large a precision is taken down to the largest.
      const precision = Math.min(first ?? 10, 38);
      const scale = second ?? 0;
      if (precision < 1 || scale > precision) {
        throw new SqlError(
          "validate",
          "SQL_TYPE_RANGE",
          `Decimal scale must be between 0 and the precision ${precision} (both inclusive).`,
          node.span,
          { found: `DECIMAL(${precision}, ${scale})`, expected: "precision 1 to 38, scale 0 to precision" },
        );
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
      return timeOf(Math.min(first ?? 0, 3));
    case "TIMESTAMP":
      return timestampOf(Math.min(first ?? 6, 9));
    case "TIMESTAMP_LTZ":
      return timestampLtzOf(Math.min(first ?? 6, 9));
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
      refuseDuplicates(
        node.fields.map(({ name }) => name),
        node.span,
      );
      return rowTypeOf(node.fields.map((field) => ({ name: field.name, type: typeOfNode(field.type) })));
    case "VARIANT":
      return VARIANT;
    case "BITMAP":
      return BITMAP;
    case "NULL":
      return NULL_TYPE;
    case "RAW":
      throw new SqlError(
        "validate",
        "SQL_UNSUPPORTED_TYPE",
        `RAW is for values of a Java class, and ${node.arguments[0]} is not here.`,
        node.span,
        { found: `RAW('${node.arguments[0]}', …)`, hint: "Keep such values as STRING, BYTES or ROW." },
      );
    default:
      if (node.path.length > 0) {
        const name = node.path.map((part) => part.name).join(".");
        throw new SqlError("validate", "SQL_UNSUPPORTED_TYPE", `Unknown identifier '${name}'`, node.span, {
          found: name,
          expected: "a type",
        });
      }
      throw new SqlError("validate", "SQL_UNSUPPORTED_TYPE", `The type ${node.name} is not supported.`, node.span);
  }
}
