/**
 * Expressions of MATCH_RECOGNIZE as calls: a field of the rows that a variable has matched (`A.px`; `*.px` for any variable), steps to the first or last of
 * these rows, aggregates over all of them, and when the match was. They exist until operators are made (5-execute/match), which read them off the
 * calls' options; nothing evaluates them as functions.
 */
import { invariant } from "../../base/invariant.ts";
import { INT, type LogicalType, withNullable } from "../../types/logical-type.ts";
import type { AggregateFunction } from "../functions/aggregate-function.ts";
import type { ScalarFunction } from "../functions/scalar-function.ts";
import { literalOf, type Rex, type RexCall } from "./rex.ts";

/** Stands for every variable. */
export const ANY_VARIABLE = "*";

function matchFunction(name: string, description: string): ScalarFunction {
  return {
    name,
    parameters: [],
    result: ([type]) => type,
    implement: () => {
      invariant(false, `${name} is evaluated by the pattern's operator`);
    },
    operator: true,
    dynamic: true,
    description,
    examples: [],
  };
}

const PATTERN_FIELD = matchFunction("PATTERN_FIELD", "A field of rows that a pattern variable has matched.");
const NAVIGATION = {
  /** The row in question, where its own variable is being defined. */
  PREV: matchFunction("PREV", "The row in question."),
  FIRST: matchFunction("FIRST", "The first row of a pattern variable, or one so many rows behind it."),
  LAST: matchFunction("LAST", "The last row of a pattern variable, or one so many rows before it."),
} as const;
const MATCH_TIMES = {
  MATCH_ROWTIME: matchFunction("MATCH_ROWTIME", "The event time of the match's last row."),
  MATCH_PROCTIME: matchFunction("MATCH_PROCTIME", "The processing time of the match."),
} as const;

export type Navigation = keyof typeof NAVIGATION;
export type MatchTime = keyof typeof MATCH_TIMES;

function call(fn: ScalarFunction, args: readonly Rex[], type: LogicalType, options: RexCall["options"] = {}): RexCall {
  return { kind: "call", fn, args, type, options };
}

export interface PatternField {
  readonly variable: string;
  /** Field of the input. */
  readonly field: number;
}

/** The field of the variable's last row. */
export function patternField({ variable, field }: PatternField, type: LogicalType): Rex {
  return call(PATTERN_FIELD, [], withNullable(type, true), { variable, field });
}

export function patternFieldOf(rex: Rex): PatternField | null {
  if (rex.kind !== "call" || rex.fn !== PATTERN_FIELD) return null;
  return { variable: String(rex.options.variable), field: Number(rex.options.field) };
}

/** A step from the variable's first or last row; of a literal, the literal. */
export function navigate(navigation: Navigation, field: Rex, offset: number): Rex {
  return call(NAVIGATION[navigation], [field, literalOf(offset, withNullable(INT, false))], field.type, { step: true });
}

function isStep(rex: RexCall): boolean {
  return rex.options.step === true;
}

/** What stands under a step without being a column. */
export function literalOfStep(rex: Rex): Rex | null {
  return rex.kind === "call" && isStep(rex) && patternFieldOf(rex.args[0]) === null ? rex.args[0] : null;
}

/** What a step is taken to; any other expression is itself. */
export function withoutStep(rex: Rex): Rex {
  return rex.kind === "call" && isStep(rex) ? rex.args[0] : rex;
}

/** Where a call goes: the rows' variable and field, from which end, how far. */
export function navigationOf(rex: Rex): (PatternField & { readonly from: Navigation; readonly offset: number }) | null {
  if (rex.kind !== "call") return null;
  const plain = patternFieldOf(rex);
  if (plain !== null) return { ...plain, from: "LAST", offset: 0 };
  if (!isStep(rex)) return null;
  const [argument, offset] = rex.args;
  const field = patternFieldOf(argument);
  if (field === null || offset.kind !== "literal") return null;
  return { ...field, from: rex.fn.name as Navigation, offset: Number(offset.value) };
}

export interface MatchAggregate {
  readonly fn: AggregateFunction;
  readonly args: readonly Rex[];
}

/** An aggregate over all rows of the one variable that its arguments name; COUNT(*) counts all. */
export function matchAggregate(fn: AggregateFunction, args: readonly Rex[], type: LogicalType): Rex {
  return call(matchFunction(fn.name, fn.description), args, type, { aggregate: fn });
}

export function matchAggregateOf(rex: Rex): MatchAggregate | null {
  const fn = rex.kind === "call" ? rex.options.aggregate : undefined;
  return fn === undefined ? null : { fn: fn as AggregateFunction, args: (rex as RexCall).args };
}

export function matchTime(name: MatchTime, type: LogicalType, args: readonly Rex[] = []): Rex {
  return call(MATCH_TIMES[name], args, type);
}

export function matchTimeOf(rex: Rex): MatchTime | null {
  return rex.kind === "call" && Object.values<ScalarFunction>(MATCH_TIMES).includes(rex.fn) ? (rex.fn.name as MatchTime) : null;
}

/** Functions of the standard that only Flink's parser knows; planning refuses them. */
export function unsupportedMatchCall(name: string, args: readonly Rex[], type: LogicalType): Rex {
  return call(matchFunction(name, "Not available."), args, type, { unsupported: true });
}

export function isUnsupportedMatchCall(rex: Rex): rex is RexCall {
  return rex.kind === "call" && rex.options.unsupported === true;
}
