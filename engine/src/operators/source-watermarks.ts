/**
 * Timestamps and watermarks inside a source (Flink: `ProgressiveTimestampsAndWatermarks`).
 *
 * Each split has a generator of its own, and the source's watermark is the minimum over its splits, so that one partition read faster than
 * another makes nothing late. Beside the splits there is the reader's main output with a generator of its own, for readers that tell no
 * splits apart; through it, too, a reader without any split becomes idle when the strategy has an idle timeout, and never without one.
 */
import { MAX_TIMESTAMP, MIN_TIMESTAMP } from "../base/long.ts";
import type { OperatorContext } from "../flow/operator.ts";
import type { Output } from "../flow/output.ts";
import { PausableClock } from "../flow/pausable-clock.ts";
import { inputActivityMs } from "../flow/processing-time.ts";
import type { ReaderOutput, SourceOutput } from "../flow/source.ts";
import { StreamRecord } from "../flow/stream-record.ts";
import { IdlenessManager, StreamWatermarks } from "./source-stream-watermarks.ts";
import { badTimestamp } from "./watermarks/bad-timestamp.ts";
import { PeriodicEmission } from "./watermarks/periodic-emission.ts";
import {
  emitPeriodically,
  type TimestampAssigner,
  type Watermark,
  type WatermarkGenerator,
  type WatermarkOutput,
} from "./watermarks/watermark-generator.ts";
import { WatermarkOutputMultiplexer } from "./watermarks/watermark-output-multiplexer.ts";
import type { WatermarkStrategy } from "./watermarks/watermark-strategy.ts";

/** Records that pass until the one that carries them is renewed. */
const RENEW_AFTER = 4096;

/** Told about what only the source can see. */
export interface SourceListener {
  /** `eventMs` MIN_TIMESTAMP = the record has no timestamp (a number in any case, so that none is allocated per record). */
  recordRead(output: { readonly lastValue: unknown }, value: unknown, eventMs: number): void;
  splitWatermark(split: string, watermarkMs: number): void;
  splitIdle(split: string, idle: boolean): void;
  splitFinished(split: string): void;
  watermark(watermarkMs: number): void;
  idle(idle: boolean): void;
}

export class SourceWatermarks<T> {
  /** What the reader is given. */
  readonly mainOutput: ReaderOutput<T>;
  /** Stands still while the whole source waits for alignment (and, below it, under backpressure). */
  readonly clock: PausableClock;
  private readonly strategy: WatermarkStrategy<T>;
  private readonly context: OperatorContext;
  private readonly listener: SourceListener;
  private readonly stream: StreamWatermarks;
  private readonly multiplexer: WatermarkOutputMultiplexer;
  private readonly main: MainOutput<T>;
  private readonly splits = new Map<string, SplitOutput<T>>();
  private readonly emission: PeriodicEmission;

  constructor(strategy: WatermarkStrategy<T>, context: OperatorContext, listener: SourceListener) {
    const { processingTime, autoWatermarkIntervalMs } = context;
    this.strategy = strategy;
    this.context = context;
    this.listener = listener;
    this.stream = new StreamWatermarks(context.output, listener);
    this.clock = this.newClock();
    this.emission = new PeriodicEmission(processingTime, autoWatermarkIntervalMs, () => this.emitPeriodically());
    const idleness = new IdlenessManager(this.stream);
    this.multiplexer = new WatermarkOutputMultiplexer(idleness.splitOutput);
    const { mainOutput } = idleness;
    const outputs = { generator: this.newGenerator(this.clock), onEvent: mainOutput, periodic: mainOutput };
    this.main = new MainOutput(
      this,
      this.clock,
      outputs,
      strategy.createTimestampAssigner(context.metricGroup.handle),
      context.output,
      listener,
      this.emission,
    );
    this.mainOutput = new ReaderOutputHandle(this.main);
  }

  start(): void {
    // Sources emit at a fixed rate: exactly one interval after the start, two, three … (a timer runs 1 ms after its time).
    this.emission.start(this.context.processingTime.currentMs() - 1);
  }

  createOutputForSplit(splitId: string): SplitOutput<T> {
    let output = this.splits.get(splitId);
    if (output === undefined) {
      output = this.addSplit(splitId);
      this.splits.set(splitId, output);
    }
    return output;
  }

  releaseOutputForSplit(splitId: string): void {
    if (!this.splits.delete(splitId)) return;
    this.multiplexer.unregisterOutput(splitId);
    this.listener.splitFinished(splitId);
    // The others may go on without it, at the next emission.
    this.emission.touch();
  }

  /** A split that is not read has no chance to be active: its clock stands still. */
  pauseOrResumeSplits(splitsToPause: readonly string[], splitsToResume: readonly string[]): void {
    for (const split of splitsToPause) this.splits.get(split)?.clock.pause();
    for (const split of splitsToResume) this.splits.get(split)?.clock.unPause();
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
    const clock = this.newClock();
    const outputs = {
      generator: this.newGenerator(clock),
      onEvent: multiplexer.getImmediateOutput(splitId),
      periodic: multiplexer.getDeferredOutput(splitId),
    };
    return new SplitOutput(
      clock,
      outputs,
      strategy.createTimestampAssigner(context.metricGroup.handle),
      context.output,
      listener,
      this.emission,
    );
  }

  private newClock(): PausableClock {
    const { processingTime } = this.context;
    return new PausableClock(() => inputActivityMs(processingTime));
  }

