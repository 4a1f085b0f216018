import type { StreamRecord } from "./stream-record.ts";

/** Names a side output. Two tags with the same id are the same output (Flink: `OutputTag`). */
export class OutputTag<T = unknown> {
  readonly id: string;
  /** Only carries the element type for inference; never set. */
  declare readonly elementType?: T;

  /** `_typeInfo` is accepted so that Flink's spelling works; the element type comes from the type argument. */
  constructor(id: string, _typeInfo?: unknown) {
    if (typeof id !== "string" || id.length === 0) {
      throw new TypeError('OutputTag needs a non-empty id: new OutputTag<Click>("late")');
    }
    this.id = id;
  }
}

/**
 * Where an operator sends what it produces. The runtime puts either the next operator of the chain or a channel writer behind it.
 * Calls are synchronous; the record handed to `collect` may be reused by the caller afterwards.
 */
export interface Output {
  collect(record: StreamRecord): void;
  collectSide(tag: OutputTag, record: StreamRecord): void;
  emitWatermark(timestampMs: number): void;
  /** Marks the stream idle (`true`) or active again (Flink: `WatermarkStatus`). */
  emitWatermarkStatus(idle: boolean): void;
}
