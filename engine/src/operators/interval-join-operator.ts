/**
 * Joins each left record with the right records of its key whose timestamp lies in [left + lower, left + upper] (Flink:
 * `IntervalJoinOperator`).
 *
 * Both sides are kept per key in map state, in buckets of one timestamp each. A record goes into its own side's bucket and is then joined
 * with the buckets of the other side that lie in its interval, so every pair is found exactly once: by the record that comes second. A
 * bucket is of use until the watermark has passed the latest timestamp that could still be joined with it. A cleanup timer per bucket and
 * side then removes it: the left bucket t at t + upper, the right one at t - lower, or at t when no such later partner can exist.
 *
 *   bounds -1000 … +500:   left 5000 is kept until watermark 5500, right 5000 until watermark 6000
 *
 * Late is what lies *below* the watermark (not at it), since a cleanup timer that is due fires before the watermark passes. With exclusive
 * bounds the interval is one millisecond shorter on that side, and so is the time for which buckets are kept.
 */
import { Diagnostic } from "../base/diagnostic.ts";
import { invariant } from "../base/invariant.ts";
import { MIN_TIMESTAMP } from "../base/long.ts";
import { AbstractUdfStreamOperator } from "../flow/abstract-udf-stream-operator.ts";
import type { ProcessJoinContext, ProcessJoinFunction } from "../flow/functions.ts";
import type { InternalTimerService, Triggerable } from "../flow/internal-timer-service.ts";
import type { TwoInputStreamOperator } from "../flow/operator.ts";
import type { Output, OutputTag } from "../flow/output.ts";
import { StreamRecord } from "../flow/stream-record.ts";
import type { InternalTimer } from "../flow/timer-queue.ts";
import { ResultTimestamp, TimestampedCollector } from "../flow/timestamped-collector.ts";
import { MapStateDescriptor, type StateDescriptor } from "../state/descriptors.ts";
import type { StateNamespace } from "../state/namespace.ts";
import type { MapState } from "../state/state.ts";
import { checkedTag } from "./side-output.ts";

export interface IntervalJoinOptions {
  /** Milliseconds to add to the left timestamp; may be negative. */
  readonly lowerBoundMs: number;
  readonly upperBoundMs: number;
  readonly lowerBoundInclusive: boolean;
  readonly upperBoundInclusive: boolean;
  /** Where late records of either side go; without it they are dropped. */
  readonly leftLateDataOutputTag?: OutputTag;
  readonly rightLateDataOutputTag?: OutputTag;
}

/** Timestamp → values with it, in the order of arrival. */
type Buffer = MapState<number, unknown[]>;

const CLEANUP_LEFT: StateNamespace = Object.freeze({ namespaceKey: "CLEANUP_LEFT" });
const CLEANUP_RIGHT: StateNamespace = Object.freeze({ namespaceKey: "CLEANUP_RIGHT" });

