/** Data types as they stand in DDL and CAST. */
import type { TypeNode } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { SqlError } from "./sql-error.ts";

const NAMES = new Set(
  `CHAR CHARACTER VARCHAR STRING BOOLEAN BINARY VARBINARY BYTES DECIMAL DEC NUMERIC TINYINT SMALLINT INT INTEGER BIGINT FLOAT DOUBLE REAL DATE
  TIME TIMESTAMP TIMESTAMP_LTZ INTERVAL ARRAY MULTISET MAP ROW NULL RAW VARIANT BITMAP`
    .split(/\s+/)
    .filter((name) => name.length > 0),
);

/** `TIMESTAMP(3) NOT NULL`, `ARRAY<ROW<a INT, b STRING>>`, `INT ARRAY`. */
export function parseType(cursor: Cursor): TypeNode {
  let type = parseBaseType(cursor);
  while (cursor.is("ARRAY") || cursor.is("MULTISET")) {
    const name = cursor.next().upper;
    type = { ...type, name, parameters: [], children: [type], fields: [], nullable: true, span: cursor.spanFrom(type.span) };
    type = { ...type, nullable: parseNullability(cursor) };
  }
  return type;
}

function parseNullability(cursor: Cursor): boolean {
  if (cursor.accept("NOT", "NULL")) return false;
  if (!cursor.is("NULL", "ON")) cursor.accept("NULL");
  return true;
}

function parseBaseType(cursor: Cursor): TypeNode {
  const token = cursor.token;
  if (token.kind !== "word" || !NAMES.has(token.upper)) {
    throw cursor.unexpected(
      "a data type",
      undefined,
      "For example STRING, INT, BIGINT, DOUBLE, DECIMAL(10, 2), TIMESTAMP(3), TIMESTAMP_LTZ(3).",
    );
  }
  cursor.next();
  let name = token.upper;
  const parameters: number[] = [];
  const children: TypeNode[] = [];
  const fields: { name: string; type: TypeNode }[] = [];
  if (name === "ARRAY" || name === "MULTISET" || name === "MAP") {
    cursor.expect("<");
    children.push(parseType(cursor));
    if (name === "MAP") {
      cursor.expect(",");
      children.push(parseType(cursor));
    }
    cursor.expect(">");
  } else if (name === "ROW") {
    const close = cursor.accept("(") ? ")" : ">";
    if (close === ">") cursor.expect("<");
    do {
      const field = cursor.identifier("a field name");
      fields.push({ name: field.name, type: parseType(cursor) });
      if (cursor.token.kind === "string") cursor.next();
    } while (cursor.accept(","));
    cursor.expect(close);
  } else if (name === "INTERVAL") {
    const unit = cursor.next().upper;
    if (cursor.accept("(")) while (!cursor.accept(")")) cursor.next();
    if (cursor.accept("TO")) {
      cursor.next();
      if (cursor.accept("(")) while (!cursor.accept(")")) cursor.next();
    }
    name = unit === "YEAR" || unit === "MONTH" ? "INTERVAL_YEAR_MONTH" : "INTERVAL_DAY_TIME";
  } else {
    if (name === "DOUBLE") cursor.accept("PRECISION");
    if (cursor.accept("(")) {
      do {
        const number = cursor.acceptKind("integer");
        if (number === null) throw cursor.unexpected("a number");
        parameters.push(Number(number.text));
      } while (cursor.accept(","));
      cursor.expect(")");
    }
    if (name === "TIME" || name === "TIMESTAMP") {
      if (cursor.accept("WITHOUT", "TIME", "ZONE")) {
        // The default, spelled out.
      } else if (cursor.accept("WITH", "LOCAL", "TIME", "ZONE")) {
        name = "TIMESTAMP_LTZ";
      } else if (cursor.is("WITH", "TIME", "ZONE")) {
        throw new SqlError("parse", "SQL_SYNTAX", "TIMESTAMP WITH TIME ZONE is not supported.", cursor.token, {
          hint: "Use TIMESTAMP_LTZ(3), an instant shown in the session's time zone.",
        });
      }
    }
  }
  const nullable = parseNullability(cursor);
  return { kind: "type", name, parameters, nullable, children, fields, span: cursor.spanFrom(token) };
}
