import { Duration } from "../../../src/base/duration.ts";
import { type Collector, OutputTag, type ProcessWindowContext, ProcessWindowFunction } from "./engine.ts";
import {
  CountEvictor,
  CountTrigger,
  ContinuousEventTimeTrigger,
  ContinuousProcessingTimeTrigger,
  DeltaEvictor,
  DeltaTrigger,
  EventTimeSessionWindows,
  EventTimeTrigger,
  EvictingWindowOperator,
  GlobalWindows,
  IterableProcessWindowFunction,
  NeverTrigger,
  PassThroughWindowFunction,
  ProcessingTimeoutTrigger,
  ProcessingTimeSessionWindows,
  ProcessingTimeTrigger,
  PurgingTrigger,
  ReduceThenWindowFunction,
  AggregateThenWindowFunction,
  SingleValueWindowFunction,
  SlidingEventTimeWindows,
  SlidingProcessingTimeWindows,
  TimeEvictor,
  TimeWindow,
  TumblingEventTimeWindows,
  TumblingProcessingTimeWindows,
  WindowOperator,
  type Evictor,
  type InternalWindowFunction,
  type Trigger,
  type Window,
  type WindowAssigner,
  type WindowContentsDescriptor,
} from "./engine.ts";
import {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  ReducingStateDescriptor,
  ValueStateDescriptor,
} from "../../../src/state/descriptors.ts";
import { OneInputOperatorHarness } from "../../../src/testing.ts";
import { decodeLong, type Json, type JsonObject } from "./case-format.ts";
import { EarlyAndLateTrigger } from "./early-and-late-trigger.ts";
import { type CaseHarness, LATE } from "./operator-case.ts";
import { asDouble, keyText, sumOf } from "./recorder-values.ts";

type Row = { key?: Json; value?: Json } & JsonObject;

/** The window operator that a case of type `window` or `windowAll` describes. */
export function buildWindowHarness(pipeline: JsonObject): CaseHarness {
  const keyed = pipeline["type"] === "window";
  const createOperator = () => createWindowOperator(pipeline, keyed);
  const harness = new OneInputOperatorHarness(createOperator, {
    parallelism: (pipeline["parallelism"] as number | undefined) ?? 1,
    maxParallelism: (pipeline["maxParallelism"] as number | undefined) ?? 128,
    stateBackend: pipeline["backend"] === "rocksdb" ? "rocksdb" : "hashmap",
    keySelector: keyed ? keyText : () => 0,
  });
  return { inputs: 1, harness };
}

function createWindowOperator(pipeline: JsonObject, keyed: boolean): WindowOperator {
  return windowOperatorOf(pipeline, functionOf((pipeline["function"] ?? "listProcess") as string, keyed));
}

/** @param rowOf the case's row in what flows into the window. */
export function windowOperatorOf(
  pipeline: JsonObject,
  parts: FunctionParts,
  rowOf: (element: unknown) => unknown = identity,
): WindowOperator {
  const { contents, windowFunction, forEvictor } = parts;
  const ofRows = rowOf === identity;
  const common = {
    assigner: assignerOf(pipeline["assigner"] as JsonObject, rowOf),
    trigger: pipeline["trigger"] ? triggerOf(pipeline["trigger"] as JsonObject, rowOf) : undefined,
    // The recorder does not set a negative one, and gives joins no output of late records.
    allowedLatenessMs: Math.max(0, decodeLong(pipeline["allowedLatenessMs"] ?? 0)),
    lateDataOutputTag: pipeline["lateSideOutput"] && ofRows ? new OutputTag<unknown>(LATE) : undefined,
  };
  if (!pipeline["evictor"]) return new WindowOperator({ ...common, contents, windowFunction });
  return new EvictingWindowOperator({
    ...common,
    windowFunction: forEvictor,
    evictor: evictorOf(pipeline["evictor"] as JsonObject, rowOf),
  });
}

function identity(element: unknown): unknown {
  return element;
}

type RowOf = (element: unknown) => unknown;

function assignerOf(spec: JsonObject, rowOf: RowOf): WindowAssigner<unknown, Window> {
  const event = (spec["time"] ?? "event") === "event";
  const ms = (field: string) => Duration.ofMillis(Number(spec[field] ?? 0));
  switch (spec["type"]) {
    case "tumbling":
      return (event ? TumblingEventTimeWindows : TumblingProcessingTimeWindows).of(ms("sizeMs"), ms("offsetMs"));
    case "sliding":
      return (event ? SlidingEventTimeWindows : SlidingProcessingTimeWindows).of(ms("sizeMs"), ms("slideMs"), ms("offsetMs"));
    case "session":
      return (event ? EventTimeSessionWindows : ProcessingTimeSessionWindows).withGap(ms("gapMs"));
    case "dynamicSession":
      return (event ? EventTimeSessionWindows : ProcessingTimeSessionWindows).withDynamicGap((element: unknown) =>
        decodeLong((rowOf(element) as Row)["gap"]),
      );
    case "global":
      return GlobalWindows.create();
    case "globalEndOfStream":
      return GlobalWindows.createWithEndOfStreamTrigger();
    default:
      throw new Error(`unknown assigner ${JSON.stringify(spec)}`);
  }
}

