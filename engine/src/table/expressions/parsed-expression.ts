/** Expressions written in SQL. */
import { Diagnostic } from "../../base/diagnostic.ts";
import type { Expr } from "../../sql/1-parse/ast.ts";
import { Cursor } from "../../sql/1-parse/cursor.ts";
import { parseExpression } from "../../sql/1-parse/expression.ts";
import { tokenize } from "../../sql/1-parse/lexer.ts";
import { SqlError } from "../../sql/1-parse/sql-error.ts";

/** @throws Diagnostic TABLE_SQL */
export function parsedExpression(text: string): Expr {
  try {
    const cursor = new Cursor(text, tokenize(text));
    const ast = parseExpression(cursor);
    const [mistake] = cursor.takeErrors();
    if (mistake !== undefined) throw mistake;
    if (!cursor.atEnd) throw cursor.unexpected("the end of the expression");
    return ast;
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    throw new Diagnostic({ code: "TABLE_SQL", phase: "graph", message: `Invalid SQL expression: ${error.message}`, found: text });
  }
}
