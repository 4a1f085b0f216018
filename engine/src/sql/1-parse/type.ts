/** Data types as they stand in DDL (with NULL and NOT NULL) and in CAST (without). */
import type { TypeField, TypeNode } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { parseIntervalQualifier } from "./interval.ts";
import { parseStringLiteral } from "./literal.ts";
import type { Span } from "./span.ts";

const EXAMPLES = "For example STRING, INT, BIGINT, DOUBLE, DECIMAL(10, 2), TIMESTAMP(3), TIMESTAMP_LTZ(3).";

/** Type names without anything behind them. */
const BARE = new Set([
  "STRING",
  "BYTES",
  "BOOLEAN",
  "INTEGER",
  "INT",
  "TINYINT",
  "SMALLINT",
  "BIGINT",
  "REAL",
  "FLOAT",
  "VARIANT",
  "BITMAP",
  "DATE",
]);
const WITH_LENGTH = new Set(["CHAR", "CHARACTER", "VARCHAR", "BINARY", "VARBINARY", "TIMESTAMP_LTZ", "TIME", "TIMESTAMP"]);
const WITH_SCALE = new Set(["DECIMAL", "DEC", "NUMERIC", "ANY"]);

/** `TIMESTAMP(3) NOT NULL`, `ARRAY<ROW<a INT, b STRING>>`, `INT NOT NULL ARRAY NULL`: as in a column. */
export function parseType(cursor: Cursor): TypeNode {
  let type = parseTypeName(cursor);
  for (;;) {
    const words = cursor.is("NOT", "NULL") ? 2 : cursor.is("NULL") ? 1 : 0;
    const collection = cursor.peek(words).upper;
    if (collection !== "ARRAY" && collection !== "MULTISET") break;
    type = { ...type, nullable: parseNullability(cursor) };
    cursor.next();
    type = collectionOf(cursor, collection, type);
  }
  const nullable = parseNullability(cursor);
  return nullable ? type : { ...type, nullable, span: cursor.spanFrom(type.span) };
}

/** The type behind AS in a cast: nullability is the operand's, so none is written. */
export function parseCastType(cursor: Cursor): TypeNode {
  const start = cursor.token;
  if (cursor.accept("INTERVAL")) {
    const { from } = parseIntervalQualifier(cursor, "after INTERVAL");
    const months = from === "YEAR" || from === "QUARTER" || from === "MONTH";
    return node(cursor, start, months ? "INTERVAL_YEAR_MONTH" : "INTERVAL_DAY_TIME");
  }
  return parsePlainType(cursor);
}

/** A type without NULL or NOT NULL at its end. */
export function parsePlainType(cursor: Cursor): TypeNode {
  let type = parseTypeName(cursor);
  for (;;) {
    const collection = cursor.acceptOneOf(["ARRAY", "MULTISET"]);
    if (collection === null) return type;
    type = collectionOf(cursor, collection, type);
  }
}

function parseNullability(cursor: Cursor): boolean {
  if (cursor.accept("NOT", "NULL")) return false;
  cursor.accept("NULL");
  return true;
}

function node(cursor: Cursor, start: Span, name: string, more: Partial<TypeNode> = {}): TypeNode {
  return {
    kind: "type",
    name,
    parameters: [],
    nullable: true,
    children: [],
    fields: [],
    arguments: [],
    path: [],
    span: cursor.spanFrom(start),
    ...more,
  };
}

function collectionOf(cursor: Cursor, name: string, element: TypeNode): TypeNode {
  return node(cursor, element.span, name, { children: [element] });
}

function parseTypeName(cursor: Cursor): TypeNode {
  return cursor.nested(parseNestedTypeName);
}