export class IntervalJoinOperator<I1, I2, O>
  extends AbstractUdfStreamOperator<ProcessJoinFunction<I1, I2, O>>
  implements TwoInputStreamOperator, Triggerable
{
  // Configuration; the bounds are inclusive from here on.
  private readonly lowerBoundMs: number;
  private readonly upperBoundMs: number;
  private readonly leftLateDataOutputTag: OutputTag | undefined;
  private readonly rightLateDataOutputTag: OutputTag | undefined;
  // State that is not checkpointed.
  private collector!: TimestampedCollector<O>;
  private readonly resultTimestamp = new ResultTimestamp();
  private joinContext!: ReusableJoinContext;
  private readonly pair = new CurrentPair();
  private timers!: InternalTimerService;
  // State that is checkpointed.
  private leftBuffer!: Buffer;
  private rightBuffer!: Buffer;

  constructor(userFunction: ProcessJoinFunction<I1, I2, O>, options: IntervalJoinOptions) {
    super(userFunction);
    refuseReversedBounds(options);
    this.lowerBoundMs = options.lowerBoundInclusive ? options.lowerBoundMs : options.lowerBoundMs + 1;
    this.upperBoundMs = options.upperBoundInclusive ? options.upperBoundMs : options.upperBoundMs - 1;
    this.leftLateDataOutputTag = options.leftLateDataOutputTag;
    this.rightLateDataOutputTag = options.rightLateDataOutputTag;
  }

  override open(): void {
    super.open();
    this.collector = new TimestampedCollector<O>(this.output, this.resultTimestamp);
    this.joinContext = new ReusableJoinContext(this.output, this.pair);
    this.timers = this.getInternalTimerService("CLEANUP_TIMER", this);
    this.leftBuffer = this.getKeyedState(bufferDescriptor("LEFT_BUFFER"));
    this.rightBuffer = this.getKeyedState(bufferDescriptor("RIGHT_BUFFER"));
  }

  processElement1(record: StreamRecord): void {
    this.setKeyContext(record);
    const timestampMs = meaningfulTimestamp(record);
    if (timestampMs < this.timers.currentWatermark()) {
      this.rejectLate(record, this.leftLateDataOutputTag);
      return;
    }
    addTo(this.leftBuffer, timestampMs, record.value);
    const first = timestampMs + this.lowerBoundMs;
    const last = timestampMs + this.upperBoundMs;
    for (const [rightMs, bucket] of this.rightBuffer.entries()) {
      if (rightMs < first || rightMs > last) continue;
      for (let index = 0; index < bucket.length; index++) this.join(record.value, bucket[index], timestampMs, rightMs);
    }
    this.timers.registerEventTimeTimer(CLEANUP_LEFT, this.upperBoundMs > 0 ? timestampMs + this.upperBoundMs : timestampMs);
  }

  processElement2(record: StreamRecord): void {
    this.setKeyContext2(record);
    const timestampMs = meaningfulTimestamp(record);
    if (timestampMs < this.timers.currentWatermark()) {
      this.rejectLate(record, this.rightLateDataOutputTag);
      return;
    }
    addTo(this.rightBuffer, timestampMs, record.value);
    const first = timestampMs - this.upperBoundMs;
    const last = timestampMs - this.lowerBoundMs;
    for (const [leftMs, bucket] of this.leftBuffer.entries()) {
      if (leftMs < first || leftMs > last) continue;
      for (let index = 0; index < bucket.length; index++) this.join(bucket[index], record.value, leftMs, timestampMs);
    }
    this.timers.registerEventTimeTimer(CLEANUP_RIGHT, this.lowerBoundMs < 0 ? timestampMs - this.lowerBoundMs : timestampMs);
  }

  onEventTime(timer: InternalTimer): void {
    const { timestampMs } = timer;
    if (timer.namespace.namespaceKey === CLEANUP_LEFT.namespaceKey) {
      this.leftBuffer.remove(this.upperBoundMs > 0 ? timestampMs - this.upperBoundMs : timestampMs);
    } else {
      this.rightBuffer.remove(this.lowerBoundMs < 0 ? timestampMs + this.lowerBoundMs : timestampMs);
    }
  }

  onProcessingTime(_timer: InternalTimer): void {
    invariant(false, "an interval join sets no processing-time timers");
  }

  private join(left: unknown, right: unknown, leftMs: number, rightMs: number): void {
    this.resultTimestamp.set(leftMs > rightMs ? leftMs : rightMs);
    this.pair.leftMs = leftMs;
    this.pair.rightMs = rightMs;
    this.userFunction.processElement(left as I1, right as I2, this.joinContext, this.collector);
  }

  private rejectLate(record: StreamRecord, tag: OutputTag | undefined): void {
    if (this.probe.recording) {
      this.probe.recordLate(record.value, record.timestamp, this.timers.currentWatermark(), tag?.id ?? null);
    }
    if (tag !== undefined) this.output.collectSide(tag, record);
  }
}

/** Timestamps of the pair that is being worked on. */
class CurrentPair {
  leftMs = 0;
  rightMs = 0;
}

class ReusableJoinContext implements ProcessJoinContext {
  readonly #pair: CurrentPair;
  readonly #out: Output;
  readonly #side = new StreamRecord<unknown>(undefined);

  constructor(out: Output, pair: CurrentPair) {
    this.#out = out;
    this.#pair = pair;
  }

  getLeftTimestamp(): number {
    return this.#pair.leftMs;
  }

  getRightTimestamp(): number {
    return this.#pair.rightMs;
  }

  getTimestamp(): number {
    const { leftMs, rightMs } = this.#pair;
    return leftMs > rightMs ? leftMs : rightMs;
  }

  output<X>(outputTag: OutputTag<X>, value: X): void {
    this.#side.value = value;
    this.#side.setTimestamp(this.getTimestamp());
    this.#out.collectSide(checkedTag(outputTag), this.#side);
  }
}

function bufferDescriptor(name: string): StateDescriptor<Buffer> {
  return new MapStateDescriptor<number, unknown[]>(name) as unknown as StateDescriptor<Buffer>;
}

function addTo(buffer: Buffer, timestampMs: number, value: unknown): void {
  const bucket = buffer.get(timestampMs) ?? [];
  bucket.push(value);
  buffer.put(timestampMs, bucket);
}

function meaningfulTimestamp(record: StreamRecord): number {
  if (record.hasTimestamp && record.timestamp !== MIN_TIMESTAMP) return record.timestamp;
  throw new Diagnostic({
    code: "JOIN_WITHOUT_TIMESTAMP",
    message: "Long.MIN_VALUE timestamp: Elements used in interval stream joins need to have timestamps meaningful timestamps.",
    phase: "runtime",
    found: "a record without a timestamp",
    expected: "event timestamps on both streams",
    hint: "Assign them with a WatermarkStrategy at the source: env.fromSource(source, WatermarkStrategy….withTimestampAssigner(…), name).",
  });
}

/** @throws Diagnostic JOIN_BOUNDS_REVERSED when the lower bound is above the upper one. */
export function refuseReversedBounds(options: IntervalJoinOptions): void {
  if (options.lowerBoundMs <= options.upperBoundMs) return;
  throw new Diagnostic({
    code: "JOIN_BOUNDS_REVERSED",
    message: "lowerBound <= upperBound must be fulfilled",
    phase: "graph",
    found: `between ${options.lowerBoundMs} ms and ${options.upperBoundMs} ms`,
    expected: "the earlier bound first: between(Duration.ofMinutes(-5), Duration.ofMinutes(0))",
  });
}
