/** Values of expressions that need no row: literals, or calls of literals. */
import { interpretExpression } from "../5-execute/codegen/interpret-expression.ts";
import type { EvalContext } from "../functions/scalar-function.ts";
import type { Rex } from "./rex.ts";

/** No clock, no watermark, UTC: only for what does not depend on them. */
export const UTC_CONTEXT: EvalContext = { currentMs: () => 0, currentWatermark: () => null, random: () => 0, zoneOffsetMs: () => 0 };

export function isConstant(rex: Rex): boolean {
  return rex.kind === "literal" || (rex.kind === "call" && rex.fn.dynamic !== true && rex.args.every(isConstant));
}

/** Value of a constant expression; may throw `SqlRuntimeError`. */
export function constantValue(rex: Rex, context: EvalContext = UTC_CONTEXT): unknown {
  return interpretExpression(rex, context)([]);
}