function parseNestedTypeName(cursor: Cursor): TypeNode {
  const start = cursor.token;
  const { upper } = start;
  if (BARE.has(upper)) {
    cursor.next();
    return node(cursor, start, upper);
  }
  if (WITH_LENGTH.has(upper)) return parseWithLength(cursor, start, upper);
  if (WITH_SCALE.has(upper)) {
    cursor.next();
    const parameters: number[] = [];
    if (cursor.accept("(")) {
      parameters.push(cursor.unsignedInteger("the precision"));
      if (cursor.accept(",")) parameters.push(cursor.unsignedInteger("the scale"));
      cursor.expect(")");
    }
    return node(cursor, start, upper, { parameters });
  }
  switch (upper) {
    case "DOUBLE":
      cursor.next();
      cursor.accept("PRECISION");
      return node(cursor, start, "DOUBLE");
    case "ARRAY":
    case "MULTISET": {
      if (cursor.peek().upper !== "<") break;
      cursor.next();
      cursor.next();
      const element = parseTypeName(cursor);
      const nullable = parseNullability(cursor);
      cursor.expect(">", `to close ${upper}<`);
      return node(cursor, start, upper, { children: [{ ...element, nullable }] });
    }
    case "MAP": {
      if (cursor.peek().upper !== "<") break;
      cursor.next();
      cursor.next();
      const key = parseType(cursor);
      cursor.expect(",", "between the types of key and value");
      const value = parseType(cursor);
      cursor.expect(">", "to close MAP<");
      return node(cursor, start, "MAP", { children: [key, value] });
    }
    case "ROW":
      return parseRow(cursor, start);
    case "RAW": {
      if (cursor.peek().upper !== "(") break;
      cursor.next();
      cursor.next();
      const className = parseStringLiteral(cursor, "the class name in quotes").text;
      cursor.expect(",");
      const serializer = parseStringLiteral(cursor, "the serializer in quotes").text;
      cursor.expect(")");
      return node(cursor, start, "RAW", { arguments: [className, serializer] });
    }
    case "STRUCTURED": {
      if (cursor.peek().upper !== "<") break;
      cursor.next();
      cursor.next();
      const className = parseStringLiteral(cursor, "the class name in quotes").text;
      const fields = cursor.accept(",") ? parseFields(cursor) : [];
      cursor.expect(">", "to close STRUCTURED<");
      return node(cursor, start, "STRUCTURED", { arguments: [className], fields });
    }
    case "GEOMETRY":
      throw cursor.refusal("GEOMETRY is a type of Calcite's that Flink switches off.", start, { found: "GEOMETRY" });
    default:
      break;
  }
  if (!cursor.isIdentifier()) throw cursor.unexpected("a data type", undefined, EXAMPLES);
  return node(cursor, start, "USER_DEFINED", { path: cursor.path("a data type") });
}

function parseWithLength(cursor: Cursor, start: Span, upper: string): TypeNode {
  cursor.next();
  let name = upper;
  if (upper === "CHAR" || upper === "CHARACTER") {
    if (cursor.accept("VARYING")) name = "VARCHAR";
  } else if (upper === "BINARY" && cursor.accept("VARYING")) {
    name = "VARBINARY";
  }
  const parameters: number[] = [];
  if (cursor.accept("(")) {
    parameters.push(cursor.unsignedInteger("a number"));
    cursor.expect(")");
  }
  if (upper === "TIME" || upper === "TIMESTAMP") {
    if (cursor.accept("WITHOUT", "TIME", "ZONE")) {
      // The default, spelled out.
    } else if (cursor.is("WITH", "TIME")) {
      throw cursor.unexpected("LOCAL TIME ZONE", undefined, "Use TIMESTAMP_LTZ(3), an instant shown in the session's time zone.");
    } else if (cursor.accept("WITH")) {
      cursor.expect("LOCAL", "in WITH LOCAL TIME ZONE");
      cursor.expect("TIME");
      cursor.expect("ZONE");
      name = upper === "TIMESTAMP" ? "TIMESTAMP_LTZ" : "TIME_LTZ";
    }
  } else if ((upper === "CHAR" || upper === "CHARACTER" || upper === "VARCHAR") && cursor.accept("CHARACTER")) {
    cursor.expect("SET");
    cursor.identifier("the name of a character set");
  }
  return node(cursor, start, name, { parameters });
}

/** `ROW<a INT, b STRING 'comment'>`, `ROW(a INT)`, `ROW<>`. */
function parseRow(cursor: Cursor, start: Span): TypeNode {
  cursor.next();
  if (cursor.accept("<>")) return node(cursor, start, "ROW");
  const close = cursor.accept("(") ? ")" : ">";
  if (close === ">") cursor.expect("<", "after ROW");
  const fields = cursor.is(close) ? [] : parseFields(cursor);
  cursor.expect(close, "to close ROW");
  return node(cursor, start, "ROW", { fields });
}

function parseFields(cursor: Cursor): TypeField[] {
  const fields: TypeField[] = [];
  // Flink takes a comma before the first field, but none behind the last.
  cursor.accept(",");
  do {
    const name = cursor.identifier("a field name").name;
    const type = parseType(cursor);
    const comment = cursor.acceptKind("string")?.text ?? null;
    fields.push({ name, type, comment });
  } while (cursor.accept(","));
  return fields;
}
