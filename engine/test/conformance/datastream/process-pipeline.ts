import type { MapStateDescriptor } from "../../../src/state/descriptors.ts";
import { MapStateDescriptor as BroadcastDescriptor } from "../../../src/state/descriptors.ts";
import { OneInputOperatorHarness, TwoInputOperatorHarness } from "../../../src/testing.ts";
import { type Env, evaluate, run, type States } from "./action-language.ts";
import type { Json, JsonObject } from "./case-format.ts";
import { descriptorOf, openKeyedStates, openOperatorStates } from "./case-states.ts";
import {
  type BroadcastContext,
  BroadcastProcessFunction,
  type CheckpointedFunction,
  CoBroadcastWithKeyedOperator,
  CoBroadcastWithNonKeyedOperator,
  CoProcessFunction,
  CoProcessOperator,
  CoStreamFlatMap,
  CoStreamMap,
  type Collector,
  type FunctionInitializationContext,
  type KeyedBroadcastContext,
  KeyedBroadcastProcessFunction,
  type KeyedBroadcastOnTimerContext,
  KeyedCoProcessFunction,
  KeyedCoProcessOperator,
  type KeyedOnTimerContext,
  type KeyedProcessContext,
  KeyedProcessFunction,
  KeyedProcessOperator,
  type KeyedReadOnlyBroadcastContext,
  OutputTag,
  type ProcessContext,
  ProcessFunction,
  ProcessOperator,
  type ReadOnlyBroadcastContext,
  RichCoFlatMapFunction,
  RichCoMapFunction,
} from "./engine.ts";
import type { CaseHarness } from "./operator-case.ts";
import { keyText } from "./recorder-values.ts";

type Row = JsonObject;
type Out = Collector<unknown>;

const KEYED = new Set(["keyedProcess", "keyedCoProcess", "keyedBroadcastProcess"]);

/** The operator that a case with a function in the action language describes. */
export function buildProcessHarness(pipeline: JsonObject): CaseHarness {
  const keySelector = KEYED.has(pipeline["type"] as string) || pipeline["keyed"] === true ? keyText : undefined;
  const base = {
    parallelism: (pipeline["parallelism"] as number | undefined) ?? 1,
    maxParallelism: (pipeline["maxParallelism"] as number | undefined) ?? 128,
    stateBackend: pipeline["backend"] === "rocksdb" ? ("rocksdb" as const) : ("hashmap" as const),
  };
  const both = { ...base, keySelector1: keySelector, keySelector2: keySelector };
  const two = (harness: TwoInputOperatorHarness, broadcastInput2 = false): CaseHarness => ({ inputs: 2, harness, broadcastInput2 });
  switch (pipeline["type"]) {
    case "process":
      return { inputs: 1, harness: new OneInputOperatorHarness(() => new ProcessOperator(new Process(pipeline)), base) };
    case "operatorState":
      return { inputs: 1, harness: new OneInputOperatorHarness(() => new ProcessOperator(new OperatorStateProcess(pipeline)), base) };
    case "keyedProcess":
      return {
        inputs: 1,
        harness: new OneInputOperatorHarness(() => new KeyedProcessOperator(new KeyedProcess(pipeline)), { ...base, keySelector }),
      };
    case "coProcess":
      return two(new TwoInputOperatorHarness(() => new CoProcessOperator(new CoProcess(pipeline)), base));
    case "keyedCoProcess":
      return two(new TwoInputOperatorHarness(() => new KeyedCoProcessOperator(new KeyedCoProcess(pipeline)), both));
    case "coMap":
      return two(new TwoInputOperatorHarness(() => new CoStreamMap(new CoMap(pipeline)), both));
    case "coFlatMap":
      return two(new TwoInputOperatorHarness(() => new CoStreamFlatMap(new CoFlatMap(pipeline)), both));
    case "broadcastProcess":
      return two(
        new TwoInputOperatorHarness(
          () => new CoBroadcastWithNonKeyedOperator(new Broadcast(pipeline), broadcastDescriptors(pipeline)),
          base,
        ),
        true,
      );
    case "keyedBroadcastProcess":
      return two(
        new TwoInputOperatorHarness(() => new CoBroadcastWithKeyedOperator(new KeyedBroadcast(pipeline), broadcastDescriptors(pipeline)), {
          ...base,
          keySelector1: keySelector,
        }),
        true,
      );
    default:
      throw new Error(`unknown pipeline ${String(pipeline["type"])}`);
  }
}

function broadcastDescriptors(pipeline: JsonObject): MapStateDescriptor<never, never>[] {
  return ((pipeline["broadcastStates"] ?? []) as string[]).map((name) => new BroadcastDescriptor<never, never>(name));
}

