/** Functions that only make sense with OVER. */
import { typeSummary } from "../../types/logical-type.ts";
import type { CallExpr, Expr, Identifier } from "../1-parse/ast.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import type { Rex } from "./rex.ts";

export const RANKING: readonly string[] = ["ROW_NUMBER", "RANK", "DENSE_RANK", "NTILE", "PERCENT_RANK", "CUME_DIST"];
export const NAVIGATION: readonly string[] = ["LAG", "LEAD"];

/** How many arguments they take. */
const COUNTS: Readonly<Record<string, readonly [least: number, most: number]>> = { NTILE: [1, 1], LAG: [1, 3], LEAD: [1, 3] };

function isWindowFunction(name: string): boolean {
  return RANKING.includes(name) || NAVIGATION.includes(name);
}

/** In the SELECT list Calcite misses OVER where the function stands alone and has no alias; elsewhere the code generator has no code for the call. */
export function refuseAlone(expr: Expr, alias: Identifier | null): void {
  if (alias === null && expr.kind === "call" && expr.over === null && isWindowFunction(expr.name))
    throw new SqlError("validate", "SQL_OVER", "OVER clause is necessary for window functions", expr.span, { found: `${expr.name}(…)` });
}

/** A ranking or navigation function without OVER. */
export function refuseWithoutOver(call: CallExpr, args: readonly Rex[]): void {
  if (!isWindowFunction(call.name)) return;
  const [least, most] = COUNTS[call.name] ?? [0, 0];
  if (args.length < least || args.length > most) {
    const message = `Invalid number of arguments to function '${call.name}'. Was expecting ${least} arguments`;
    throw new SqlError("validate", "SQL_ARGUMENT_COUNT", message, call.span, { found: `${args.length} arguments` });
  }
  const shown = args.map(({ type }) => typeSummary(type)).join(", ");
  throw new SqlError("plan", "SQL_OVER", `Unsupported call: ${call.name}(${shown}) without OVER`, call.span, {
    found: `${call.name}(…)`,
    expected: `${call.name}(…) OVER (…)`,
  });
}
