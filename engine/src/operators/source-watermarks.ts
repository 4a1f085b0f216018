/**
 * Timestamps and watermarks inside a source (Flink: `ProgressiveTimestampsAndWatermarks`).
 *
 * Each split has a generator of its own, and the source's watermark is the minimum over its splits, so that one partition read faster than
 * another makes nothing late. Beside the splits there is a main generator that never sees a record: through it a reader without any
 * split becomes idle when the strategy has an idle timeout, and never without one.
 */
import { Diagnostic } from "../base/diagnostic.ts";
import { MAX_TIMESTAMP, MIN_TIMESTAMP } from "../base/long.ts";
import type { ReaderOutput } from "../flow/connector.ts";
import type { OperatorContext } from "../flow/operator.ts";
import type { Output } from "../flow/output.ts";
import { StreamRecord } from "../flow/stream-record.ts";
import { PeriodicEmission } from "./watermarks/periodic-emission.ts";
import {
  emitPeriodically,
  type TimestampAssigner,
  timestampOf,
  type Watermark,
  type WatermarkGenerator,
  type WatermarkOutput,
} from "./watermarks/watermark-generator.ts";
import { WatermarkOutputMultiplexer } from "./watermarks/watermark-output-multiplexer.ts";
import type { WatermarkStrategy } from "./watermarks/watermark-strategy.ts";

/** Told about what only the source can see. */
export interface SourceListener {
  /** `eventMs` null = the record has no timestamp. */
  recordRead(value: unknown, eventMs: number | null): void;
  splitWatermark(split: string, watermarkMs: number): void;
  splitIdle(split: string, idle: boolean): void;
  watermark(watermarkMs: number): void;
  idle(idle: boolean): void;
}

export class SourceWatermarks<T> {
  private readonly strategy: WatermarkStrategy<T>;
  private readonly context: OperatorContext;
  private readonly listener: SourceListener;
  private readonly stream: StreamWatermarks;
  private readonly multiplexer: WatermarkOutputMultiplexer;
  private readonly main: WatermarkGenerator<T>;
  private readonly mainOutput: WatermarkOutput;
  private readonly splits = new Map<string, SplitOutput<T>>();
  private readonly emission: PeriodicEmission;

  constructor(strategy: WatermarkStrategy<T>, context: OperatorContext, listener: SourceListener) {
    this.strategy = strategy;
    this.context = context;
    this.listener = listener;
    this.stream = new StreamWatermarks(context.output, listener);
    const idleness = new IdlenessManager(this.stream);
    this.multiplexer = new WatermarkOutputMultiplexer(idleness.splitOutput);
    this.mainOutput = idleness.mainOutput;
    this.main = strategy.createWatermarkGenerator(context.processingTime);
    this.emission = new PeriodicEmission(context.processingTime, context.autoWatermarkIntervalMs, () => this.emitPeriodically());
  }

  start(): void {
    // Sources emit at a fixed rate: exactly one interval after the start, two, three … (a timer runs 1 ms after its time).
    this.emission.start(this.context.processingTime.currentMs() - 1);
  }

  outputOf(splitId: string): SplitOutput<T> {
    let output = this.splits.get(splitId);
    if (output === undefined) {
      output = this.addSplit(splitId);
      this.splits.set(splitId, output);
    }
    return output;
  }

  /** Event time is over: nothing will be late any more. */
  endEventTime(): void {
    this.emission.stop();
    this.stream.markActive();
    this.stream.emitWatermark(MAX_TIMESTAMP);
  }

  stop(): void {
    this.emission.stop();
  }

  private addSplit(splitId: string): SplitOutput<T> {
    const { listener, multiplexer, strategy, context } = this;
    let idle = false;
    multiplexer.registerNewOutput(splitId, {
      onWatermarkUpdate: (watermarkMs) => listener.splitWatermark(splitId, watermarkMs),
      onIdleUpdate: (now) => {
        if (now !== idle) listener.splitIdle(splitId, now);
        idle = now;
      },
    });
    return new SplitOutput(
      {
        generator: strategy.createWatermarkGenerator(context.processingTime),
        onEvent: multiplexer.getImmediateOutput(splitId),
        periodic: multiplexer.getDeferredOutput(splitId),
      },
      strategy.createTimestampAssigner(),
      context.output,
      listener,
      this.emission,
    );
  }

  private emitPeriodically(): number {
    let settledUntilMs = emitPeriodically(this.main, this.mainOutput);
    for (const split of this.splits.values()) settledUntilMs = Math.min(settledUntilMs, split.emitPeriodically());
    return this.multiplexer.onPeriodicEmit() ? settledUntilMs : Number.NEGATIVE_INFINITY;
  }
}

