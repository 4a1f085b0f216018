import { Diagnostic } from "../../base/diagnostic.ts";
import type { KeyedStateStore, MetricGroup, ProcessWindowContext } from "../../flow/functions.ts";
import type { InternalTimerService } from "../../flow/internal-timer-service.ts";
import type { Output, OutputTag } from "../../flow/output.ts";
import { StreamRecord } from "../../flow/stream-record.ts";
import type {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  StateDescriptor,
  ValueStateDescriptor,
} from "../../state/descriptors.ts";
import type { InternalState, KeyedStateBackend } from "../../state/keyed-state-backend.ts";
import { type StateNamespace, VOID_NAMESPACE } from "../../state/namespace.ts";
import { requireDescriptor } from "../../state/require-descriptor.ts";
import type { AggregatingState, ListState, MapState, ReducingState, State, ValueState } from "../../state/state.ts";
import { checkedTag } from "../side-output.ts";
import { checkedTimestamp } from "../simple-timer-service.ts";
import type { EvictorContext } from "./evictors/evictor.ts";
import type { OnMergeContext, Trigger, TriggerResult } from "./triggers/trigger.ts";
import type { Window } from "./window.ts";

/** What a trigger sees; one per operator, pointed at the current window. */
export class WindowTriggerContext implements OnMergeContext, EvictorContext {
  window!: Window;
  private mergedWindows: readonly Window[] = [];
  private readonly trigger: Trigger<unknown, Window>;
  private readonly timers: InternalTimerService;
  private readonly backend: KeyedStateBackend;
  private readonly metrics: () => MetricGroup;

  constructor(trigger: Trigger<unknown, Window>, timers: InternalTimerService, backend: KeyedStateBackend, metrics: () => MetricGroup) {
    this.trigger = trigger;
    this.timers = timers;
    this.backend = backend;
    this.metrics = metrics;
  }

  onElement(value: unknown, timestampMs: number): TriggerResult {
    return this.trigger.onElement(value, timestampMs, this.window, this);
  }

  onEventTime(timestampMs: number): TriggerResult {
    return this.trigger.onEventTime(timestampMs, this.window, this);
  }

  onProcessingTime(timestampMs: number): TriggerResult {
    return this.trigger.onProcessingTime(timestampMs, this.window, this);
  }

  onMerge(mergedWindows: readonly Window[]): void {
    this.mergedWindows = mergedWindows;
    this.trigger.onMerge(this.window, this);
  }

  clear(): void {
    this.trigger.clear(this.window, this);
  }

  getCurrentProcessingTime(): number {
    return this.timers.currentProcessingTime();
  }

  getCurrentWatermark(): number {
    return this.timers.currentWatermark();
  }

  getMetricGroup(): MetricGroup {
    return this.metrics();
  }

  registerProcessingTimeTimer(timeMs: number): void {
    this.timers.registerProcessingTimeTimer(this.window, checkedTimestamp(timeMs));
  }

  registerEventTimeTimer(timeMs: number): void {
    this.timers.registerEventTimeTimer(this.window, checkedTimestamp(timeMs));
  }

  deleteProcessingTimeTimer(timeMs: number): void {
    this.timers.deleteProcessingTimeTimer(this.window, timeMs);
  }

  deleteEventTimeTimer(timeMs: number): void {
    this.timers.deleteEventTimeTimer(this.window, timeMs);
  }

  getPartitionedState<S extends State>(descriptor: StateDescriptor<S>): S {
    const state = this.backend.getState(descriptor);
    state.setCurrentNamespace(this.window);
    return state;
  }

  mergePartitionedState(descriptor: StateDescriptor): void {
    if (descriptor.kind === "value" || descriptor.kind === "map") throw notMergeable(descriptor);
    this.backend.getState(descriptor).mergeNamespaces(this.window, this.mergedWindows);
  }
}

/** What a window function sees; one per operator, pointed at the current window. */
export class WindowProcessContext implements ProcessWindowContext<Window> {
  current!: Window;
  private readonly out: Output;
  private readonly timers: InternalTimerService;
  private readonly perWindow: KeyedStateStore;
  private readonly perKey: KeyedStateStore;
  private readonly side = new StreamRecord<unknown>(undefined);

  /** @param merging whether windows merge: such windows have no state of their own. */
  constructor(out: Output, timers: InternalTimerService, backend: KeyedStateBackend, merging: boolean) {
    this.out = out;
    this.timers = timers;
    this.perKey = new NamespacedStateStore(backend, () => VOID_NAMESPACE);
    this.perWindow = new NamespacedStateStore(backend, () => {
      if (merging) throw stateOfMergingWindow();
      return this.current;
    });
  }

  window(): Window {
    return this.current;
  }

  currentProcessingTime(): number {
    return this.timers.currentProcessingTime();
  }

  currentWatermark(): number {
    return this.timers.currentWatermark();
  }

  windowState(): KeyedStateStore {
    return this.perWindow;
  }

  globalState(): KeyedStateStore {
    return this.perKey;
  }

  output<X>(outputTag: OutputTag<X>, value: X): void {
    this.side.value = value;
    this.side.setTimestamp(this.current.maxTimestamp());
    this.out.collectSide(checkedTag(outputTag), this.side);
  }
}

class NamespacedStateStore implements KeyedStateStore {
  private readonly backend: KeyedStateBackend;
  private readonly namespace: () => StateNamespace;

  constructor(backend: KeyedStateBackend, namespace: () => StateNamespace) {
    this.backend = backend;
    this.namespace = namespace;
  }

  getState<T>(descriptor: ValueStateDescriptor<T>): ValueState<T> {
    return this.open(requireDescriptor(descriptor, "value"));
  }

  getListState<T>(descriptor: ListStateDescriptor<T>): ListState<T> {
    return this.open(requireDescriptor(descriptor, "list"));
  }

  getMapState<K, V>(descriptor: MapStateDescriptor<K, V>): MapState<K, V> {
    return this.open(requireDescriptor(descriptor, "map"));
  }

  getReducingState<T>(descriptor: ReducingStateDescriptor<T>): ReducingState<T> {
    return this.open(requireDescriptor(descriptor, "reducing"));
  }

  getAggregatingState<IN, ACC, OUT>(descriptor: AggregatingStateDescriptor<IN, ACC, OUT>): AggregatingState<IN, OUT> {
    return this.open(requireDescriptor(descriptor, "aggregating"));
  }

  private open<S extends State>(descriptor: StateDescriptor<S>): S & InternalState {
    const namespace = this.namespace();
    const state = this.backend.getState(descriptor);
    state.setCurrentNamespace(namespace);
    return state;
  }
}

function notMergeable(descriptor: StateDescriptor): Diagnostic {
  return new Diagnostic({
    code: "STATE_NOT_MERGEABLE",
    phase: "runtime",
    message: `The given state descriptor does not refer to a mergeable state: "${descriptor.name}" is a ${descriptor.kind} state.`,
    found: `a ${descriptor.kind} state`,
    expected: "a ListState, ReducingState or AggregatingState",
    hint: "When session windows merge, the states of their trigger are merged too. For a single value use a ReducingState, with Math.min for instance.",
  });
}

function stateOfMergingWindow(): Diagnostic {
  return new Diagnostic({
    code: "WINDOW_STATE_OF_MERGING_WINDOW",
    message: "Per-window state is not allowed when using merging windows.",
    phase: "runtime",
    found: "context.windowState() in a session window",
    expected: "context.globalState(), or windows that do not merge",
  });
}
