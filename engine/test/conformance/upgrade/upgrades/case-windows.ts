/** Window operators of the cases, with the accumulators that Flink's recorder used. */
import {
  type AggregateFunction,
  type Collector,
  Duration,
  EventTimeSessionWindows,
  type KeyedStream,
  ProcessWindowFunction,
  type ProcessWindowContext,
  type SingleOutputStreamOperator,
  SlidingEventTimeWindows,
  type TimeWindow,
  TumblingEventTimeWindows,
  Tuple2,
  Types,
} from "../../../../src/index.ts";
import type { Json, JsonObject } from "../../datastream/case-format.ts";

type Keyed = KeyedStream<JsonObject, unknown>;
type Result = SingleOutputStreamOperator<JsonObject>;

const COUNT: AggregateFunction<JsonObject, number, number> = {
  createAccumulator: () => 0,
  add: (_value, count) => count + 1,
  getResult: (count) => count,
  merge: (left, right) => left + right,
};

const SUM: AggregateFunction<JsonObject, number, number> = { ...COUNT, add: (value, sum) => sum + Number(value["value"]) };

const AVERAGE: AggregateFunction<JsonObject, Tuple2<number, number>, number> = {
  createAccumulator: () => Tuple2.of(0, 0),
  add: (value, { f0, f1 }) => Tuple2.of(f0 + Number(value["value"]), f1 + 1),
  getResult: ({ f0, f1 }) => f0 / f1,
  merge: (left, right) => Tuple2.of(left.f0 + right.f0, left.f1 + right.f1),
};

/** Emits what a window holds under a name, with the window's bounds. */
class WithBounds<I> extends ProcessWindowFunction<I, JsonObject, unknown, TimeWindow> {
  private readonly field: string;
  private readonly contents: (elements: Iterable<I>) => Json;

  constructor(field: string, contents: (elements: Iterable<I>) => Json) {
    super();
    this.field = field;
    this.contents = contents;
  }

  process(key: unknown, context: ProcessWindowContext<TimeWindow>, elements: Iterable<I>, out: Collector<JsonObject>): void {
    const { start, end } = context.window();
    out.collect({ key: key as Json, [this.field]: this.contents(elements), windowStart: start, windowEnd: end });
  }
}

const first = <I>(elements: Iterable<I>): I => [...elements][0];
const number = (field: string) => new WithBounds<number>(field, first);

export function windowed(keyed: Keyed, op: JsonObject): Result {
  let windows = keyed.window(assignerOf(op["assigner"] as JsonObject) as never);
  if (op["allowedLatenessMs"] !== undefined) windows = windows.allowedLateness(Duration.ofMillis(Number(op["allowedLatenessMs"])));
  switch (op["function"]) {
    case "count":
      return windows.aggregate(COUNT, number("count") as never, Types.LONG) as unknown as Result;
    case "sum":
      return windows.aggregate(SUM, number("sum") as never, Types.LONG) as unknown as Result;
    case "avg":
      return windows.aggregate(AVERAGE, number("avg") as never, Types.TUPLE(Types.LONG, Types.LONG)) as unknown as Result;
    case "sumReduce":
      return windows.reduce(
        (left: JsonObject, right: JsonObject) => ({ ...left, value: Number(left["value"]) + Number(right["value"]) }),
        new WithBounds<JsonObject>("sum", (elements) => first(elements)["value"]) as never,
      ) as Result;
    default:
      return windows.process(
        new WithBounds<JsonObject>("values", (elements) => [...elements].map((element) => element["value"])) as never,
      ) as Result;
  }
}

function assignerOf(spec: JsonObject) {
  const ms = (name: string) => Duration.ofMillis(Number(spec[name]));
  switch (spec["type"]) {
    case "tumbling":
      return TumblingEventTimeWindows.of(ms("sizeMs"));
    case "sliding":
      return SlidingEventTimeWindows.of(ms("sizeMs"), ms("slideMs"));
    default:
      return EventTimeSessionWindows.withGap(ms("gapMs"));
  }
}
