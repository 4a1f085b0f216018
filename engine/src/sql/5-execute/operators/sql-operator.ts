/**
 * What all SQL operators share: rows instead of records, the evaluation context of expressions, and keyed state, timers and the watermark
 * on the runtime's own backends. So snapshots, rescaling, time to live and the sizes of state work as for operators of the DataStream API.
 *
 * The key of an operator is what its input is distributed by (5-execute/key-of.ts); it has been made current before `processRow` is called.
 * A state lives under the name that Flink's operator gives it. State that is changed in place must be written back: the log-structured backend
 * keeps bytes, and a time to live begins anew with a write (`writesBack` says whether a write can be left out).
 *
 * The order at a watermark is Flink's: `onWatermark` (what was buffered is flushed), then the timers that are due, then the watermark goes on.
 */
import { Duration } from "../../../base/duration.ts";
import { invariant } from "../../../base/invariant.ts";
import { MAX_TIMESTAMP, MIN_TIMESTAMP } from "../../../base/long.ts";
import { AbstractStreamOperator } from "../../../flow/abstract-stream-operator.ts";
import type { InternalTimerService, Triggerable } from "../../../flow/internal-timer-service.ts";
import type { OneInputStreamOperator, TwoInputStreamOperator } from "../../../flow/operator.ts";
import { StreamRecord } from "../../../flow/stream-record.ts";
import type { InternalTimer } from "../../../flow/timer-queue.ts";
import { ListStateDescriptor, MapStateDescriptor, type StateDescriptor, ValueStateDescriptor } from "../../../state/descriptors.ts";
import type { InternalMapState, InternalState } from "../../../state/keyed-state-backend.ts";
import type { OperatorSnapshot } from "../../../state/snapshot.ts";
import type { ListState, MapState, State, ValueState } from "../../../state/state.ts";
import { StateTtlConfig } from "../../../state/ttl.ts";
import type { Row } from "../../../types/row.ts";
import type { EvalContext } from "../../functions/scalar-function.ts";

/** How calls of asynchronous functions are made. */
export interface AsyncCallSettings {
  /** Most calls under way. */
  readonly capacity: number;
  readonly timeoutMs: number;
  /** Calls that failed; null = they are not repeated. */
  readonly retry: { readonly attempts: number; readonly delayMs: number } | null;
}

/** Session settings that reach the operators. */
export interface SessionSettings {
  zoneOffsetMs(epochMs: number): number;
  /** `table.exec.state.ttl`; 0 = keep for ever. */
  readonly stateTtlMs: number;
  /** `table.exec.interval-join.min-cleanup-interval`. */
  readonly intervalJoinCleanupMs: number;
  /** `table.exec.mini-batch.size` where mini-batches are on, −1 when it is not set; null = they are off. */
  readonly miniBatchRows: number | null;
  /** `table.exec.async-scalar.*` and `table.exec.async-table.*`. */
  readonly asyncScalar: AsyncCallSettings;
  readonly asyncTable: AsyncCallSettings;
  /** `pipeline.global-job-parameters`, for functions of users. */
  readonly jobParameters: ReadonlyMap<string, string>;
}

/** The timer service of an SQL operator, unless it has several. */
const TIMERS = "sql-timers";

/** A record that carries rows does not get old: to store young rows in an old one costs more (see Channel). */
const ROWS_PER_RECORD = 64;

export abstract class SqlOperator extends AbstractStreamOperator implements Triggerable {
  protected readonly session: SessionSettings;
  protected readonly evalContext: EvalContext;
  /** That which has come in; while timers fire it is already the new one. */
  protected currentWatermark: number = MIN_TIMESTAMP;
  /** False when changing what state hands out changes the state, and nobody watches, so that nothing needs to be written back. */
  protected writesBack = true;
  private record = new StreamRecord<Row>([]);
  /** Rows that `record` has carried. */
  private carried = 0;
  private readonly keyRecord = new StreamRecord<Row>([]);
  private watermarkState: ListState<number> | null = null;
  private readonly closing: (() => void)[] = [];

  constructor(session: SessionSettings) {
    super();
    this.session = session;
    this.evalContext = {
      currentMs: () => this.context.processingTime.currentMs(),
      currentWatermark: () => (this.currentWatermark === MIN_TIMESTAMP ? null : this.currentWatermark),
      random: () => this.context.random(),
      zoneOffsetMs: (epochMs) => session.zoneOffsetMs(epochMs),
      onClose: (action) => this.closing.push(action),
      functionContext: {
        getJobParameter: (key, defaultValue) => session.jobParameters.get(key) ?? defaultValue,
        getMetricGroup: () => this.context.metricGroup.handle,
        getExternalService: (name) => this.runtimeContext.getExternalService(name),
        getTaskInfo: () => this.runtimeContext.getTaskInfo(),
      },
    };
  }

  override close(): void {
    super.close();
    for (const action of this.closing) action();
  }

