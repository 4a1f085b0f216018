/**
 * Expressions of the Table API build the syntax tree that SQL's parser builds, so that one binder gives types to both. A method is a node around what
 * it was called on. Methods stand in classes by family, each extending the one before it; `Expression` at their end is the only one that exists.
 */
import { Diagnostic } from "../../base/diagnostic.ts";
import { call } from "../../sql/1-parse/call.ts";
import { Cursor } from "../../sql/1-parse/cursor.ts";
import { tokenize } from "../../sql/1-parse/lexer.ts";
import type { CallExpr, Expr, Identifier, LiteralExpr, TypeNode } from "../../sql/1-parse/ast.ts";
import type { Span } from "../../sql/1-parse/span.ts";
import { parseType } from "../../sql/1-parse/type.ts";
import { typeName } from "../../types/logical-type.ts";
import { formatTimestamp } from "../../sql/functions/temporal-text.ts";
import { logicalTypeOf, type TypeLike } from "../../sql/user-functions/data-types.ts";
import { Row } from "../../sql/user-functions/row.ts";
import type { Expression } from "./expression.ts";

/** Nothing of a program is at a place in a text of SQL. */
export const NOWHERE: Span = { start: 0, end: 0 };

/** An expression, or a value that becomes a literal. (Flink: docs/dev/table/tableapi, "Expression Syntax") */
export type ExpressionLike = Expression | string | number | bigint | boolean | Date | null | Row | readonly ExpressionLike[];

export abstract class ExpressionBase {
  /** @internal */
  readonly ast: Expr;

  /** @internal Use `$`, `lit` and `call`. */
  constructor(ast: Expr) {
    this.ast = ast;
  }

  /** Another expression; all are of the one class at the end of the chain. */
  protected make(ast: Expr): Expression {
    return new (this.constructor as new (ast: Expr) => Expression)(ast);
  }

  /** A call of a built-in function, this expression being its first argument. */
  protected apply(name: string, ...args: readonly (ExpressionLike | undefined)[]): Expression {
    const given = args.filter((arg) => arg !== undefined);
    return this.make(call(name, NOWHERE, [this.ast, ...given.map(astOf)]));
  }
}

/** The node of an expression or of the literal that a value becomes. */
export function astOf(value: ExpressionLike): Expr {
  if (value instanceof ExpressionBase) return value.ast;
  if (Array.isArray(value)) return { kind: "array", items: (value as readonly ExpressionLike[]).map(astOf), span: NOWHERE };
  if (value instanceof Row) {
    const items = Array.from({ length: value.getArity() }, (_, i) => astOf(value.getField<ExpressionLike>(i)));
    return { kind: "row", items, span: NOWHERE };
  }
  if (value instanceof Date) return literal("timestamp", formatTimestamp(value.getTime(), 3));
  if (value === null) return literal("null", "NULL");
  switch (typeof value) {
    case "string":
      return literal("string", value);
    case "boolean":
      return literal("boolean", value ? "TRUE" : "FALSE");
    case "bigint":
      return {
        kind: "cast",
        operand: signed(value < 0n, literal("integer", String(value < 0n ? -value : value))),
        type: typeNode("BIGINT"),
        safe: false,
        span: NOWHERE,
      };
    case "number":
      if (Number.isFinite(value)) return numberLiteral(value);
      break;
    default:
  }
  throw new Diagnostic({
    code: "TABLE_LITERAL",
    phase: "graph",
    message: `Cannot derive a literal from ${typeof value === "object" ? "an object" : String(value)}.`,
    expected: 'an expression such as $("a"), a text, a number, a boolean, a Date, a Row or an array of these',
  });
}

/** Whole numbers are INT or BIGINT, others DOUBLE. */
function numberLiteral(value: number): Expr {
  const size = Math.abs(value);
  return signed(value < 0, Number.isInteger(value) ? literal("integer", size.toFixed(0)) : literal("double", size.toExponential()));
}

function signed(negative: boolean, operand: LiteralExpr): Expr {
  return negative ? { kind: "unary", op: "-", operand, span: NOWHERE } : operand;
}

export function literal(type: LiteralExpr["type"], text: string): LiteralExpr {
  return { kind: "literal", type, text, span: NOWHERE };
}

export function identifier(name: string): Identifier {
  return { name, span: NOWHERE } as Identifier;
}

export function nameOf(name: string): Expr {
  return { kind: "name", parts: [identifier(name)], span: NOWHERE };
}

/** The type as a cast names it. @throws Diagnostic TABLE_TYPE */
export function typeNode(type: TypeLike): TypeNode {
  const text = typeName(logicalTypeOf(type));
  return parseType(new Cursor(text, tokenize(text)));
}

/** @throws Diagnostic TABLE_EXPRESSION when it is no call */
export function callOfAst(ast: Expr, what: string): CallExpr {
  if (ast.kind === "call") return ast;
  throw new Diagnostic({
    code: "TABLE_EXPRESSION",
    phase: "graph",
    message: `${what} stands behind a call of a function.`,
    found: ast.kind,
    expected: '$("a").sum()',
  });
}
