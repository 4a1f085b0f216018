/** The measured jobs, written as a learner would, over a bounded generator source. */
import {
  type AggregateFunction,
  type CheckpointedFunction,
  type Collector,
  DataGeneratorSource,
  datastreamProgram,
  Duration,
  EmbeddedRocksDBStateBackend,
  EventTimeSessionWindows,
  HashMapStateBackend,
  KeyedProcessFunction,
  type KeyedProcessContext,
  type Sink,
  type SinkWriter,
  SlidingEventTimeWindows,
  type StateBackend,
  StreamExecutionEnvironment,
  TumblingEventTimeWindows,
  type ValueState,
  ValueStateDescriptor,
  type WatermarkGenerator,
  type WatermarkOutput,
  WatermarkStrategy,
} from "../src/datastream.ts";
import { DEFAULT_LIMITS, runWorld, type World } from "../src/sim.ts";
import { burstEvent, DAY_MS, type Event, MINUTE_MS, RECORDS_PER_WATERMARK, SESSION_GAP_MS, steadyEvent, wideEvent } from "./workload.ts";

/** One slot, and every cost 0: throughput mode, the same operators running flat out. */
export const THROUGHPUT_WORLD: World = {
  seed: 1,
  startMs: 0,
  topics: [],
  cluster: { taskManagers: 1, slotsPerTaskManager: 1, parallelism: 1 },
  faults: [],
  end: { kind: "drain" },
  limits: { ...DEFAULT_LIMITS, maxSteps: Number.MAX_SAFE_INTEGER },
  costsUs: { "*": 0 },
};

class WatermarkPerThousand implements WatermarkGenerator<Event> {
  private seen = 0;

  onEvent(_event: Event, timestampMs: number, output: WatermarkOutput): void {
    if (++this.seen % RECORDS_PER_WATERMARK === 0) output.emitWatermark(timestampMs - 1);
  }

  onPeriodicEmit(): void {}
}

class CountingSink implements Sink<unknown> {
  rows = 0;

  createWriter(): SinkWriter<unknown> {
    const count = () => {
      this.rows++;
    };
    return { write: count, flush() {}, close() {} };
  }
}

class Count implements AggregateFunction<Event, number, number> {
  createAccumulator(): number {
    return 0;
  }
  add(_event: Event, count: number): number {
    return count + 1;
  }
  getResult(count: number): number {
    return count;
  }
  merge(a: number, b: number): number {
    return a + b;
  }
}

/** Emits a key's first record, remembers it, and forgets it after a while. */
class FirstWithin extends KeyedProcessFunction<number, Event, Event> {
  private readonly horizonMs: number;
  private seen!: ValueState<boolean>;

  constructor(horizonMs: number) {
    super();
    this.horizonMs = horizonMs;
  }

  override open(): void {
    this.seen = this.getRuntimeContext().getState(new ValueStateDescriptor<boolean>("seen"));
  }

  processElement(event: Event, ctx: KeyedProcessContext<number>, out: Collector<Event>): void {
    if (this.seen.value() !== null) return;
    this.seen.update(true);
    ctx.timerService().registerEventTimeTimer(event.timeMs + this.horizonMs);
    out.collect(event);
  }

  override onTimer(): void {
    this.seen.clear();
  }
}

/** The same, watching how long each barrier keeps it from the next record or timer: its own snapshot, and all else that the thread does then. */
class WatchedFirstWithin extends FirstWithin implements CheckpointedFunction {
  static longestPauseMs = 0;
  private barrierMs = Number.NaN;

  initializeState(): void {}

  snapshotState(): void {
    this.barrierMs = nowMs();
  }

  override processElement(event: Event, ctx: KeyedProcessContext<number>, out: Collector<Event>): void {
    if (!Number.isNaN(this.barrierMs)) this.endPause();
    super.processElement(event, ctx, out);
  }

  override onTimer(): void {
    if (!Number.isNaN(this.barrierMs)) this.endPause();
    super.onTimer();
  }

  private endPause(): void {
    const { longestPauseMs } = WatchedFirstWithin;
    WatchedFirstWithin.longestPauseMs = Math.max(longestPauseMs, nowMs() - this.barrierMs);
    this.barrierMs = Number.NaN;
  }
}

