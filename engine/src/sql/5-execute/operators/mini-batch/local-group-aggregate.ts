/**
 * The first half of a GROUP BY in two phases: aggregates what a batch has of each key, before rows change subtask (Flink:
 * `MiniBatchLocalGroupAggFunction`). It keeps no state. Output: the keys, then the accumulator as one field.
 */
import { INSERT, isAccumulate } from "../../../../types/row-kind.ts";
import { FIELD_OFFSET, kindOf, type Row } from "../../../../types/row.ts";
import type { Accumulator, AggregateHandler } from "../../aggregate-handler.ts";
import { keyOf, type RowKey, type StateKey } from "../../key-of.ts";
import type { SessionSettings } from "../sql-operator.ts";
import { BundleOperator, type KeyHash } from "./bundle-operator.ts";

interface Partial {
  readonly row: Row;
  readonly accumulator: Accumulator;
}

export class LocalGroupAggregateOperator extends BundleOperator<StateKey, Partial> {
  private readonly handler: AggregateHandler;
  private readonly key: RowKey;
  private readonly keyPositions: readonly number[];

  constructor(session: SessionSettings, keys: readonly number[], handler: AggregateHandler, maxRows: number, keyHash: KeyHash) {
    super(session, maxRows, keyHash);
    this.handler = handler;
    this.key = keyOf(keys);
    this.keyPositions = keys.map((field) => field + FIELD_OFFSET);
  }

  protected bundleKeyOf(row: Row): StateKey {
    return this.key(row);
  }

  protected addToBundle(before: Partial | undefined, row: Row): Partial {
    const partial = before ?? { row, accumulator: this.handler.create() };
    if (isAccumulate(kindOf(row))) this.handler.add(partial.accumulator, row);
    else this.handler.retract(partial.accumulator, row);
    return partial;
  }

  protected rowOf({ row }: Partial): Row {
    return row;
  }

  protected finishKey({ row, accumulator }: Partial): void {
    const made: Row = [INSERT];
    for (const at of this.keyPositions) made.push(row[at]);
    made.push(accumulator);
    this.emit(made);
  }
}