function triggerOf(spec: JsonObject, rowOf: RowOf): Trigger<unknown, Window> {
  const delta = (last: unknown, current: unknown) => asDouble((rowOf(current) as Row).value) - asDouble((rowOf(last) as Row).value);
  const n = () => Number(spec["n"] ?? 1);
  switch (spec["type"]) {
    case "eventTime":
      return EventTimeTrigger.create();
    case "processingTime":
      return ProcessingTimeTrigger.create();
    case "count":
      return CountTrigger.of(n());
    case "purgingCount":
      return PurgingTrigger.of(CountTrigger.of(n()));
    case "purging":
      return PurgingTrigger.of(triggerOf(spec["of"] as JsonObject, rowOf));
    case "continuousEventTime":
      return ContinuousEventTimeTrigger.of(Duration.ofMillis(Number(spec["intervalMs"] ?? 0)));
    case "continuousProcessingTime":
      return ContinuousProcessingTimeTrigger.of(Duration.ofMillis(Number(spec["intervalMs"] ?? 0)));
    case "delta":
      return DeltaTrigger.of<unknown>(spec["threshold"] as number, delta);
    case "processingTimeoutOf":
      return ProcessingTimeoutTrigger.of(
        triggerOf(spec["of"] as JsonObject, rowOf),
        Duration.ofMillis(Number(spec["timeoutMs"] ?? 0)),
        spec["resetTimerOnNewRecord"] as boolean | undefined,
        spec["shouldClearOnTimeout"] as boolean | undefined,
      );
    case "never":
      return new NeverTrigger();
    case "earlyAndLate":
      return new EarlyAndLateTrigger(Number(spec["earlyEvery"] ?? 2), spec["purgeOnTime"] === true);
    default:
      throw new Error(`unknown trigger ${JSON.stringify(spec)}`);
  }
}

function evictorOf(spec: JsonObject, rowOf: RowOf): Evictor<unknown, Window> {
  const after = spec["doEvictAfter"] === true;
  switch (spec["type"]) {
    case "count":
      return CountEvictor.of(Number(spec["maxCount"] ?? 1), after);
    case "time":
      return TimeEvictor.of(Duration.ofMillis(Number(spec["windowMs"] ?? 0)), after);
    case "delta":
      return DeltaEvictor.of<unknown>(
        spec["threshold"] as number,
        (element, last) => asDouble((rowOf(last) as Row).value) - asDouble((rowOf(element) as Row).value),
        after,
      );
    default:
      throw new Error(`unknown evictor ${JSON.stringify(spec)}`);
  }
}

export interface FunctionParts {
  readonly contents: WindowContentsDescriptor;
  readonly windowFunction: InternalWindowFunction;
  /** The same for evicting windows, which keep single elements. */
  readonly forEvictor: InternalWindowFunction;
}

const sumReduce = {
  reduce: (left: unknown, right: unknown): unknown => ({
    ...(left as Row),
    value: sumOf((left as Row).value, (right as Row).value),
  }),
};

type Average = { sum: Json; count: number };
const average = {
  createAccumulator: (): unknown => ({ sum: 0, count: 0 }),
  add: (row: unknown, accumulator: unknown): unknown => {
    const { sum, count } = accumulator as Average;
    return { sum: sumOf(sum, (row as Row).value), count: count + 1 };
  },
  getResult: (accumulator: unknown): unknown => {
    const { sum, count } = accumulator as Average;
    return { avg: asDouble(sum) / count, count };
  },
  merge: (left: unknown, right: unknown): unknown => ({
    sum: sumOf((left as Average).sum, (right as Average).sum),
    count: (left as Average).count + (right as Average).count,
  }),
};

const counting = {
  createAccumulator: (): unknown => 0,
  add: (_row: unknown, accumulator: unknown): unknown => (accumulator as number) + 1,
  getResult: (accumulator: unknown): unknown => ({ count: accumulator }),
  merge: (left: unknown, right: unknown): unknown => (left as number) + (right as number),
};

