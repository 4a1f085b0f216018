/**
 * A user's table aggregate function over a group, hosted as a process table function is: its partition is the group, its state the accumulator. Each row
 * takes back what was emitted before and emits anew. (Flink: `GroupTableAggFunction`)
 */
import type { LogicalType } from "../../types/logical-type.ts";
import { withNullable } from "../../types/logical-type.ts";
import { DELETE, INSERT, isAccumulate, type RowKind } from "../../types/row-kind.ts";
import { FIELD_OFFSET, kindOf, type Row } from "../../types/row.ts";
import type { ProcessFunction, ProcessHost, ProcessImplementation, TableTrait } from "../functions/process-function.ts";
import { type Convert, toExternal, toInternal } from "./external-value.ts";
import type { FunctionLike } from "./function-signature.ts";
import { opened, tableFunctionRow } from "./invoke.ts";
import type { TableAggregateFunction } from "./table-aggregate-function.ts";

const TRAITS: ReadonlySet<TableTrait> = new Set([
  "SET_SEMANTIC_TABLE",
  "OPTIONAL_PARTITION_BY",
  "SUPPORT_UPDATES",
  "REQUIRE_UPDATE_BEFORE",
]);

export interface TableAggregateCall {
  readonly name: string;
  readonly fn: FunctionLike;
  readonly output: LogicalType;
  /** Fields of the input. */
  readonly args: readonly { readonly field: number; readonly type: LogicalType }[];
}

interface Kept {
  accumulator: unknown;
  /** Rows added minus rows taken back. */
  rows: number;
}

export function tableAggregate({ name, fn, output, args }: TableAggregateCall): ProcessFunction {
  const row = tableFunctionRow(output);
  return {
    name,
    parameters: [{ name: "input", kind: "table", traits: TRAITS, type: null, optional: false }],
    aggregate: { args: args.map(({ field }) => field), names: row.fields!.map((field) => field.name) },
    output: () => row.fields!,
    changelog: () => "retract",
    implement: (_work, host) => new TableAggregation({ name, fn, output, args }, host),
  };
}

class TableAggregation implements ProcessImplementation {
  private readonly fn: TableAggregateFunction & Record<"accumulate" | "retract", (accumulator: unknown, ...values: unknown[]) => void>;
  private readonly fields: readonly { readonly at: number; readonly convert: Convert | null }[];
  private readonly state: ReturnType<ProcessHost["valueState"]>;
  private readonly emitAs: (kind: RowKind) => { collect(row: unknown): void; retract(row: unknown): void };

  constructor({ name, fn, output, args }: TableAggregateCall, host: ProcessHost) {
    this.fn = opened(fn, host.context);
    this.fields = args.map(({ field, type }) => ({ at: field + FIELD_OFFSET, convert: toExternal(type) }));
    this.state = host.valueState<unknown>("accState", null);
    const isRow = output.root === "ROW" || output.root === "STRUCTURED";
    const toRow = toInternal(isRow ? withNullable(tableFunctionRow(output), false) : output, `a row of ${name}`);
    const values = (row: unknown): readonly unknown[] => (isRow ? (toRow(row) as unknown[]) : [toRow(row)]);
    this.emitAs = (kind) => ({
      collect: (row) => host.collect(kind, values(row)),
      retract: (row) => host.collect(DELETE, values(row)),
    });
  }

  processRow(_input: number, row: Row): void {
    const { fn, state } = this;
    const add = isAccumulate(kindOf(row));
    const kept = state.value() as Kept | null;
    if (kept === null && !add) return;
    const { accumulator, rows } = kept ?? { accumulator: fn.createAccumulator(), rows: 0 };
    const incremental = fn.emitUpdateWithRetract !== undefined;
    if (kept !== null && !incremental) fn.emitValue?.(accumulator, this.emitAs(DELETE));
    const values = this.fields.map(({ at, convert }) => (row[at] === null || convert === null ? row[at] : convert(row[at])));
    if (add) fn.accumulate(accumulator, ...values);
    else fn.retract(accumulator, ...values);
    const left = rows + (add ? 1 : -1);
    if (left <= 0) {
      state.clear();
      return;
    }
    state.update({ accumulator, rows: left });
    if (incremental) fn.emitUpdateWithRetract!(accumulator, this.emitAs(INSERT));
    else fn.emitValue?.(accumulator, this.emitAs(INSERT));
  }
}
