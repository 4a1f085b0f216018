/** Values of expressions, with SQL's three-valued logic: anything compared with null is null, which no condition takes for true. */
import type { Row } from "../database-description.ts";
import type { BinaryOperator, Expression } from "./statement.ts";

export interface EvaluationScope {
  readonly parameters: readonly unknown[];
  /** The row that is there, null where there is none. */
  readonly row: Row | null;
  /** The row that was to be inserted, null outside ON CONFLICT. */
  readonly excluded: Row | null;
}

export function evaluate(expression: Expression, scope: EvaluationScope): unknown {
  switch (expression.kind) {
    case "parameter":
      return scope.parameters[expression.index] ?? null;
    case "literal":
      return expression.value;
    case "column":
      return scope.row?.[expression.name] ?? null;
    case "excluded":
      return scope.excluded?.[expression.name] ?? null;
    case "isNull":
      return (evaluate(expression.operand, scope) === null) !== expression.negated;
    case "not": {
      const operand = evaluate(expression.operand, scope);
      return operand === null ? null : operand !== true;
    }
    case "call":
      return call(
        expression.name,
        expression.arguments.map((argument) => evaluate(argument, scope)),
      );
    case "binary":
      return binary(expression.operator, evaluate(expression.left, scope), evaluate(expression.right, scope));
  }
}

/** Names of columns that an expression asks of the row, and of the row that was to be inserted. */
export function columnsOf(expression: Expression): string[] {
  switch (expression.kind) {
    case "column":
    case "excluded":
      return [expression.name];
    case "isNull":
    case "not":
      return columnsOf(expression.operand);
    case "call":
      return expression.arguments.flatMap(columnsOf);
    case "binary":
      return [...columnsOf(expression.left), ...columnsOf(expression.right)];
    default:
      return [];
  }
}

function binary(operator: BinaryOperator, left: unknown, right: unknown): unknown {
  if (operator === "and") return left === false || right === false ? false : left === null || right === null ? null : true;
  if (operator === "or") return left === true || right === true ? true : left === null || right === null ? null : false;
  if (left === null || right === null) return null;
  switch (operator) {
    case "||":
      return `${left}${right}`;
    case "+":
      return Number(left) + Number(right);
    case "-":
      return Number(left) - Number(right);
    case "*":
      return Number(left) * Number(right);
    case "/":
      return Number(left) / Number(right);
    case "=":
      return sameValue(left, right);
    case "<>":
      return !sameValue(left, right);
    case "<":
      return less(left, right);
    case "<=":
      return !less(right, left);
    case ">":
      return less(right, left);
    case ">=":
      return !less(left, right);
  }
}

/** A text parameter beside a number is read as one, as the type of its column would have it. */
function sameValue(left: unknown, right: unknown): boolean {
  return typeof left === "object" ? JSON.stringify(left) === JSON.stringify(right) : left === right || String(left) === String(right);
}

function less(left: unknown, right: unknown): boolean {
  return typeof left === "number" || typeof right === "number" ? Number(left) < Number(right) : String(left) < String(right);
}

function call(name: "coalesce" | "greatest" | "least", values: readonly unknown[]): unknown {
  const given = values.filter((value) => value !== null);
  if (given.length === 0) return null;
  if (name === "coalesce") return given[0];
  return given.reduce((best, value) => ((name === "greatest" ? less(best, value) : less(value, best)) ? value : best));
}
