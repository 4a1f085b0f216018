/** What stands between the parentheses of OVER ( … ) or of a WINDOW clause. */
import type { Expr, FrameBound, OrderItem, WindowSpec } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { parseExpressionList, parseNonQueryExpression, parseOrderBy } from "./expression.ts";

export function parseWindowSpec(cursor: Cursor): WindowSpec {
  return cursor.nested(parseSpec);
}

function parseSpec(cursor: Cursor): WindowSpec {
  const open = cursor.expect("(");
  const base = cursor.isIdentifier() ? cursor.identifier() : null;
  let partitionBy: Expr[] = [];
  if (cursor.accept("PARTITION")) {
    cursor.expect("BY", "after PARTITION");
    partitionBy = parseExpressionList(cursor, parseNonQueryExpression);
  }
  const orderBy: OrderItem[] = cursor.accept("ORDER") ? parseOrderBy(cursor) : [];
  const frame = parseFrame(cursor);
  const partial = cursor.acceptOneOf(["ALLOW", "DISALLOW"]);
  if (partial !== null) cursor.expect("PARTIAL", `after ${partial}`);
  cursor.expect(")", "to close the window");
  return { kind: "windowSpec", base, partitionBy, orderBy, frame, partial, span: cursor.spanFrom(open) };
}

function parseFrame(cursor: Cursor): WindowSpec["frame"] {
  const unit = cursor.acceptOneOf(["ROWS", "RANGE"]);
  if (unit === null) return null;
  if (!cursor.accept("BETWEEN")) return { unit, start: parseBound(cursor), end: { kind: "currentRow", offset: null } };
  const start = parseBound(cursor);
  cursor.expect("AND", "between the bounds of the frame");
  return { unit, start, end: parseBound(cursor) };
}

function parseBound(cursor: Cursor): FrameBound {
  if (cursor.accept("UNBOUNDED", "PRECEDING")) return { kind: "unboundedPreceding", offset: null };
  if (cursor.accept("UNBOUNDED", "FOLLOWING")) return { kind: "unboundedFollowing", offset: null };
  if (cursor.accept("CURRENT", "ROW")) return { kind: "currentRow", offset: null };
  const offset = parseNonQueryExpression(cursor);
  if (cursor.accept("PRECEDING")) return { kind: "preceding", offset };
  if (cursor.accept("FOLLOWING")) return { kind: "following", offset };
  throw cursor.unexpected("PRECEDING or FOLLOWING");
}
