/**
 * Typed expressions to JavaScript closures over a row: for constants, which are evaluated once, for hosts that forbid generated code, and for
 * expressions too large for it. Strict functions get their NULL check here; AND, OR, CASE and COALESCE evaluate only what they need. Gives
 * the same values as the generated functions (compile-expression.ts); a property test holds both together.
 *
 * A long chain (`a OR b OR c …`, thousands of terms) leans to the left. It is taken apart into its first operand and steps that each add one, so that
 * neither making the closures nor running them goes as deep as the chain is long.
 */
import { invariant } from "../../../base/invariant.ts";
import { FIELD_OFFSET, type Row } from "../../../types/row.ts";
import type { Rex, RexCall } from "../../2-analyze/rex.ts";
import type { EvalContext } from "../../functions/scalar-function.ts";

export type Evaluator = (row: Row) => unknown;

/** One operand more: from the value so far to the next one. */
type Step = (left: unknown, row: Row) => unknown;

export function interpretExpression(rex: Rex, context: EvalContext): Evaluator {
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
      invariant(false, "what planning takes away is still there");
      break;
    case "call":
      return isBinary(rex) ? interpretChain(rex, context) : interpretCall(rex, context);
  }
}

/** Two operands, of which the first is always evaluated. */
function isBinary(rex: RexCall): boolean {
  return rex.args.length === 2 && rex.fn.name !== "COALESCE";
}

function interpretChain(rex: RexCall, context: EvalContext): Evaluator {
  const calls: RexCall[] = [];
  let first: Rex = rex;
  for (; first.kind === "call" && isBinary(first); first = first.args[0]) calls.push(first);
  const start = interpretExpression(first, context);
  const steps = calls.reverse().map((call) => stepOf(call, context));
  if (steps.length === 1) {
    const [step] = steps;
    return (row) => step(start(row), row);
  }
  return (row) => {
    let value = start(row);
    for (const step of steps) value = step(value, row);
    return value;
  };
}

function stepOf(rex: RexCall, context: EvalContext): Step {
  const right = interpretExpression(rex.args[1], context);
  switch (rex.fn.name) {
    case "AND":
      return (a, row) => {
        if (a === false) return false;
        const b = right(row);
        return b === false ? false : a === null || b === null ? null : true;
      };
    case "OR":
      return (a, row) => {
        if (a === true) return true;
        const b = right(row);
        return b === true ? true : a === null || b === null ? null : false;
      };
    default:
      break;
  }
  const apply = implementationOf(rex, context);
  if (rex.fn.nullAware === true) return (a, row) => apply(a, right(row));
  return (a, row) => {
    if (a === null) return null;
    const b = right(row);
    return b === null ? null : apply(a, b);
  };
}

function implementationOf(rex: RexCall, context: EvalContext): (...values: unknown[]) => unknown {
  const types = rex.args.map((arg) => arg.type);
  return rex.fn.implement({ types, result: rex.type, context, options: rex.options, args: rex.args }) as (...values: unknown[]) => unknown;
}

function interpretCall(rex: RexCall, context: EvalContext): Evaluator {
  const args = rex.args.map((arg) => interpretExpression(arg, context));
  switch (rex.fn.name) {
    case "CASE":
    case "IF":
      return (row) => {
        let i = 0;
        for (; i + 1 < args.length; i += 2) if (args[i](row) === true) return args[i + 1](row);
        return args[i](row);
      };
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
  const apply = implementationOf(rex, context);
  if (rex.fn.nullAware === true) return (row) => apply(...args.map((arg) => arg(row)));
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