  private newGenerator(clock: PausableClock): WatermarkGenerator<T> {
    return this.strategy.createWatermarkGenerator({ currentMs: () => clock.relativeTimeMillis() }, this.context.metricGroup.handle);
  }

  /** Gives the processing time until which nothing changes by itself: the generators' own time plus what their clocks are behind. */
  private emitPeriodically(): number {
    const { processingTime } = this.context;
    const behindMs = processingTime.currentMs() - inputActivityMs(processingTime);
    let settledUntilMs = this.main.emitPeriodically();
    for (const split of this.splits.values()) settledUntilMs = Math.min(settledUntilMs, split.emitPeriodically());
    this.multiplexer.onPeriodicEmit();
    return settledUntilMs + behindMs;
  }
}

interface OutputGenerator<T> {
  readonly generator: WatermarkGenerator<T>;
  readonly onEvent: WatermarkOutput;
  readonly periodic: WatermarkOutput;
}

/** Where the reader puts the records of one split. */
export class SplitOutput<T> implements SourceOutput<T> {
  /** What the reader is given. */
  readonly handle: SourceOutput<T> = new SourceOutputHandle<T>(this);
  readonly clock: PausableClock;
  private readonly watermarks: OutputGenerator<T>;
  private readonly assigner: TimestampAssigner<T>;
  private readonly output: Output;
  private readonly listener: SourceListener;
  private readonly emission: PeriodicEmission;
  private record = new StreamRecord<T | undefined>(undefined);
  private recordLasts = RENEW_AFTER;

  constructor(
    clock: PausableClock,
    watermarks: OutputGenerator<T>,
    assigner: TimestampAssigner<T>,
    output: Output,
    listener: SourceListener,
    emission: PeriodicEmission,
  ) {
    this.clock = clock;
    this.watermarks = watermarks;
    this.assigner = assigner;
    this.output = output;
    this.listener = listener;
    this.emission = emission;
  }

  /** A young record: storing young values in an old one costs more (see Channel). */
  private renewRecord(): void {
    this.record = new StreamRecord<T | undefined>(undefined);
    this.recordLasts = RENEW_AFTER;
  }

  get lastValue(): unknown {
    return this.record.value;
  }

  collect(value: T, timestampMs: number = MIN_TIMESTAMP): void {
    const { watermarks } = this;
    if (--this.recordLasts === 0) this.renewRecord();
    const { record } = this;
    const eventMs = this.assigner.extractTimestamp(value, timestampMs);
    if (typeof eventMs !== "number" || Number.isNaN(eventMs)) throw badTimestamp(eventMs);
    record.value = value;
    this.listener.recordRead(this, value, eventMs);
    record.setTimestamp(eventMs);
    // The record goes first: a watermark made from it must not overtake it.
    this.output.collect(record as StreamRecord);
    watermarks.generator.onEvent(value, eventMs, watermarks.onEvent);
    this.emission.touch();
  }

  emitWatermark(watermark: Watermark | number | { readonly timestamp: number }): void {
    this.watermarks.onEvent.emitWatermark(typeof watermark === "number" ? watermark : watermark.timestamp);
  }

  markIdle(): void {
    this.watermarks.onEvent.markIdle();
  }

  markActive(): void {
    this.watermarks.onEvent.markActive();
  }

  /** Gives the time until which the generator is settled, on the clock below its own. */
  emitPeriodically(): number {
    return emitPeriodically(this.watermarks.generator, this.watermarks.periodic) + this.clock.lagMs();
  }
}

/** The reader's own output, which also makes those of the splits. */
class MainOutput<T> extends SplitOutput<T> implements ReaderOutput<T> {
  private readonly owner: SourceWatermarks<T>;

  constructor(
    owner: SourceWatermarks<T>,
    clock: PausableClock,
    watermarks: OutputGenerator<T>,
    assigner: TimestampAssigner<T>,
    output: Output,
    listener: SourceListener,
    emission: PeriodicEmission,
  ) {
    super(clock, watermarks, assigner, output, listener, emission);
    this.owner = owner;
  }

  createOutputForSplit(splitId: string): SourceOutput<T> {
    return this.owner.createOutputForSplit(splitId).handle;
  }

  releaseOutputForSplit(splitId: string): void {
    this.owner.releaseOutputForSplit(splitId);
  }
}

/** An output as readers see it. */
class SourceOutputHandle<T> implements SourceOutput<T> {
  readonly #output: SourceOutput<T>;

  constructor(output: SourceOutput<T>) {
    this.#output = output;
  }

  collect(value: T, timestampMs?: number): void {
    this.#output.collect(value, timestampMs);
  }

  emitWatermark(watermark: number | { readonly timestamp: number }): void {
    this.#output.emitWatermark(watermark);
  }

  markIdle(): void {
    this.#output.markIdle();
  }

  markActive(): void {
    this.#output.markActive();
  }
}

/** The reader's own output, as it sees it. */
class ReaderOutputHandle<T> extends SourceOutputHandle<T> implements ReaderOutput<T> {
  readonly #main: MainOutput<T>;

  constructor(main: MainOutput<T>) {
    super(main);
    this.#main = main;
  }

  createOutputForSplit(splitId: string): SourceOutput<T> {
    return this.#main.createOutputForSplit(splitId);
  }

  releaseOutputForSplit(splitId: string): void {
    this.#main.releaseOutputForSplit(splitId);
  }
}
