/**
 * The middle of a distinct aggregation that is split into buckets and done in two phases (Flink: `MiniBatchIncrementalGroupAggFunction`). What a batch has of each bucket
 * comes in; what it changes in each group goes out. State is kept of distinct values alone: which of them a bucket has seen, and how often. All other calls just pass through.
 * Output: the groups' keys, then an accumulator of the calls without DISTINCT.
 */
import type { MapKey } from "../../../../base/canonical-key.ts";
import type { ValueState } from "../../../../state/state.ts";
import { INSERT } from "../../../../types/row-kind.ts";
import { FIELD_OFFSET, type Row } from "../../../../types/row.ts";
import type { Accumulator, AggregateHandler, SeenValues } from "../../aggregate-handler.ts";
import { JavaMapOrder } from "../../java-map-order.ts";
import { keyOf, type RowKey, type StateKey } from "../../key-of.ts";
import type { SessionSettings } from "../sql-operator.ts";
import { BundleOperator, type KeyHash } from "./bundle-operator.ts";
import { inMapOrder } from "./bundle-order.ts";

export interface IncrementalAggregateOptions {
  /** Positions of the groups' keys among those that rows come with. */
  readonly finalKeys: readonly number[];
  /** As the buckets make them. */
  readonly partial: AggregateHandler;
  /** The same calls without DISTINCT. */
  readonly plain: AggregateHandler;
  readonly ttlMs: number;
  readonly maxRows: number;
  readonly partialHash: KeyHash;
  readonly finalHash: KeyHash;
}

interface Gathered {
  readonly row: Row;
  readonly accumulator: Accumulator;
}

export class IncrementalGroupAggregateOperator extends BundleOperator<MapKey, Gathered> {
  private readonly aggregates: IncrementalAggregateOptions;
  private readonly finalKey: RowKey;
  private readonly finalPositions: readonly number[];
  private readonly finalOrder: JavaMapOrder | null;
  private seen: ValueState<SeenValues> | null = null;
  private groups = new Map<StateKey, Gathered[]>();

  constructor(session: SessionSettings, options: IncrementalAggregateOptions) {
    super(session, options.maxRows, options.partialHash);
    this.aggregates = options;
    this.finalKey = keyOf(options.finalKeys);
    this.finalPositions = options.finalKeys.map((key) => key + FIELD_OFFSET);
    this.finalOrder = options.finalHash === null ? null : new JavaMapOrder(options.finalHash);
  }

  override open(): void {
    const { partial, plain, ttlMs } = this.aggregates;
    partial.open(this.evalContext);
    plain.open(this.evalContext);
    if (partial.hasDistinct) this.seen = this.valueState<SeenValues>("distinctAcc", ttlMs);
  }

  protected bundleKeyOf(): MapKey {
    return this.currentMapKey();
  }

  protected addToBundle(before: Gathered | undefined, row: Row): Gathered {
    const { partial } = this.aggregates;
    const gathered = before ?? { row, accumulator: partial.create() };
    partial.merge(gathered.accumulator, row[row.length - 1] as Accumulator);
    return gathered;
  }

  protected rowOf({ row }: Gathered): Row {
    return row;
  }

  protected finishKey(gathered: Gathered): void {
    const key = this.finalKey(gathered.row);
    const buckets = this.groups.get(key);
    if (buckets === undefined) this.groups.set(key, [gathered]);
    else buckets.push(gathered);
  }

  protected override finishKeys(): void {
    const { groups } = this;
    this.groups = new Map();
    for (const buckets of inMapOrder(groups, this.finalOrder, ([{ row }]) => row, "younger first"))
      this.emitChange(buckets[0].row, buckets);
  }

  private emitChange(row: Row, buckets: readonly Gathered[]): void {
    const { partial, plain } = this.aggregates;
    const change = plain.create();
    for (const gathered of buckets)
      plain.merge(change, this.seen === null ? gathered.accumulator : this.withoutSeen(gathered, this.seen, partial));
    const made: Row = [INSERT];
    for (const at of this.finalPositions) made.push(row[at]);
    made.push(change);
    this.emit(made);
  }

  /** The bucket's change: of distinct calls only what was not there before, or is no more. */
  private withoutSeen({ row, accumulator }: Gathered, state: ValueState<SeenValues>, partial: AggregateHandler): Accumulator {
    this.useKeyOf(row);
    const seen = state.value() ?? partial.createSeen();
    const change = partial.changeOf(accumulator, seen);
    state.update(seen);
    return change;
  }
}
