import { AbstractUdfStreamOperator } from "../flow/abstract-udf-stream-operator.ts";
import { MIN_TIMESTAMP } from "../base/long.ts";
import type { OneInputStreamOperator, OperatorContext } from "../flow/operator.ts";
import type { SinkFunction, SinkFunctionContext } from "../flow/sink-function.ts";
import type { StreamRecord } from "../flow/stream-record.ts";
import { TwoPhaseCommitSinkFunction } from "../flow/two-phase-commit-sink-function.ts";
import { Watermark } from "../flow/watermark.ts";

type AnySinkFunction<IN> = SinkFunction<IN> | TwoPhaseCommitSinkFunction<IN, unknown, unknown>;

/** Drives a `SinkFunction` (Flink: `StreamSink`). Nothing but watermarks comes out of it. */
export class StreamSink<IN> extends AbstractUdfStreamOperator<AnySinkFunction<IN>> implements OneInputStreamOperator, SinkFunctionContext {
  private readonly transactional: TwoPhaseCommitSinkFunction<IN, unknown, unknown> | undefined;
  private readonly plain: SinkFunction<IN> | undefined;
  private watermarkMs = MIN_TIMESTAMP;
  private recordTimestampMs: number | null = null;

  constructor(userFunction: AnySinkFunction<IN>) {
    super(userFunction);
    if (userFunction instanceof TwoPhaseCommitSinkFunction) this.transactional = userFunction;
    else this.plain = userFunction;
  }

  override setup(context: OperatorContext): void {
    super.setup(context);
    this.transactional?.setHost({ currentMs: () => context.processingTime.currentMs(), steps: context.steps });
  }

  processElement(record: StreamRecord): void {
    this.setKeyContext(record);
    this.recordTimestampMs = record.hasTimestamp ? record.timestamp : null;
    if (this.plain !== undefined) this.plain.invoke(record.value as IN, this);
    else this.transactional?.process(record.value as IN, this);
  }

  override processWatermark(timestampMs: number): void {
    super.processWatermark(timestampMs);
    this.watermarkMs = timestampMs;
    this.plain?.writeWatermark?.(new Watermark(timestampMs));
  }

  override finish(): void {
    super.finish();
    this.userFunction.finish?.();
  }

  currentProcessingTime(): number {
    return this.context.processingTime.currentMs();
  }

  currentWatermark(): number {
    return this.watermarkMs;
  }

  timestamp(): number | null {
    return this.recordTimestampMs;
  }
}
