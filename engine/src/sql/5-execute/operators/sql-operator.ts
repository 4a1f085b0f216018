/** What all SQL operators share: output of rows, watermarks, the evaluation context, snapshots of their stores. */
import { MAX_TIMESTAMP, MIN_TIMESTAMP } from "../../../base/long.ts";
import type { OneInputStreamOperator, OperatorContext, StateSize, StreamOperator, TwoInputStreamOperator } from "../../../flow/operator.ts";
import { StreamRecord } from "../../../flow/stream-record.ts";
import type { OperatorSnapshot } from "../../../state/snapshot.ts";
import type { Row } from "../../../types/row.ts";
import type { EvalContext } from "../../functions/scalar-function.ts";
import { type KeyedStore, snapshotStores } from "../state/keyed-store.ts";

/** Session settings that reach the operators. */
export interface SessionSettings {
  zoneOffsetMs(epochMs: number): number;
  /** `table.exec.state.ttl`; 0 = keep for ever. */
  readonly stateTtlMs: number;
}

export abstract class SqlOperator implements StreamOperator {
  protected readonly session: SessionSettings;
  protected context!: OperatorContext;
  protected currentWatermark: number = MIN_TIMESTAMP;
  private readonly record = new StreamRecord<Row>([]);
  private readonly stores: KeyedStore<unknown>[] = [];
  protected readonly evalContext: EvalContext;

  constructor(session: SessionSettings) {
    this.session = session;
    this.evalContext = {
      currentMs: () => this.context.processingTime.currentMs(),
      currentWatermark: () => (this.currentWatermark === MIN_TIMESTAMP ? null : this.currentWatermark),
      random: () => this.context.random(),
      zoneOffsetMs: (epochMs) => session.zoneOffsetMs(epochMs),
    };
  }

  protected register<V>(store: KeyedStore<V>): KeyedStore<V> {
    this.stores.push(store as KeyedStore<unknown>);
    return store;
  }

  protected emit(row: Row): void {
    this.record.value = row;
    this.context.output.collect(this.record);
  }

  setup(context: OperatorContext): void {
    this.context = context;
  }

  initializeState(restored: OperatorSnapshot | null): void {
    if (restored === null) return;
    for (const store of this.stores) store.restore(restored);
    const watermarks = restored.operatorState.find((state) => state.stateName === "watermark")?.elements as readonly number[] | undefined;
    if (watermarks !== undefined && watermarks.length > 0) this.currentWatermark = Math.min(...watermarks);
    this.afterRestore();
  }

  /** Rebuilds what is derived from the stores. */
  protected afterRestore(): void {}

  open(): void {}
  prepareSnapshotPreBarrier(_checkpointId: number): void {}

  /** Lateness must be judged after a restore as before (Flink keeps the watermark of its window operators in union state). */
  protected get keepsWatermark(): boolean {
    return false;
  }

  snapshotState(_checkpointId: number): OperatorSnapshot {
    const snapshot = snapshotStores(this.stores, this.context.maxParallelism);
    if (!this.keepsWatermark) return snapshot;
    const watermark = { stateName: "watermark", mode: "union" as const, elements: [this.currentWatermark] };
    return { ...snapshot, operatorState: [watermark], bytes: snapshot.bytes + 8 };
  }

  notifyCheckpointComplete(_checkpointId: number): void {}
  notifyCheckpointAborted(_checkpointId: number): void {}
  endInput(_input: number): void {}
  finish(): void {}
  close(): void {}

  stateSizes(): readonly StateSize[] {
    return this.stores.map((store) => store.size(this.context.operatorId));
  }
}

export abstract class OneInputSqlOperator extends SqlOperator implements OneInputStreamOperator {
  abstract processRow(row: Row): void;

  processElement(record: StreamRecord): void {
    this.processRow(record.value as Row);
  }

  processWatermark(timestampMs: number): void {
    if (timestampMs <= this.currentWatermark) return;
    this.onWatermark(timestampMs);
    this.currentWatermark = timestampMs;
    this.context.output.emitWatermark(timestampMs);
  }

  /** Before the watermark is passed on. `currentWatermark` is still the one before. */
  protected onWatermark(_timestampMs: number): void {}

  processWatermarkStatus(idle: boolean): void {
    this.context.output.emitWatermarkStatus(idle);
  }
}

export abstract class TwoInputSqlOperator extends SqlOperator implements TwoInputStreamOperator {
  private readonly watermarks: [number, number] = [MIN_TIMESTAMP, MIN_TIMESTAMP];
  private readonly idle: [boolean, boolean] = [false, false];

  abstract processLeft(row: Row): void;
  abstract processRight(row: Row): void;

  processElement1(record: StreamRecord): void {
    this.processLeft(record.value as Row);
  }

  processElement2(record: StreamRecord): void {
    this.processRight(record.value as Row);
  }

  processWatermark1(timestampMs: number): void {
    this.watermarks[0] = Math.max(this.watermarks[0], timestampMs);
    this.combine();
  }

  processWatermark2(timestampMs: number): void {
    this.watermarks[1] = Math.max(this.watermarks[1], timestampMs);
    this.combine();
  }

  processWatermarkStatus1(idle: boolean): void {
    this.changeStatus(0, idle);
  }

  processWatermarkStatus2(idle: boolean): void {
    this.changeStatus(1, idle);
  }

  private changeStatus(input: 0 | 1, idle: boolean): void {
    const before = this.idle[0] && this.idle[1];
    this.idle[input] = idle;
    const after = this.idle[0] && this.idle[1];
    if (!after) this.combine();
    if (before !== after) this.context.output.emitWatermarkStatus(after);
  }

  private combine(): void {
    const [left, right] = this.watermarks;
    const combined = this.idle[0] && !this.idle[1] ? right : this.idle[1] && !this.idle[0] ? left : Math.min(left, right);
    if (combined <= this.currentWatermark) return;
    this.onWatermark(combined);
    this.currentWatermark = combined;
    this.context.output.emitWatermark(combined === MAX_TIMESTAMP ? combined : combined - this.watermarkDelayMs);
  }

  /** How far the output's rows may lie behind the inputs' watermark. */
  protected get watermarkDelayMs(): number {
    return 0;
  }

  protected onWatermark(_timestampMs: number): void {}
}