interface SplitGenerator<T> {
  readonly generator: WatermarkGenerator<T>;
  readonly onEvent: WatermarkOutput;
  readonly periodic: WatermarkOutput;
}

/** Where the reader puts the records of one split. */
export class SplitOutput<T> implements ReaderOutput<T> {
  private readonly watermarks: SplitGenerator<T>;
  private readonly assigner: TimestampAssigner<T>;
  private readonly output: Output;
  private readonly listener: SourceListener;
  private readonly emission: PeriodicEmission;
  private readonly record = new StreamRecord<T | undefined>(undefined);

  constructor(
    watermarks: SplitGenerator<T>,
    assigner: TimestampAssigner<T>,
    output: Output,
    listener: SourceListener,
    emission: PeriodicEmission,
  ) {
    this.watermarks = watermarks;
    this.assigner = assigner;
    this.output = output;
    this.listener = listener;
    this.emission = emission;
  }

  collect(value: T, timestampMs: number = MIN_TIMESTAMP): void {
    const { record, watermarks } = this;
    const eventMs = this.assigner.extractTimestamp(value, timestampMs);
    if (typeof eventMs !== "number" || Number.isNaN(eventMs)) throw badTimestamp(eventMs);
    this.listener.recordRead(value, eventMs === MIN_TIMESTAMP ? null : eventMs);
    record.value = value;
    record.setTimestamp(eventMs);
    // The record goes first: a watermark made from it must not overtake it.
    this.output.collect(record as StreamRecord);
    watermarks.generator.onEvent(value, eventMs, watermarks.onEvent);
    this.emission.touch();
  }

  /** Gives the time until which the split's generator is settled. */
  emitPeriodically(): number {
    return emitPeriodically(this.watermarks.generator, this.watermarks.periodic);
  }
}

function badTimestamp(found: unknown): Diagnostic {
  return new Diagnostic({
    code: "WATERMARK_BAD_TIMESTAMP",
    phase: "runtime",
    message: "The timestamp assigner did not return a number of epoch milliseconds.",
    found: found === undefined || found === null || typeof found === "number" ? String(found) : `${typeof found} ${String(found)}`,
    expected: "a number, e.g. 1767225600000",
    hint: "Is the field spelled as in the record, and is it a number rather than a text?",
  });
}

/** The subtask's one stream of watermarks: rising only, and active or idle (Flink: `WatermarkToDataOutput`). */
class StreamWatermarks implements WatermarkOutput {
  private readonly output: Output;
  private readonly listener: SourceListener;
  private highest = MIN_TIMESTAMP;
  private idle = false;

  constructor(output: Output, listener: SourceListener) {
    this.output = output;
    this.listener = listener;
  }

  emitWatermark(watermark: Watermark | number): void {
    const timestampMs = timestampOf(watermark);
    if (timestampMs <= this.highest) return;
    this.highest = timestampMs;
    this.markActive();
    this.listener.watermark(timestampMs);
    this.output.emitWatermark(timestampMs);
  }

  markIdle(): void {
    this.setIdle(true);
  }

  markActive(): void {
    this.setIdle(false);
  }

  private setIdle(idle: boolean): void {
    if (this.idle === idle) return;
    this.idle = idle;
    this.listener.idle(idle);
    this.output.emitWatermarkStatus(idle);
  }
}

/** Idle only when both the splits together and the main generator are (Flink: `IdlenessManager`). */
class IdlenessManager {
  readonly splitOutput: WatermarkOutput;
  readonly mainOutput: WatermarkOutput;
  private splitsIdle = true;
  private mainIdle = true;

  constructor(underlying: WatermarkOutput) {
    const markIfIdle = () => {
      if (this.splitsIdle && this.mainIdle) underlying.markIdle();
    };
    this.splitOutput = awareOutput(underlying, markIfIdle, (idle) => {
      this.splitsIdle = idle;
    });
    this.mainOutput = awareOutput(underlying, markIfIdle, (idle) => {
      this.mainIdle = idle;
    });
  }
}

function awareOutput(underlying: WatermarkOutput, markIfIdle: () => void, set: (idle: boolean) => void): WatermarkOutput {
  return {
    emitWatermark(watermark) {
      set(false);
      underlying.emitWatermark(watermark);
    },
    markIdle() {
      set(true);
      markIfIdle();
    },
    markActive() {
      set(false);
      underlying.markActive();
    },
  };
}
