import type { ProcessingTimeService } from "../flow/processing-time.ts";
import { processInTransaction, setTransactionHost } from "../flow/two-phase-commit-sink-function.ts";
import { WriteContext, WrittenRecord } from "../flow/written-record.ts";
import { AbstractUdfStreamOperator } from "../flow/abstract-udf-stream-operator.ts";
import type { OneInputStreamOperator, OperatorContext } from "../flow/operator.ts";
import type { SinkFunction, SinkFunctionContext } from "../flow/sink-function.ts";
import type { StreamRecord } from "../flow/stream-record.ts";
import { TwoPhaseCommitSinkFunction } from "../flow/two-phase-commit-sink-function.ts";
import { Watermark } from "../flow/watermark.ts";

type AnySinkFunction<IN> = SinkFunction<IN> | TwoPhaseCommitSinkFunction<IN, unknown, unknown>;

/** Drives a `SinkFunction` (Flink: `StreamSink`). Nothing but watermarks comes out of it. */
export class StreamSink<IN> extends AbstractUdfStreamOperator<AnySinkFunction<IN>> implements OneInputStreamOperator {
  private readonly transactional: TwoPhaseCommitSinkFunction<unknown, unknown, unknown> | undefined;
  private readonly plain: SinkFunction<IN> | undefined;
  private readonly written = new WrittenRecord();
  private invokeContext!: SinkFunctionContext;

  constructor(userFunction: AnySinkFunction<IN>) {
    super(userFunction);
    if (userFunction instanceof TwoPhaseCommitSinkFunction)
      this.transactional = userFunction as TwoPhaseCommitSinkFunction<unknown, unknown, unknown>;
    else this.plain = userFunction;
  }

  override setup(context: OperatorContext): void {
    super.setup(context);
    this.invokeContext = new InvokeContext(this.written, context.processingTime);
    if (this.transactional === undefined) return;
    setTransactionHost(this.transactional, { currentMs: () => context.processingTime.currentMs(), steps: context.steps });
  }

  processElement(record: StreamRecord): void {
    this.setKeyContext(record);
    this.written.timestampMs = record.hasTimestamp ? record.timestamp : null;
    if (this.plain !== undefined) this.plain.invoke(record.value as IN, this.invokeContext);
    else if (this.transactional !== undefined) processInTransaction(this.transactional, record.value, this.invokeContext);
  }

  override processWatermark(timestampMs: number): void {
    super.processWatermark(timestampMs);
    this.written.watermarkMs = timestampMs;
    this.plain?.writeWatermark?.(new Watermark(timestampMs));
  }

  override finish(): void {
    super.finish();
    this.userFunction.finish?.();
  }
}

/** What `invoke` sees beside the record. */
class InvokeContext extends WriteContext implements SinkFunctionContext {
  readonly #clock: ProcessingTimeService;

  constructor(record: WrittenRecord, clock: ProcessingTimeService) {
    super(record);
    this.#clock = clock;
  }

  currentProcessingTime(): number {
    return this.#clock.currentMs();
  }
}