function processEnv(record: Row | undefined, ctx: ProcessContext, out: Out, states: States): Env {
  const timers = ctx.timerService();
  return {
    record,
    states,
    timestamp: () => ctx.timestamp(),
    watermark: () => timers.currentWatermark(),
    processingTime: () => timers.currentProcessingTime(),
    emit: (value) => out.collect(value),
    side: (tag, value) => ctx.output(new OutputTag<unknown>(tag), value),
    registerEventTimer: (timeMs) => timers.registerEventTimeTimer(timeMs),
    registerProcessingTimer: (timeMs) => timers.registerProcessingTimeTimer(timeMs),
    deleteEventTimer: (timeMs) => timers.deleteEventTimeTimer(timeMs),
    deleteProcessingTimer: (timeMs) => timers.deleteProcessingTimeTimer(timeMs),
  };
}

function keyedEnv(record: Row | undefined, ctx: KeyedProcessContext<Json>, out: Out, states: States): Env {
  return { ...processEnv(record, ctx, out, states), key: () => ctx.getCurrentKey() };
}

function timerEnv(timestamp: number, ctx: KeyedOnTimerContext<Json>, out: Out, states: States): Env {
  return { ...keyedEnv(undefined, ctx, out, states), timer: () => timestamp, domain: () => ctx.timeDomain() };
}

function broadcastEnv(record: Row | undefined, ctx: ReadOnlyBroadcastContext | BroadcastContext, out: Out, states: States): Env {
  return {
    record,
    states,
    broadcast: (name) => ctx.getBroadcastState(new BroadcastDescriptor<Json, Json>(name)),
    timestamp: () => ctx.timestamp(),
    watermark: () => ctx.currentWatermark(),
    processingTime: () => ctx.currentProcessingTime(),
    emit: (value) => out.collect(value),
    side: (tag, value) => ctx.output(new OutputTag<unknown>(tag), value),
  };
}

class Process extends ProcessFunction<Row, unknown> {
  private readonly pipeline: JsonObject;
  private states: States = new Map();

  constructor(pipeline: JsonObject) {
    super();
    this.pipeline = pipeline;
  }

  override open(): void {
    this.states = openKeyedStates(this.pipeline["state"], this.getRuntimeContext());
  }

  override processElement(value: Row, ctx: ProcessContext, out: Out): void {
    run(this.pipeline["onElement"], processEnv(value, ctx, out, this.states));
  }
}

class OperatorStateProcess extends ProcessFunction<Row, unknown> implements CheckpointedFunction {
  private readonly pipeline: JsonObject;
  private states: States = new Map();

  constructor(pipeline: JsonObject) {
    super();
    this.pipeline = pipeline;
  }

  initializeState(context: FunctionInitializationContext): void {
    this.states = openOperatorStates(this.pipeline["state"], context.getOperatorStateStore());
  }

  snapshotState(): void {}

  override processElement(value: Row, ctx: ProcessContext, out: Out): void {
    const { states } = this;
    run(this.pipeline["onElement"], { record: value, states, timestamp: () => ctx.timestamp(), emit: (result) => out.collect(result) });
  }
}

class KeyedProcess extends KeyedProcessFunction<Json, Row, unknown> {
  private readonly pipeline: JsonObject;
  private states: States = new Map();

  constructor(pipeline: JsonObject) {
    super();
    this.pipeline = pipeline;
  }

  override open(): void {
    this.states = openKeyedStates(this.pipeline["state"], this.getRuntimeContext());
  }

  override processElement(value: Row, ctx: KeyedProcessContext<Json>, out: Out): void {
    run(this.pipeline["onElement"], keyedEnv(value, ctx, out, this.states));
  }

  override onTimer(timestamp: number, ctx: KeyedOnTimerContext<Json>, out: Out): void {
    run(this.pipeline["onTimer"], timerEnv(timestamp, ctx, out, this.states));
  }
}

class CoProcess extends CoProcessFunction<Row, Row, unknown> {
  private readonly pipeline: JsonObject;

  constructor(pipeline: JsonObject) {
    super();
    this.pipeline = pipeline;
  }

  override processElement1(value: Row, ctx: ProcessContext, out: Out): void {
    run(this.pipeline["onElement1"], processEnv(value, ctx, out, new Map()));
  }

  override processElement2(value: Row, ctx: ProcessContext, out: Out): void {
    run(this.pipeline["onElement2"], processEnv(value, ctx, out, new Map()));
  }
}

class KeyedCoProcess extends KeyedCoProcessFunction<Json, Row, Row, unknown> {
  private readonly pipeline: JsonObject;
  private states: States = new Map();

  constructor(pipeline: JsonObject) {
    super();
    this.pipeline = pipeline;
  }

