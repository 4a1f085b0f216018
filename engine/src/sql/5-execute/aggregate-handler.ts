/**
 * All aggregate calls of one aggregation together. The accumulator is one array: a slot per call, and last the number of rows that
 * went in (so that an empty group can be told and dropped).
 */
import type { LogicalType } from "../../types/logical-type.ts";
import { FIELD_OFFSET, type Row } from "../../types/row.ts";
import type { AggregateCall } from "../2-analyze/rel.ts";
import type { Accumulation } from "../functions/aggregate-function.ts";
import { distinctOf } from "../functions/aggregates.ts";

export type Accumulator = unknown[];

interface Slot {
  readonly accumulation: Accumulation;
  /** Position of the argument in the row, -1 = COUNT(*). */
  readonly at: number;
  readonly second: number;
  readonly filterAt: number;
  readonly nullAware: boolean;
}

export class AggregateHandler {
  private readonly slots: readonly Slot[];
  private readonly size: number;

  constructor(calls: readonly AggregateCall[], inputTypes: readonly LogicalType[], retract: boolean) {
    this.slots = calls.map((call): Slot => {
      const types = call.args.map((arg) => inputTypes[arg]);
      const plain = call.fn.implement(types, call.type, retract);
      return {
        accumulation: call.distinct ? distinctOf(plain) : plain,
        at: call.args.length === 0 ? -1 : call.args[0] + FIELD_OFFSET,
        second: call.args.length < 2 ? -1 : call.args[1] + FIELD_OFFSET,
        filterAt: call.filter < 0 ? -1 : call.filter + FIELD_OFFSET,
        nullAware: call.fn.nullAware === true,
      };
    });
    this.size = calls.length;
  }

  create(): Accumulator {
    const accumulator: Accumulator = [];
    for (const slot of this.slots) accumulator.push(slot.accumulation.create());
    accumulator.push(0);
    return accumulator;
  }

  add(accumulator: Accumulator, row: Row): void {
    for (let i = 0; i < this.size; i++) {
      const slot = this.slots[i];
      if (slot.filterAt >= 0 && row[slot.filterAt] !== true) continue;
      const value = slot.at < 0 ? true : row[slot.at];
      if (value === null && !slot.nullAware) continue;
      accumulator[i] =
        slot.second < 0 ? slot.accumulation.add(accumulator[i], value) : slot.accumulation.add(accumulator[i], value, row[slot.second]);
    }
    (accumulator[this.size] as number)++;
  }

  retract(accumulator: Accumulator, row: Row): void {
    for (let i = 0; i < this.size; i++) {
      const slot = this.slots[i];
      if (slot.filterAt >= 0 && row[slot.filterAt] !== true) continue;
      const value = slot.at < 0 ? true : row[slot.at];
      if (value === null && !slot.nullAware) continue;
      accumulator[i] = slot.accumulation.retract(accumulator[i], value, slot.second < 0 ? undefined : row[slot.second]);
    }
    (accumulator[this.size] as number)--;
  }

  merge(into: Accumulator, from: Accumulator): void {
    for (let i = 0; i < this.size; i++) into[i] = this.slots[i].accumulation.merge(into[i], from[i]);
    (into[this.size] as number) += from[this.size] as number;
  }

  /** Rows added minus rows retracted. */
  rows(accumulator: Accumulator): number {
    return accumulator[this.size] as number;
  }

  /** Appends the results to a row. */
  results(accumulator: Accumulator, into: Row): void {
    for (let i = 0; i < this.size; i++) into.push(this.slots[i].accumulation.result(accumulator[i]));
  }
}
