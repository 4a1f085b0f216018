/**
 * Aggregate functions: declaration and implementation. An accumulator is a plain value (it goes into snapshots as it is): `add`
 * takes the old one and gives the new one, changing containers in place. `retract` undoes an `add`; where a function needs more
 * state for that (MIN over a changelog), `retractable` names the variant that keeps it.
 */
import type { LogicalType } from "../../types/logical-type.ts";
import type { ParameterFamily } from "./scalar-function.ts";

export interface Accumulation {
  create(): unknown;
  /** Arguments are the call's values; the first is not NULL unless the function is `nullAware`. */
  add(accumulator: unknown, value: unknown, second?: unknown, ...more: readonly unknown[]): unknown;
  retract(accumulator: unknown, value: unknown, second?: unknown, ...more: readonly unknown[]): unknown;
  /** Leaves `from` as it is. */
  merge(into: unknown, from: unknown): unknown;
  result(accumulator: unknown): unknown;
}

export interface AggregateFunction {
  readonly name: string;
  /** Families of the arguments; a trailing `?` makes one optional. */
  readonly parameters: readonly (ParameterFamily | `${ParameterFamily}?`)[];
  readonly result: (types: readonly LogicalType[]) => LogicalType;
  /** Sees NULL arguments too. */
  readonly nullAware?: boolean;
  /** A function of the user's: its result is as nullable as it says. */
  readonly userDefined?: boolean;
  /** `retract` = the input may take rows back. */
  readonly implement: (types: readonly LogicalType[], result: LogicalType, retract: boolean) => Accumulation;
  readonly description: string;
}