  override open(): void {
    this.states = openKeyedStates(this.pipeline["state"], this.getRuntimeContext());
  }

  override processElement1(value: Row, ctx: KeyedProcessContext<Json>, out: Out): void {
    run(this.pipeline["onElement1"], keyedEnv(value, ctx, out, this.states));
  }

  override processElement2(value: Row, ctx: KeyedProcessContext<Json>, out: Out): void {
    run(this.pipeline["onElement2"], keyedEnv(value, ctx, out, this.states));
  }

  override onTimer(timestamp: number, ctx: KeyedOnTimerContext<Json>, out: Out): void {
    run(this.pipeline["onTimer"], timerEnv(timestamp, ctx, out, this.states));
  }
}

class CoMap extends RichCoMapFunction<Row, Row, unknown> {
  private readonly pipeline: JsonObject;
  private states: States = new Map();

  constructor(pipeline: JsonObject) {
    super();
    this.pipeline = pipeline;
  }

  override open(): void {
    this.states = openKeyedStates(this.pipeline["state"], this.getRuntimeContext());
  }

  override map1(value: Row): unknown {
    return evaluate(this.pipeline["map1"], { record: value, states: this.states, emit: () => {} });
  }

  override map2(value: Row): unknown {
    return evaluate(this.pipeline["map2"], { record: value, states: this.states, emit: () => {} });
  }
}

class CoFlatMap extends RichCoFlatMapFunction<Row, Row, unknown> {
  private readonly pipeline: JsonObject;
  private states: States = new Map();

  constructor(pipeline: JsonObject) {
    super();
    this.pipeline = pipeline;
  }

  override open(): void {
    this.states = openKeyedStates(this.pipeline["state"], this.getRuntimeContext());
  }

  override flatMap1(value: Row, out: Out): void {
    run(this.pipeline["onElement1"], { record: value, states: this.states, emit: (result) => out.collect(result) });
  }

  override flatMap2(value: Row, out: Out): void {
    run(this.pipeline["onElement2"], { record: value, states: this.states, emit: (result) => out.collect(result) });
  }
}

class Broadcast extends BroadcastProcessFunction<Row, Row, unknown> {
  private readonly pipeline: JsonObject;

  constructor(pipeline: JsonObject) {
    super();
    this.pipeline = pipeline;
  }

  override processElement(value: Row, ctx: ReadOnlyBroadcastContext, out: Out): void {
    run(this.pipeline["onElement"], broadcastEnv(value, ctx, out, new Map()));
  }

  override processBroadcastElement(value: Row, ctx: BroadcastContext, out: Out): void {
    run(this.pipeline["onBroadcast"], broadcastEnv(value, ctx, out, new Map()));
  }
}

class KeyedBroadcast extends KeyedBroadcastProcessFunction<Json, Row, Row, unknown> {
  private readonly pipeline: JsonObject;
  private states: States = new Map();

  constructor(pipeline: JsonObject) {
    super();
    this.pipeline = pipeline;
  }

  override open(): void {
    this.states = openKeyedStates(this.pipeline["state"], this.getRuntimeContext());
  }

  override processElement(value: Row, ctx: KeyedReadOnlyBroadcastContext<Json>, out: Out): void {
    run(this.pipeline["onElement"], this.keyed(value, ctx, out));
  }

  override processBroadcastElement(value: Row, ctx: KeyedBroadcastContext<Json>, out: Out): void {
    const declared = (this.pipeline["state"] ?? {}) as JsonObject;
    run(this.pipeline["onBroadcast"], {
      ...broadcastEnv(value, ctx, out, this.states),
      applyToKeyedState: (name, body) => ctx.applyToKeyedState(descriptorOf(name, declared[name] as JsonObject), (key) => body(key)),
    });
  }

  override onTimer(timestamp: number, ctx: KeyedBroadcastOnTimerContext<Json>, out: Out): void {
    run(this.pipeline["onTimer"], { ...this.keyed(undefined, ctx, out), timer: () => timestamp, domain: () => ctx.timeDomain() });
  }

  private keyed(value: Row | undefined, ctx: KeyedReadOnlyBroadcastContext<Json>, out: Out): Env {
    const timers = ctx.timerService();
    return {
      ...broadcastEnv(value, ctx, out, this.states),
      key: () => ctx.getCurrentKey(),
      registerEventTimer: (timeMs) => timers.registerEventTimeTimer(timeMs),
      registerProcessingTimer: (timeMs) => timers.registerProcessingTimeTimer(timeMs),
      deleteEventTimer: (timeMs) => timers.deleteEventTimeTimer(timeMs),
      deleteProcessingTimer: (timeMs) => timers.deleteProcessingTimeTimer(timeMs),
    };
  }
}
