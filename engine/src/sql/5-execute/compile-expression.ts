/**
 * Typed expressions to JavaScript closures over a row. Strict functions get their NULL check here, specialised by arity, so that the
 * hot path has neither argument arrays nor generic calls; AND, OR, CASE and COALESCE evaluate only what they need.
 */
import { invariant } from "../../base/invariant.ts";
import { FIELD_OFFSET, type Row } from "../../types/row.ts";
import type { Rex, RexCall } from "../2-analyze/rex.ts";
import type { EvalContext } from "../functions/scalar-function.ts";

export type Evaluator = (row: Row) => unknown;

export function compileExpression(rex: Rex, context: EvalContext): Evaluator {
  switch (rex.kind) {
    case "input": {
      const at = rex.index + FIELD_OFFSET;
      return (row) => row[at];
    }
    case "literal": {
      const { value } = rex;
      return () => value;
    }
    case "correl":
    case "over":
    case "subquery":
      invariant(false, `${rex.kind} survived planning`);
      break;
    case "call":
      return compileCall(rex, context);
  }
}

/** TRUE only: NULL counts as false. */
export function compilePredicate(rex: Rex, context: EvalContext): (row: Row) => boolean {
  const evaluate = compileExpression(rex, context);
  return (row) => evaluate(row) === true;
}

function compileCall(rex: RexCall, context: EvalContext): Evaluator {
  const args = rex.args.map((arg) => compileExpression(arg, context));
  switch (rex.fn.name) {
    case "AND": {
      const [left, right] = args;
      return (row) => {
        const a = left(row);
        if (a === false) return false;
        const b = right(row);
        return b === false ? false : a === null || b === null ? null : true;
      };
    }
    case "OR": {
      const [left, right] = args;
      return (row) => {
        const a = left(row);
        if (a === true) return true;
        const b = right(row);
        return b === true ? true : a === null || b === null ? null : false;
      };
    }
    case "CASE":
      return (row) => {
        let i = 0;
        for (; i + 1 < args.length; i += 2) if (args[i](row) === true) return args[i + 1](row);
        return args[i](row);
      };
    case "IF": {
      const [condition, then, otherwise] = args;
      return (row) => (condition(row) === true ? then(row) : otherwise(row));
    }
    case "COALESCE":
      return (row) => {
        for (const arg of args) {
          const value = arg(row);
          if (value !== null) return value;
        }
        return null;
      };
    default:
      break;
  }
  const types = rex.args.map((arg) => arg.type);
  const apply = rex.fn.implement({ types, result: rex.type, context, options: rex.options, args: rex.args }) as (
    ...values: unknown[]
  ) => unknown;
  return rex.fn.nullAware === true ? nullAwareCall(apply, args) : strictCall(apply, args);
}

function strictCall(apply: (...values: unknown[]) => unknown, args: readonly Evaluator[]): Evaluator {
  const [first, second] = args;
  switch (args.length) {
    case 0:
      return () => apply();
    case 1:
      return (row) => {
        const a = first(row);
        return a === null ? null : apply(a);
      };
    case 2:
      return (row) => {
        const a = first(row);
        if (a === null) return null;
        const b = second(row);
        return b === null ? null : apply(a, b);
      };
    default:
      return (row) => {
        const values: unknown[] = [];
        for (const arg of args) {
          const value = arg(row);
          if (value === null) return null;
          values.push(value);
        }
        return apply(...values);
      };
  }
}

function nullAwareCall(apply: (...values: unknown[]) => unknown, args: readonly Evaluator[]): Evaluator {
  const [first, second] = args;
  switch (args.length) {
    case 1:
      return (row) => apply(first(row));
    case 2:
      return (row) => apply(first(row), second(row));
    default:
      return (row) => apply(...args.map((arg) => arg(row)));
  }
}
