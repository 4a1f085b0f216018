/**
 * Expressions of MATCH_RECOGNIZE at work. What reads the rows of variables (steps to a row, aggregates, the match's time) is taken out of the expression
 * and computed into a small row of its own; what is left is an ordinary expression over that row, compiled as all others.
 *
 *   B.px > LAST(A.px, 1) + SUM(A.px)   →   $0 > $1 + $2   over   [B's row in question: px, the row before A's last: px, sum over A's rows]
 *
 * In DEFINE the row in question counts among the rows of its variable, as the last of them, and among those of `*`.
 */
import { INSERT } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, type Row } from "../../../types/row.ts";
import {
  ANY_VARIABLE,
  literalOfStep,
  matchAggregateOf,
  matchTimeOf,
  navigationOf,
  patternFieldOf,
  withoutStep,
} from "../../2-analyze/match-expressions.ts";
import { inputRef, partsOf, type Rex, rewriteRex } from "../../2-analyze/rex.ts";
import type { EvalContext } from "../../functions/scalar-function.ts";
import { compileExpression, compilePredicate, type Evaluator } from "../codegen/compile-expression.ts";

/** The rows that variables have matched, and when that is. */
export interface MatchedRows {
  of(variable: string): readonly Row[];
  readonly timestampMs: number;
  readonly processingTimeMs: number;
}

export interface MatchScope {
  /** Variables of the pattern, in order. */
  readonly variables: readonly string[];
  /** The variable that is being defined; null = a measure. */
  readonly defined: string | null;
  /** Over the input's rows. */
  readonly evaluation: EvalContext;
}

/** `current` is the row in question, null for measures. */
export type MatchEvaluator = (rows: MatchedRows, current: Row | null) => unknown;

export function compileMeasure(rex: Rex, scope: MatchScope): MatchEvaluator {
  const { rest, leaves } = takeOut(rex, scope);
  const evaluate = compileExpression(rest, scope.evaluation);
  return (rows, current) => evaluate(leafRow(leaves, rows, current));
}

/** TRUE only: NULL counts as false. */
export function compileDefinition(rex: Rex, scope: MatchScope): (rows: MatchedRows, current: Row) => boolean {
  const { rest, leaves } = takeOut(rex, scope);
  const test = compilePredicate(rest, scope.evaluation);
  return (rows, current) => test(leafRow(leaves, rows, current));
}

function leafRow(leaves: readonly MatchEvaluator[], rows: MatchedRows, current: Row | null): Row {
  const made: Row = [INSERT];
  for (let i = 0; i < leaves.length; i++) made.push(leaves[i](rows, current));
  return made;
}

function takeOut(rex: Rex, scope: MatchScope): { rest: Rex; leaves: MatchEvaluator[] } {
  const leaves: MatchEvaluator[] = [];
  const replaced = (part: Rex): Rex => {
    const leaf = leafOf(part, scope);
    if (leaf !== null) return inputRef(leaves.push(leaf) - 1, part.type);
    return part.kind === "call" && part.args.length > 0 ? { ...part, args: part.args.map(replaced) } : part;
  };
  return { rest: replaced(rex), leaves };
}

function leafOf(rex: Rex, scope: MatchScope): MatchEvaluator | null {
  const aggregate = matchAggregateOf(rex);
  if (aggregate !== null) return aggregateOver(rex, scope);
  const time = matchTimeOf(rex);
  if (time === "MATCH_ROWTIME") return (rows) => rows.timestampMs;
  if (time === "MATCH_PROCTIME") return (rows) => rows.processingTimeMs;
  // A literal stays one wherever one goes.
  const literal = literalOfStep(rex);
  if (literal !== null) {
    const evaluate = compileExpression(literal, scope.evaluation);
    return () => evaluate([INSERT]);
  }
  const navigation = navigationOf(rex);
  return navigation === null ? null : step(navigation, scope);
}

/** The value of a field in the row that a step leads to; NULL when there is none. */
function step({ variable, field, from, offset }: NonNullable<ReturnType<typeof navigationOf>>, scope: MatchScope): MatchEvaluator {
  const at = field + FIELD_OFFSET;
  const withCurrent = includesCurrent(variable, scope);
  if (withCurrent && from !== "FIRST" && offset === 0) return (_, current) => current![at];
  const rowsOf = rowsReader(variable, scope);
  const fieldIn = (row: Row | undefined): unknown => (row === undefined ? null : row[at]);
  if (from === "FIRST") {
    return (rows, current) => {
      const list = rowsOf(rows);
      return fieldIn(offset === list.length && withCurrent ? current! : list[offset]);
    };
  }
  // The row in question is the last one.
  const back = withCurrent ? offset - 1 : offset;
  return (rows) => {
    const list = rowsOf(rows);
    return fieldIn(list[list.length - 1 - back]);
  };
}

function includesCurrent(variable: string, { defined }: MatchScope): boolean {
  return defined !== null && (variable === defined || variable === ANY_VARIABLE);
}

function rowsReader(variable: string, { variables }: MatchScope): (rows: MatchedRows) => readonly Row[] {
  if (variable !== ANY_VARIABLE) return (rows) => rows.of(variable);
  return (rows) => variables.flatMap((each) => rows.of(each));
}

function aggregateOver(rex: Rex, scope: MatchScope): MatchEvaluator {
  const { fn, args } = matchAggregateOf(rex)!;
  const accumulation = fn.implement(
    args.map((arg) => arg.type),
    rex.type,
    false,
    { context: scope.evaluation },
  );
  const evaluators = args.map((arg) => compileExpression(overRow(arg), scope.evaluation));
  const variable = args.map(variableOf).find((each) => each !== null) ?? ANY_VARIABLE;
  const rowsOf = rowsReader(variable, scope);
  const withCurrent = includesCurrent(variable, scope);
  const add = (accumulator: unknown, row: Row): unknown => {
    const value = valueFor(evaluators, 0, row);
    if (value === null && fn.nullAware !== true) return accumulator;
    const second = valueFor(evaluators, 1, row);
    if (evaluators.length <= 2) return accumulation.add(accumulator, value, second);
    return accumulation.add(accumulator, value, second, ...evaluators.slice(2).map((evaluate) => evaluate(row)));
  };
  return (rows, current) => {
    let accumulator = accumulation.create();
    for (const row of rowsOf(rows)) accumulator = add(accumulator, row);
    if (withCurrent && current !== null) accumulator = add(accumulator, current);
    return accumulation.result(accumulator);
  };
}

function valueFor(evaluators: readonly Evaluator[], index: number, row: Row): unknown {
  // COUNT(*) counts rows, whatever is in them.
  if (evaluators.length === 0) return index === 0 ? true : undefined;
  return evaluators[index]?.(row);
}

function variableOf(rex: Rex): string | null {
  for (const part of partsOf(rex)) {
    const field = patternFieldOf(part);
    if (field !== null) return field.variable;
  }
  return null;
}

/** Fields of the variable as fields of one of its rows. */
function overRow(rex: Rex): Rex {
  return rewriteRex(rex, (part) => {
    const field = patternFieldOf(part);
    return field === null ? withoutStep(part) : inputRef(field.field, part.type);
  });
}