function functionOf(name: string, keyed: boolean): FunctionParts {
  const list = new ListStateDescriptor<unknown>("window-contents");
  const iterable = (processor: WindowProcessor): FunctionParts => {
    const windowFunction = new IterableProcessWindowFunction(processor);
    return { contents: list, windowFunction, forEvictor: windowFunction };
  };
  const reduced = (next: InternalWindowFunction): FunctionParts => ({
    contents: new ReducingStateDescriptor<unknown>("window-contents", sumReduce),
    windowFunction: next,
    forEvictor: new ReduceThenWindowFunction(sumReduce, next),
  });
  const aggregated = (next: InternalWindowFunction, aggregate = average): FunctionParts => ({
    contents: new AggregatingStateDescriptor<unknown, unknown, unknown>("window-contents", aggregate),
    windowFunction: next,
    forEvictor: new AggregateThenWindowFunction(aggregate, next),
  });
  const single = (processor: WindowProcessor) => new SingleValueWindowFunction(new IterableProcessWindowFunction(processor));
  const keyOf = (key: Json): JsonObject => (keyed ? { key } : {});
  switch (name) {
    case "count":
      return aggregated(
        single(new WindowProcessor((key, context, [row], out) => out.collect({ ...keyOf(key), ...row, ...bounds(context) }))),
        counting,
      );
    case "listProcess":
    case "applyList":
      return iterable(
        new WindowProcessor((key, context, elements, out) =>
          out.collect({ ...keyOf(key), values: elements.map((row) => row.value as Json), ...bounds(context) }),
        ),
      );
    case "sumReduce":
      return reduced(new PassThroughWindowFunction());
    case "sumReduceWithProcess":
      // A window that was evicted to nothing brings null, which has no value, in Java or here.
      return reduced(single(new WindowProcessor((_key, context, [row], out) => out.collect({ ...withFields(row), ...bounds(context) }))));
    case "avgAggregate":
      return aggregated(new PassThroughWindowFunction());
    case "aggregateWithProcess":
      return aggregated(
        single(
          new WindowProcessor((key, context, [row], out) =>
            out.collect({
              ...keyOf(key),
              ...row,
              ...bounds(context),
              watermark: context.currentWatermark(),
              processingTime: context.currentProcessingTime(),
            }),
          ),
        ),
      );
    case "eachWithSideSize":
      return iterable(
        new WindowProcessor((key, context, elements, out) => {
          for (const row of elements) out.collect(row);
          context.output(new OutputTag<unknown>("size"), { ...keyOf(key), size: elements.length, ...bounds(context) });
        }),
      );
    case "firingCounter":
      return iterable(
        new WindowProcessor(
          (key, context, elements, out) => {
            const perWindow = context.windowState().getState(FIRINGS_PER_WINDOW);
            const perKey = context.globalState().getState(FIRINGS_PER_KEY);
            perWindow.update((perWindow.value() ?? 0) + 1);
            perKey.update((perKey.value() ?? 0) + 1);
            out.collect({
              ...keyOf(key),
              size: elements.length,
              windowFirings: perWindow.value(),
              keyFirings: perKey.value(),
              ...bounds(context),
            });
          },
          (context) => context.windowState().getState(FIRINGS_PER_WINDOW).clear(),
        ),
      );
    default:
      throw new Error(`unknown window function ${name}`);
  }
}

function withFields(row: Row | null): Row {
  if (row === null) throw new TypeError("null has no fields");
  return row;
}

const FIRINGS_PER_WINDOW = new ValueStateDescriptor<number>("firings-per-window");
const FIRINGS_PER_KEY = new ValueStateDescriptor<number>("firings-per-key");

function bounds(context: ProcessWindowContext<Window>): JsonObject {
  const window = context.window();
  return window instanceof TimeWindow ? { windowStart: window.start, windowEnd: window.end } : { window: "global" };
}

type Body = (key: Json, context: ProcessWindowContext<Window>, elements: Row[], out: Collector<unknown>) => void;

class WindowProcessor extends ProcessWindowFunction<Row, unknown, Json, Window> {
  private readonly body: Body;
  private readonly clearBody: (context: ProcessWindowContext<Window>) => void;

  constructor(body: Body, clearBody: (context: ProcessWindowContext<Window>) => void = () => {}) {
    super();
    this.body = body;
    this.clearBody = clearBody;
  }

  override process(key: Json, context: ProcessWindowContext<Window>, elements: Iterable<Row>, out: Collector<unknown>): void {
    this.body(key, context, [...elements], out);
  }

  override clear(context: ProcessWindowContext<Window>): void {
    this.clearBody(context);
  }
}
