import type { OneInputStreamOperator, OperatorContext, StateSize } from "../../../../flow/operator.ts";
import type { StreamRecord } from "../../../../flow/stream-record.ts";
import type { OperatorSnapshot } from "../../../../state/snapshot.ts";
import { serializedSize } from "../../../../types/value-codec.ts";

/** What the operators between a FileSink's writers and committers share: a list of plain elements as their state. */
export abstract class CompactionOperator<E> implements OneInputStreamOperator {
  protected context!: OperatorContext;
  /** What follows the end of the input belongs to the checkpoint after this one. */
  protected lastCheckpointId = 0;
  private readonly stateName: string;

  constructor(stateName: string) {
    this.stateName = stateName;
  }

  setup(context: OperatorContext): void {
    this.context = context;
  }

  initializeState(restored: OperatorSnapshot | null, restoredCheckpointId?: number): void {
    this.lastCheckpointId = restoredCheckpointId ?? 0;
    const elements = restored?.operatorState.find(({ stateName }) => stateName === this.stateName)?.elements ?? [];
    this.restore(elements as readonly E[]);
  }

  open(): void {}

  abstract processElement(record: StreamRecord): void;

  processWatermark(timestampMs: number): void {
    this.context.output.emitWatermark(timestampMs);
  }

  processWatermarkStatus(idle: boolean): void {
    this.context.output.emitWatermarkStatus(idle);
  }

  abstract prepareSnapshotPreBarrier(checkpointId: number): void;

  snapshotState(checkpointId: number): OperatorSnapshot {
    const elements = this.elements(checkpointId);
    return { keyed: null, operatorState: [{ stateName: this.stateName, mode: "list", elements }], bytes: serializedSize(elements) };
  }

  notifyCheckpointComplete(_checkpointId: number): void {}

  notifyCheckpointAborted(_checkpointId: number): void {}

  abstract endInput(input: number): void;

  finish(): void {}

  close(): void {}

  stateSizes(): readonly StateSize[] {
    return [];
  }

  protected abstract restore(elements: readonly E[]): void;

  /** Copies that nobody changes afterwards. */
  protected abstract elements(checkpointId: number): readonly E[];
}
