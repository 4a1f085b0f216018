/** Names where the Table API takes them as expressions. */
import { Diagnostic } from "../../base/diagnostic.ts";
import type { Expr } from "../../sql/1-parse/ast.ts";

/** The name of `$("w")`. @throws Diagnostic TABLE_EXPRESSION */
export function textOfName(ast: Expr): string {
  if (ast.kind === "name" && ast.parts.length === 1) return ast.parts[0].name;
  if (ast.kind === "literal" && ast.type === "string") return ast.text;
  throw new Diagnostic({
    code: "TABLE_EXPRESSION",
    phase: "graph",
    message: "A name is wanted here.",
    found: ast.kind,
    expected: '$("name")',
  });
}