declare global {
  /** Given by the host of an isolate: time of its thread on the processor, in ms. */
  var lookAtClock: (() => number) | undefined;
}

function nowMs(): number {
  return globalThis.lookAtClock?.() ?? 0;
}

type Generate = (i: number) => Event;

/** Each job runs its records to the end and returns the number of output rows. */
export const ENGINE_JOBS = {
  tumbling: (records: number, generate: Generate = steadyEvent, sizeMs = MINUTE_MS): number =>
    runToEnd(records, generate, (events, sink) => {
      events
        .keyBy((event) => event.key)
        .window(TumblingEventTimeWindows.of(Duration.ofMillis(sizeMs)))
        .aggregate(new Count())
        .sinkTo(sink);
    }),
  sliding: (records: number, sizeMs = 5 * MINUTE_MS): number =>
    runToEnd(records, steadyEvent, (events, sink) => {
      events
        .keyBy((event) => event.key)
        .window(SlidingEventTimeWindows.of(Duration.ofMillis(sizeMs), Duration.ofMillis(MINUTE_MS)))
        .aggregate(new Count())
        .sinkTo(sink);
    }),
  session: (records: number): number =>
    runToEnd(records, burstEvent, (events, sink) => {
      events
        .keyBy((event) => event.key)
        .window(EventTimeSessionWindows.withGap(Duration.ofMillis(SESSION_GAP_MS)))
        .aggregate(new Count())
        .sinkTo(sink);
    }),
  dedup: (records: number, generate: Generate = wideEvent, horizonMs = DAY_MS): number =>
    runToEnd(records, generate, (events, sink) => firstOfEachKey(events, sink, new FirstWithin(horizonMs))),
  /**
   * The same with the usual costs in virtual time, so that it passes: 4 µs per record, and a checkpoint every second if there are to be any. Gives the longest
   * pause at a barrier, in microseconds.
   */
  dedupInTime: (records: number, checkpoints: boolean): number => {
    WatchedFirstWithin.longestPauseMs = 0;
    const program = datastreamProgram(() => {
      const env = StreamExecutionEnvironment.getExecutionEnvironment().setStateBackend(new HashMapStateBackend());
      if (checkpoints) env.enableCheckpointing(1000);
      firstOfEachKey(sourceOf(env, records, wideEvent), new CountingSink(), new WatchedFirstWithin(DAY_MS));
      env.execute("bench");
    });
    const outcome = runWorld(program, { ...THROUGHPUT_WORLD, costsUs: { "*": 0, events: 4 } });
    if (outcome.status !== "finished") throw new Error(`the job ended as ${outcome.status}: ${JSON.stringify(outcome.failure)}`);
    return Math.round(WatchedFirstWithin.longestPauseMs * 1000);
  },
  /** The same on the log-structured state backend. */
  dedupLsm: (records: number): number =>
    runToEnd(
      records,
      wideEvent,
      (events, sink) => firstOfEachKey(events, sink, new FirstWithin(DAY_MS)),
      new EmbeddedRocksDBStateBackend(),
    ),
} as const;

function firstOfEachKey(events: EventStream, sink: Sink<unknown>, first: FirstWithin): void {
  events
    .keyBy((event) => event.key)
    .process(first)
    .sinkTo(sink);
}

function runToEnd(
  records: number,
  generate: Generate,
  describe: (events: EventStream, sink: Sink<unknown>) => void,
  backend: StateBackend = new HashMapStateBackend(),
): number {
  const sink = new CountingSink();
  const program = datastreamProgram(() => {
    const env = StreamExecutionEnvironment.getExecutionEnvironment().setStateBackend(backend);
    describe(sourceOf(env, records, generate), sink);
    env.execute("bench");
  });
  const outcome = runWorld(program, THROUGHPUT_WORLD);
  if (outcome.status !== "finished") throw new Error(`the job ended as ${outcome.status}: ${JSON.stringify(outcome.failure)}`);
  return sink.rows;
}

type EventStream = ReturnType<typeof sourceOf>;

function sourceOf(env: StreamExecutionEnvironment, records: number, generate: Generate) {
  const watermarks = WatermarkStrategy.forGenerator<Event>(() => new WatermarkPerThousand()).withTimestampAssigner((event) => event.timeMs);
  return env.fromSource(new DataGeneratorSource<Event>(generate, records), watermarks, "events");
}
