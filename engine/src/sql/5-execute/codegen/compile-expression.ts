/** Typed expressions to JavaScript functions over a row: generated code, or closures where that cannot be. */
import { CodeWriter } from "../../../base/generated-code.ts";
import { FIELD_OFFSET, type Row } from "../../../types/row.ts";
import type { Rex } from "../../2-analyze/rex.ts";
import type { EvalContext } from "../../functions/scalar-function.ts";
import { ExpressionCoder, fitsIntoCode } from "./expression-code.ts";
import { type Evaluator, interpretExpression } from "./interpret-expression.ts";

export type { Evaluator } from "./interpret-expression.ts";

export function compileExpression(rex: Rex, context: EvalContext): Evaluator {
  const code = generate([rex], context, ([value]) => `${value.before}return ${value.value};`);
  return (code as Evaluator | null) ?? interpretExpression(rex, context);
}

/** TRUE only: NULL counts as false. */
export function compilePredicate(rex: Rex, context: EvalContext): (row: Row) => boolean {
  const code = generate([rex], context, ([value]) => `${value.before}return ${value.value} === true;`);
  if (code !== null) return code as (row: Row) => boolean;
  const evaluate = interpretExpression(rex, context);
  return (row) => evaluate(row) === true;
}

/** Filter and projection in one: the new row, of the same kind, or null when the condition is not TRUE. */
export type Calc = (row: Row) => Row | null;

/** `condition` null = all rows; `projection` null = the row as it is. */
export function compileCalc(condition: Rex | null, projection: readonly Rex[] | null, context: EvalContext): Calc {
  const filters = condition === null ? [] : [condition];
  const code = generate([...filters, ...(projection ?? [])], context, (values) => {
    const test = values.slice(0, filters.length).map(({ before, value }) => `${before}if (${value} !== true) return null;\n`);
    if (projection === null) return `${test.join("")}return row;`;
    const rest = values.slice(filters.length);
    return `${test.join("")}${rest.map(({ before }) => before).join("")}return [row[0], ${rest.map(({ value }) => value).join(", ")}];`;
  });
  return (code as Calc | null) ?? interpretCalc(condition, projection, context);
}

export function interpretCalc(condition: Rex | null, projection: readonly Rex[] | null, context: EvalContext): Calc {
  const test = condition === null ? null : interpretExpression(condition, context);
  const fields = projection?.map((rex) => interpretExpression(rex, context)) ?? null;
  return (row) => {
    if (test !== null && test(row) !== true) return null;
    if (fields === null) return row;
    const made: Row = new Array(fields.length + FIELD_OFFSET);
    made[0] = row[0];
    for (let i = 0; i < fields.length; i++) made[i + FIELD_OFFSET] = fields[i](row);
    return made;
  };
}

type Values = readonly { readonly before: string; readonly value: string }[];

function generate(expressions: readonly Rex[], context: EvalContext, body: (values: Values) => string): unknown {
  if (!fitsIntoCode(expressions)) return null;
  const writer = new CodeWriter();
  const coder = new ExpressionCoder(writer, context);
  const text = body(expressions.map((rex) => coder.codeOf(rex)));
  return writer.evaluate(`return (row) => {\n${text}\n};`);
}
