/**
 * All records of one subtask as one piece, looked at when the input has ended: `mapPartition`, `sortPartition`, `reduce` and `aggregate` of
 * `stream.fullWindowPartition()`. Nothing comes out before, and what comes out has no timestamp. Flink: `MapPartitionOperator`,
 * `SortPartitionOperator`, `PartitionReduceOperator`, `PartitionAggregateOperator`.
 *
 * What is kept until then is operator state, so that a restored job goes on with it: all records for a mapping or a sort, one value for a
 * fold. A subtask without records emits nothing for a reduce, but the empty accumulator's result for an aggregate.
 */
import { Diagnostic } from "../../base/diagnostic.ts";
import { AbstractUdfStreamOperator } from "../../flow/abstract-udf-stream-operator.ts";
import type { AggregateFunction, Collector, ReduceFunction } from "../../flow/functions.ts";
import type { OneInputStreamOperator } from "../../flow/operator.ts";
import type { StreamRecord } from "../../flow/stream-record.ts";
import { ResultTimestamp, TimestampedCollector } from "../../flow/timestamped-collector.ts";
import { ListStateDescriptor } from "../../state/descriptors.ts";
import type { OperatorSnapshot } from "../../state/snapshot.ts";
import type { ListState } from "../../state/state.ts";

/** Gets all records of a subtask at once (Flink: `MapPartitionFunction`). (Flink: docs/dev/datastream/operators/full_window_partition) */
export interface MapPartitionFunction<T, O> {
  /** @param values in the order in which they came; read once. */
  mapPartition(values: Iterable<T>, out: Collector<O>): void;
}

/** A MapPartitionFunction, or just `(values, out) => …`. (Flink: docs/dev/datastream/operators/full_window_partition) */
export type MapPartitionFunctionLike<T, O> = MapPartitionFunction<T, O> | ((values: Iterable<T>, out: Collector<O>) => void);

const KEPT = new ListStateDescriptor<unknown>("partition");

abstract class PartitionOperator<F> extends AbstractUdfStreamOperator<F> implements OneInputStreamOperator {
  protected kept!: ListState<unknown>;

  override initializeState(restored: OperatorSnapshot | null, restoredCheckpointId?: number): void {
    super.initializeState(restored, restoredCheckpointId);
    this.kept = this.operatorStateBackend.getListState(KEPT);
  }

  abstract processElement(record: StreamRecord): void;

  override endInput(input: number): void {
    super.endInput(input);
    this.emit(new TimestampedCollector<unknown>(this.output, new ResultTimestamp()));
    this.kept.clear();
  }

  protected abstract emit(out: Collector<unknown>): void;
}

/** Hands all records over at the end. A sort is a mapping that sorts. */
export class MapPartitionOperator<T, O> extends PartitionOperator<MapPartitionFunction<T, O>> {
  constructor(mapper: MapPartitionFunctionLike<T, O>) {
    super(typeof mapper === "function" ? { mapPartition: mapper } : mapper);
  }

  processElement(record: StreamRecord): void {
    this.kept.add(record.value);
  }

  protected emit(out: Collector<unknown>): void {
    this.userFunction.mapPartition(this.kept.get() as Iterable<T>, out);
  }
}

/** Folds records into one as they come. */
export class PartitionReduceOperator<T> extends PartitionOperator<ReduceFunction<T>> {
  processElement(record: StreamRecord): void {
    const sum = this.sum();
    this.kept.update([sum === undefined ? record.value : this.userFunction.reduce(sum, record.value as T)]);
  }

  protected emit(out: Collector<unknown>): void {
    const sum = this.sum();
    if (sum !== undefined) out.collect(sum);
  }

  /** More than one value is kept after a restore with fewer subtasks. */
  private sum(): T | undefined {
    const kept = [...this.kept.get()] as T[];
    return kept.length === 0 ? undefined : kept.reduce((a, b) => this.userFunction.reduce(a, b));
  }
}

/** Folds records into an accumulator as they come. */
export class PartitionAggregateOperator<T, ACC, R> extends PartitionOperator<AggregateFunction<T, ACC, R>> {
  processElement(record: StreamRecord): void {
    this.kept.update([this.userFunction.add(record.value as T, this.accumulator())]);
  }

  protected emit(out: Collector<unknown>): void {
    out.collect(this.userFunction.getResult(this.accumulator()));
  }

  /** More than one accumulator is kept after a restore with fewer subtasks. */
  private accumulator(): ACC {
    const kept = [...this.kept.get()] as ACC[];
    return kept.length === 0 ? this.userFunction.createAccumulator() : kept.reduce((a, b) => this.merged(a, b));
  }

  private merged(a: ACC, b: ACC): ACC {
    if (this.userFunction.merge !== undefined) return this.userFunction.merge(a, b);
    throw new Diagnostic({
      code: "PARTITION_AGGREGATE_WITHOUT_MERGE",
      phase: "runtime",
      message: `${this.userFunction.constructor.name} has no merge(a, b), but two accumulators have come together.`,
      hint: "The job was restored with fewer subtasks; what two of them had folded is now one partition.",
    });
  }
}
