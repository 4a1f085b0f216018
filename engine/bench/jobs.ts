/** The measured jobs, written as a learner would, over a bounded generator source. */
import { NumberRangeSource } from "../src/connectors/generator-source.ts";
import {
  type AggregateFunction,
  type Collector,
  datastreamProgram,
  Duration,
  KeyedProcessFunction,
  type KeyedProcessContext,
  type Sink,
  type SinkWriter,
  StreamExecutionEnvironment,
  TumblingEventTimeWindows,
  type ValueState,
  ValueStateDescriptor,
  type WatermarkGenerator,
  type WatermarkOutput,
  WatermarkStrategy,
} from "../src/index.ts";
import { DEFAULT_LIMITS, runWorld } from "../src/sim.ts";
import { dedupEvent, type Event, RECORDS_PER_WATERMARK, tumblingEvent } from "./workload.ts";

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

const DAY_MS = 86_400_000;

class FirstOfDay extends KeyedProcessFunction<number, Event, Event> {
  private seen!: ValueState<boolean>;

  override open(): void {
    this.seen = this.getRuntimeContext().getState(new ValueStateDescriptor<boolean>("seen"));
  }

  processElement(event: Event, ctx: KeyedProcessContext<number>, out: Collector<Event>): void {
    if (this.seen.value() !== null) return;
    this.seen.update(true);
    ctx.timerService().registerEventTimeTimer(event.timeMs + DAY_MS);
    out.collect(event);
  }

  override onTimer(): void {
    this.seen.clear();
  }
}

/** Each job runs its records to the end and returns the number of output rows. */
export const ENGINE_JOBS = {
  tumbling: (records: number): number =>
    runToEnd(records, tumblingEvent, (events, sink) => {
      events
        .keyBy((event) => event.key)
        .window(TumblingEventTimeWindows.of(Duration.ofMinutes(1)))
        .aggregate(new Count())
        .sinkTo(sink);
    }),
  dedup: (records: number): number =>
    runToEnd(records, dedupEvent, (events, sink) => {
      events
        .keyBy((event) => event.key)
        .process(new FirstOfDay())
        .sinkTo(sink);
    }),
} as const;

function runToEnd(records: number, generate: (i: number) => Event, describe: (events: EventStream, sink: Sink<unknown>) => void): number {
  const sink = new CountingSink();
  const program = datastreamProgram(() => {
    const env = StreamExecutionEnvironment.getExecutionEnvironment();
    describe(sourceOf(env, records, generate), sink);
    env.execute("bench");
  });
  const outcome = runWorld(program, {
    seed: 1,
    startMs: 0,
    topics: [],
    cluster: { taskManagers: 1, slotsPerTaskManager: 1, parallelism: 1 },
    faults: [],
    end: { kind: "drain" },
    limits: { ...DEFAULT_LIMITS, maxSteps: Number.MAX_SAFE_INTEGER },
    costsUs: { "*": 0 },
  });
  if (outcome.status !== "finished") throw new Error(`the job ended as ${outcome.status}: ${JSON.stringify(outcome.failure)}`);
  return sink.rows;
}

type EventStream = ReturnType<typeof sourceOf>;

function sourceOf(env: StreamExecutionEnvironment, records: number, generate: (i: number) => Event) {
  const watermarks = WatermarkStrategy.forGenerator<Event>(() => new WatermarkPerThousand()).withTimestampAssigner((event) => event.timeMs);
  return env.fromSource(new NumberRangeSource<Event>({ from: 0, to: records - 1 }, generate), watermarks, "events");
}
