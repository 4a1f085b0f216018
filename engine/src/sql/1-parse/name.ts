/** Names in expressions: `a`, `t.a`, `t.*`. */
import type { Identifier, NameExpr, StarExpr } from "./ast.ts";
import type { Cursor } from "./cursor.ts";

export function parseName(cursor: Cursor): NameExpr | StarExpr {
  const { token } = cursor;
  const parts: Identifier[] = cursor.path("an expression");
  if (cursor.is(".") && cursor.peek().upper === "*") {
    cursor.next();
    cursor.next();
    return { kind: "star", qualifier: parts, span: cursor.spanFrom(token) };
  }
  return { kind: "name", parts, span: parts.length === 1 ? token : cursor.spanFrom(token) };
}
