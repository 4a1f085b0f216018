import {
  DiscardingSink,
  type DataStream,
  type KeyedStream,
  type MapFunction,
  type OpenContext,
  RichMapFunction,
  type StreamExecutionEnvironment,
  Tuple2,
  TumblingEventTimeWindows,
  Duration,
  Types,
  ValueStateDescriptor,
  WatermarkStrategy,
} from "../../../../src/index.ts";

/** The program that an error case describes, as a learner writes it with our API, and what we answer where Flink complains. */
export interface ErrorProgram {
  /** Describes the job; the runner sets the environment up as the recorder does and calls `execute`. */
  readonly build?: (env: StreamExecutionEnvironment) => unknown;
  /** A program whose mistake the compiler finds, where Java finds it while the job is built. Its imports are added by the runner. */
  readonly source?: string;
  /** Our code for the complaint. Absent where Flink accepts the program. */
  readonly code?: string;
  /**
   * Our message holds Flink's, unless this says what of Flink's message is said in which words of ours. Both patterns must match, so that
   * neither side can change unseen.
   */
  readonly inOurWords?: { readonly flink: RegExp; readonly ours: RegExp };
}

/** By case id, without its "error-". */
export type ErrorPrograms = Readonly<Record<string, ErrorProgram>>;

export type Env = StreamExecutionEnvironment;
export type Pair = Tuple2<string, number>;

/** "source of (string f0,int f1): (a,1),(b,2)" */
export function source(env: Env): DataStream<Pair> {
  return env.fromData(Types.TUPLE(Types.STRING, Types.INT), Tuple2.of("a", 1), Tuple2.of("b", 2));
}

export function keyed(env: Env): KeyedStream<Pair, string> {
  return source(env).keyBy((pair) => pair.f0, Types.STRING);
}

/** "timestamps = f1, monotonous watermarks" */
export function timed(env: Env): DataStream<Pair> {
  const strategy = WatermarkStrategy.forMonotonousTimestamps<Pair>().withTimestampAssigner((pair) => pair.f1);
  return source(env).assignTimestampsAndWatermarks(strategy);
}

export function timedByKey(env: Env): KeyedStream<Pair, string> {
  return timed(env).keyBy((pair) => pair.f0, Types.STRING);
}

export function end<T>(stream: DataStream<T>): void {
  stream.sinkTo(new DiscardingSink<T>());
}

export function sum(left: Pair, right: Pair): Pair {
  return Tuple2.of(left.f0, left.f1 + right.f1);
}

export const tumbling = () => TumblingEventTimeWindows.of(Duration.ofMillis(100));

/** "map whose open() gets ValueState s" */
export class StatefulMap extends RichMapFunction<Pair, string> implements MapFunction<Pair, string> {
  override open(_context: OpenContext): void {
    this.getRuntimeContext().getState(new ValueStateDescriptor<number>("s", Types.INT));
  }

  map(pair: Pair): string {
    return pair.f0;
  }
}
