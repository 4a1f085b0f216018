/** The functions that a case's operators are made of. */
import {
  type CheckpointedFunction,
  type Collector,
  type FunctionInitializationContext,
  type KeyedBroadcastContext,
  KeyedBroadcastProcessFunction,
  type KeyedOnTimerContext,
  type KeyedProcessContext,
  KeyedProcessFunction,
  type KeyedReadOnlyBroadcastContext,
  type ListState,
  ListStateDescriptor,
  MapStateDescriptor,
  type OpenContext,
  RichFlatMapFunction,
  RichMapFunction,
  Types,
} from "../../../../src/index.ts";
import { type Env, run, type States } from "../../datastream/action-language.ts";
import type { Json, JsonObject } from "../../datastream/case-format.ts";
import { type CaseClasses, type CaseType, caseTypeOf } from "./case-types.ts";
import { openStates } from "./typed-states.ts";

/** What operators found when they were restored: by operator, then subtask. */
export type Restored = Map<string, Json[]>;

function note(restored: Restored, operator: string, subtask: number, found: Json): void {
  const bySubtask = restored.get(operator) ?? [];
  bySubtask[subtask] = found;
  restored.set(operator, bySubtask);
}

/** A keyed process function in the action language. */
export class CaseProcess extends KeyedProcessFunction<unknown, JsonObject, JsonObject> {
  private readonly spec: JsonObject;
  private readonly keyType: CaseType;
  private readonly classes: CaseClasses;
  private states: States = new Map();

  constructor(spec: JsonObject, keyType: CaseType, classes: CaseClasses) {
    super();
    this.spec = spec;
    this.keyType = keyType;
    this.classes = classes;
  }

  override open(_context: OpenContext): void {
    this.states = openStates((this.spec["state"] ?? {}) as JsonObject, this.getRuntimeContext(), this.classes);
  }

  processElement(value: JsonObject, context: KeyedProcessContext<unknown>, out: Collector<JsonObject>): void {
    run(this.spec["onElement"], { ...this.env(context, out), record: value });
  }

  override onTimer(timestamp: number, context: KeyedOnTimerContext<unknown>, out: Collector<JsonObject>): void {
    run(this.spec["onTimer"], { ...this.env(context, out), timer: () => timestamp, domain: () => context.timeDomain() });
  }

  private env(context: KeyedProcessContext<unknown>, out: Collector<JsonObject>): Env {
    const timers = context.timerService();
    return {
      states: this.states,
      timestamp: () => context.timestamp(),
      watermark: () => timers.currentWatermark(),
      processingTime: () => timers.currentProcessingTime(),
      key: () => this.keyType.toJson(context.getCurrentKey()),
      emit: (value) => out.collect(value as JsonObject),
      registerEventTimer: (timeMs) => timers.registerEventTimeTimer(timeMs),
      registerProcessingTimer: (timeMs) => timers.registerProcessingTimeTimer(timeMs),
      deleteEventTimer: (timeMs) => timers.deleteEventTimeTimer(timeMs),
      deleteProcessingTimer: (timeMs) => timers.deleteProcessingTimeTimer(timeMs),
    };
  }
}

/** Appends each record's value to every declared operator state. */
export class AppendToOperatorState extends RichMapFunction<JsonObject, JsonObject> implements CheckpointedFunction {
  private readonly id: string;
  private readonly declared: JsonObject;
  private readonly classes: CaseClasses;
  private readonly restored: Restored;
  private readonly lists = new Map<string, { readonly state: ListState<unknown>; readonly type: CaseType }>();

  constructor(id: string, declared: JsonObject, classes: CaseClasses, restored: Restored) {
    super();
    this.id = id;
    this.declared = declared;
    this.classes = classes;
    this.restored = restored;
  }

