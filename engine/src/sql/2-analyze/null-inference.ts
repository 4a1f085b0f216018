/**
 * Which type the bare word NULL has in `MAP[key, value, …]`: where Flink's validator comes by on its way down from a SELECT item or a condition, that of the first key, whether NULL
 * stands for a key or a value (`SqlValidatorImpl.inferUnknownTypes`, `InferTypes.FIRST_KNOWN`); so `MAP['x', 1, 'y', NULL]` has an INT and a CHAR(1) for values, and is refused.
 * It does not come by where an operator above has asked for the type of the map before: a CAST, an ARRAY, a CASE, and most functions do. There NULL goes with the others.
 *
 *   SELECT MAP['x', 1, 'y', NULL]                     refused
 *   SELECT CAST(MAP['x', 1, 'y', NULL] AS STRING)     {x=1, y=NULL}
 */
import type { Expr } from "../1-parse/ast.ts";

/** Constructors whose NULLs have the type of the first key. */
const COME_BY = new WeakSet<Expr>();

/** Functions that Calcite brings along and that do not look at their arguments' types first. */
const UNASKING: ReadonlySet<string> = new Set(["CARDINALITY", "COUNT", "FIRST_VALUE", "LAST_VALUE", "COLLECT", "ELEMENT"]);

/** To be told of each expression from which the validator sets out, before it is bound. */
export function comeBy(expr: Expr): void {
  const waiting = [expr];
  // Conditions may be thousands of operators deep.
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.kind === "map") COME_BY.add(next);
    waiting.push(...unasked(next));
  }
}

export function hasTypedNulls(expr: Expr): boolean {
  return COME_BY.has(expr);
}

/** Operands whose types nobody has asked for. Of operators that go by the first operand that has a type, those behind it. */
function unasked(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case "map":
    case "array":
      return behindFirstKnown(expr.items);
    case "binary":
      return expr.op === "AND" || expr.op === "OR" ? [expr.left, expr.right] : behindFirstKnown([expr.left, expr.right]);
    case "isDistinct":
      return behindFirstKnown([expr.left, expr.right]);
    case "unary":
    case "is":
      return [expr.operand];
    case "index":
      return [expr.operand, expr.index];
    case "row":
      return expr.items;
    case "call":
      return UNASKING.has(expr.name) ? expr.args : [];
    default:
      return [];
  }
}

function behindFirstKnown(operands: readonly Expr[]): readonly Expr[] {
  return operands.slice(1);
}
