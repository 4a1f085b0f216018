/**
 * Aggregate functions: declaration and implementation. An accumulator is a plain value (it goes into snapshots as it is): `add`
 * takes the old one and gives the new one, changing containers in place. `retract` undoes an `add`; where a function needs more
 * state for that (MIN over a changelog), `retractable` names the variant that keeps it.
 */
import type { LogicalType } from "../../types/logical-type.ts";
import type { Rex } from "../2-analyze/rex.ts";
import type { Bag } from "./bag.ts";
import type { EvalContext, ParameterFamily, Refusal } from "./scalar-function.ts";

export interface Accumulation {
  create(): unknown;
  /** Arguments are the call's values; the first is not NULL unless the function is `nullAware`. */
  add(accumulator: unknown, value: unknown, second?: unknown, ...more: readonly unknown[]): unknown;
  retract(accumulator: unknown, value: unknown, second?: unknown, ...more: readonly unknown[]): unknown;
  /** Leaves `from` as it is. */
  merge(into: unknown, from: unknown): unknown;
  result(accumulator: unknown): unknown;
  /** In which order values are added shows in the result. */
  readonly showsOrder?: boolean;
  /** Of DISTINCT: as `merge`, where `from` lies in state and not in memory. */
  mergeState?(into: unknown, from: unknown): unknown;
  /** Of DISTINCT: what gathered values change where `seen` have been seen, as an accumulator of the function without DISTINCT; `seen` is brought up to date. */
  changeOf?(accumulator: unknown, seen: Bag): unknown;
}

/** Where an aggregate works; known when its operator opens, which is before the first row. */
export interface AggregateHost {
  context: EvalContext | null;
}

export interface AggregateFunction {
  readonly name: string;
  /** Families of the arguments; a trailing `?` makes one optional. */
  readonly parameters: readonly (ParameterFamily | `${ParameterFamily}?`)[];
  readonly result: (types: readonly LogicalType[]) => LogicalType;
  /** Sees NULL arguments too. */
  readonly nullAware?: boolean;
  /** Which argument may be the bare word NULL to the validator. */
  readonly nullArgument?: number;
  /** The result may be NULL whatever the argument, or never; without a say it follows the argument. */
  readonly alwaysNullable?: boolean;
  readonly neverNullable?: boolean;
  /** Why a call is refused although its arguments are of the right families. */
  readonly refuse?: (types: readonly LogicalType[], args: readonly Rex[]) => Refusal | null;
  /** The function that the words of a call (NULL ON NULL …) make of this one. */
  readonly withOptions?: (options: Readonly<Record<string, unknown>>, args: readonly Rex[]) => AggregateFunction;
  /** Why a user's function cannot take rows back, or put parts together: it has no such method. null = it can. Absent = it always can. */
  readonly without?: (method: "retract" | "merge") => string | null;
  /** `retract` = the input may take rows back. */
  readonly implement: (types: readonly LogicalType[], result: LogicalType, retract: boolean, host?: AggregateHost) => Accumulation;
  readonly description: string;
  /** Calls and what they give over the rows of `AGGREGATE_SAMPLE`. */
  readonly examples: readonly { readonly sql: string; readonly value: unknown }[];
}

/** The rows that examples of aggregates are about: a table `t` of s STRING and v INT. */
export const AGGREGATE_SAMPLE: readonly (readonly [s: string, v: number])[] = [
  ["a", 1],
  ["b", 2],
  ["b", 4],
];