  initializeState(context: FunctionInitializationContext): void {
    const store = context.getOperatorStateStore();
    const found: JsonObject = {};
    for (const [name, spec] of Object.entries(this.declared) as [string, JsonObject][]) {
      const type = caseTypeOf(spec["type"], this.classes);
      const descriptor = new ListStateDescriptor<unknown>(name, type.type);
      const state = spec["kind"] === "union" ? store.getUnionListState(descriptor) : store.getListState(descriptor);
      this.lists.set(name, { state, type });
      found[name] = [...state.get()].map((value) => type.toJson(value));
    }
    if (context.isRestored()) note(this.restored, this.id, this.getRuntimeContext().getTaskInfo().getIndexOfThisSubtask(), found);
  }

  snapshotState(): void {}

  map(value: JsonObject): JsonObject {
    for (const { state, type } of this.lists.values()) state.add(type.fromJson(value["value"]));
    return value;
  }
}

interface SplitOffset {
  readonly split: string;
  offset: number;
}

/** A source's splits with their offsets, in list or union state; emits from them as the scripted source in front says. */
export class SplitOffsets extends RichFlatMapFunction<JsonObject, JsonObject> implements CheckpointedFunction {
  private readonly id: string;
  private readonly mode: string;
  private readonly splitCount: number;
  private readonly restored: Restored;
  private splits: SplitOffset[] = [];
  private state: ListState<string> | undefined;

  constructor(id: string, mode: string, splitCount: number, restored: Restored) {
    super();
    this.id = id;
    this.mode = mode;
    this.splitCount = splitCount;
    this.restored = restored;
  }

  initializeState(context: FunctionInitializationContext): void {
    const descriptor = new ListStateDescriptor<string>("offsets", Types.STRING);
    const store = context.getOperatorStateStore();
    this.state = this.mode === "union" ? store.getUnionListState(descriptor) : store.getListState(descriptor);
    const task = this.getRuntimeContext().getTaskInfo();
    const [me, parallelism] = [task.getIndexOfThisSubtask(), task.getNumberOfParallelSubtasks()];
    const all = Array.from({ length: this.splitCount }, (_, index): SplitOffset => ({ split: `s${index}`, offset: 0 }));
    const mine = ({ split }: SplitOffset) => Number(split.slice(1)) % parallelism === me;
    if (!context.isRestored()) {
      this.splits = all.filter(mine);
      return;
    }
    const found = [...this.state.get()].map((text) => JSON.parse(text) as SplitOffset);
    note(this.restored, this.id, me, found as unknown as Json);
    this.splits = (this.mode === "union" ? found.filter(mine) : found).map((split) => ({ ...split }));
  }

  snapshotState(): void {
    this.state?.update(this.splits.map((split) => JSON.stringify(split)));
  }

  flatMap(value: JsonObject, out: Collector<JsonObject>): void {
    if (!("emitPerSplit" in value)) {
      out.collect(value);
      return;
    }
    for (const split of this.splits) {
      for (let n = 0; n < Number(value["emitPerSplit"]); n++) out.collect({ key: split.split, value: split.offset++ });
    }
  }
}

export function rulesDescriptor(name: string): MapStateDescriptor<string, string> {
  return new MapStateDescriptor<string, string>(name, Types.STRING, Types.STRING);
}

/** Main records emit all rules; rules are put under their key. */
export class ApplyRules extends KeyedBroadcastProcessFunction<unknown, JsonObject, JsonObject, JsonObject> {
  private readonly state: string;

  constructor(state: string) {
    super();
    this.state = state;
  }

  processElement(value: JsonObject, context: KeyedReadOnlyBroadcastContext<unknown>, out: Collector<JsonObject>): void {
    const rules = [...context.getBroadcastState(rulesDescriptor(this.state)).immutableEntries()];
    const sorted = rules.sort(([left], [right]) => (left < right ? -1 : 1)).map(([key, rule]) => [key, JSON.parse(rule) as Json]);
    out.collect({ key: value["key"], value: value["value"], rules: Object.fromEntries(sorted) as JsonObject });
  }

  processBroadcastElement(value: JsonObject, context: KeyedBroadcastContext<unknown>): void {
    context.getBroadcastState(rulesDescriptor(this.state)).put(String(value["key"]), JSON.stringify(value["value"]));
  }
}