  protected emit(row: Row): void {
    if (this.carried === ROWS_PER_RECORD) {
      this.record = new StreamRecord(row);
      this.carried = 0;
    }
    this.carried++;
    const { record } = this;
    record.value = row;
    this.output.collect(record);
  }

  override initializeState(restored: OperatorSnapshot | null, restoredCheckpointId?: number): void {
    super.initializeState(restored, restoredCheckpointId);
    // A recording tells what is written, so then it is written although it is there already.
    this.writesBack = !this.changesInPlace || this.probe.recording;
    if (!this.keepsWatermark) return;
    this.watermarkState = this.operatorStateBackend.getUnionListState(new ListStateDescriptor<number>("watermark"));
    const watermarks = this.watermarkState.get();
    if (watermarks.length > 0) this.currentWatermark = Math.min(...watermarks);
  }

  /** What state hands out is what it holds. */
  protected get changesInPlace(): boolean {
    return this.keyedStateBackend?.handsOutReferences === true;
  }

  /** Lateness must be judged after a restore as before (Flink keeps the watermark of its window operators in union state). */
  protected get keepsWatermark(): boolean {
    return false;
  }

  override snapshotState(checkpointId: number): OperatorSnapshot {
    this.watermarkState?.update([this.currentWatermark]);
    return super.snapshotState(checkpointId);
  }

  /** State of the current key, for `open`. `ttlMs` 0 = for ever; else time begins anew with every write, as in all of Flink's SQL operators. */
  protected valueState<T>(name: string, ttlMs = 0): ValueState<T> & InternalState {
    return this.stateOf(new ValueStateDescriptor<T>(name), ttlMs);
  }

  protected listState<T>(name: string, ttlMs = 0): ListState<T> & InternalState {
    return this.stateOf(new ListStateDescriptor<T>(name), ttlMs);
  }

  protected mapState<K, V>(name: string, ttlMs = 0): InternalMapState<K, V> {
    // Every backend's map states are more than the program's own functions see.
    return this.stateOf(new MapStateDescriptor<K, V>(name), ttlMs) as MapState<K, V> & InternalState as InternalMapState<K, V>;
  }

  private stateOf<S extends State>(descriptor: StateDescriptor<S>, ttlMs: number): S & InternalState {
    if (ttlMs > 0) descriptor.enableTimeToLive(StateTtlConfig.newBuilder(Duration.ofMillis(ttlMs)).build());
    return this.getKeyedState(descriptor);
  }

  /** Makes the key of a row (of the first input) the current one, outside of `processRow`. */
  protected useKeyOf(row: Row): void {
    this.keyRecord.value = row;
    this.setKeyContext(this.keyRecord);
  }

  /** The same of a row of the second input. */
  protected useKeyOfRight(row: Row): void {
    this.keyRecord.value = row;
    this.setKeyContext2(this.keyRecord);
  }

  /** Timers of the current key, for `open`; they come back through `onEventTime` and `onProcessingTime`. */
  protected timerService(name = TIMERS): InternalTimerService {
    return this.getInternalTimerService(name, this);
  }

  onEventTime(_timer: InternalTimer): void {
    invariant(false, "an event timer in an operator that sets none");
  }

  onProcessingTime(_timer: InternalTimer): void {
    invariant(false, "a processing timer in an operator that sets none");
  }

  override processWatermark(timestampMs: number): void {
    if (timestampMs <= this.currentWatermark) return;
    this.onWatermark(timestampMs);
    this.currentWatermark = timestampMs;
    this.advanceTimers(timestampMs);
    this.output.emitWatermark(timestampMs === MAX_TIMESTAMP ? timestampMs : timestampMs - this.watermarkDelayMs);
  }

  /** How far the output's rows may lie behind the inputs' watermark. */
  protected get watermarkDelayMs(): number {
    return 0;
  }

  /** Before timers fire and the watermark is passed on. `currentWatermark` is still the one before. */
  protected onWatermark(_timestampMs: number): void {}

  protected dropLate(row: Row, timestampMs: number): void {
    this.context.counter("numLateRecordsDropped").inc();
    if (this.probe.recording) this.probe.recordLate(row, timestampMs, this.currentWatermark, null);
  }
}

export abstract class OneInputSqlOperator extends SqlOperator implements OneInputStreamOperator {
  abstract processRow(row: Row): void;

  processElement(record: StreamRecord): void {
    this.setKeyContext(record);
    this.processRow(record.value as Row);
  }
}

export abstract class TwoInputSqlOperator extends SqlOperator implements TwoInputStreamOperator {
  abstract processLeft(row: Row): void;
  abstract processRight(row: Row): void;

  processElement1(record: StreamRecord): void {
    this.setKeyContext(record);
    this.processLeft(record.value as Row);
  }

  processElement2(record: StreamRecord): void {
    this.setKeyContext2(record);
    this.processRight(record.value as Row);
  }
}
