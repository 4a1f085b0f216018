import { handleOf } from "../../state/state-handles.ts";
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
import type { KeyedStateBackend } from "../../state/keyed-state-backend.ts";
import { type StateNamespace, VOID_NAMESPACE } from "../../state/namespace.ts";
import { requireDescriptor } from "../../state/require-descriptor.ts";
import type { AggregatingState, ListState, MapState, ReducingState, State, ValueState } from "../../state/state.ts";
import { checkedTag } from "../side-output.ts";
import { checkedTimestamp } from "../simple-timer-service.ts";
import type { EvictorContext } from "./evictors/evictor.ts";
import type { OnMergeContext, Trigger, TriggerResult } from "./triggers/trigger.ts";
import type { Window } from "./window.ts";

/** The window that is being worked on, as the contexts of triggers and functions read it. It is the operator's. */
export class CurrentWindow {
  window!: Window;
  mergedWindows: readonly Window[] = [];
}

/** Calls the trigger about the current window. */
export class TriggerCalls {
  readonly current: CurrentWindow;
  /** What the trigger sees. */
  readonly context: WindowTriggerContext;
  private readonly trigger: Trigger<unknown, Window>;

  constructor(trigger: Trigger<unknown, Window>, timers: InternalTimerService, backend: KeyedStateBackend, metrics: () => MetricGroup) {
    this.trigger = trigger;
    this.current = new CurrentWindow();
    this.context = new WindowTriggerContext(this.current, timers, backend, metrics);
  }

  onElement(value: unknown, timestampMs: number): TriggerResult {
    return this.trigger.onElement(value, timestampMs, this.current.window, this.context);
  }

  onEventTime(timestampMs: number): TriggerResult {
    return this.trigger.onEventTime(timestampMs, this.current.window, this.context);
  }

  onProcessingTime(timestampMs: number): TriggerResult {
    return this.trigger.onProcessingTime(timestampMs, this.current.window, this.context);
  }

  onMerge(mergedWindows: readonly Window[]): void {
    this.current.mergedWindows = mergedWindows;
    this.trigger.onMerge(this.current.window, this.context);
  }

  clear(): void {
    this.trigger.clear(this.current.window, this.context);
  }
}

/** What a trigger sees; one per operator. */
export class WindowTriggerContext implements OnMergeContext, EvictorContext {
  readonly #current: CurrentWindow;
  readonly #timers: InternalTimerService;
  readonly #backend: KeyedStateBackend;
  readonly #metrics: () => MetricGroup;

  constructor(current: CurrentWindow, timers: InternalTimerService, backend: KeyedStateBackend, metrics: () => MetricGroup) {
    this.#current = current;
    this.#timers = timers;
    this.#backend = backend;
    this.#metrics = metrics;
  }

  getCurrentProcessingTime(): number {
    return this.#timers.currentProcessingTime();
  }

  getCurrentWatermark(): number {
    return this.#timers.currentWatermark();
  }

  getMetricGroup(): MetricGroup {
    return this.#metrics();
  }

  registerProcessingTimeTimer(timeMs: number): void {
    this.#timers.registerProcessingTimeTimer(this.#current.window, checkedTimestamp(timeMs));
  }

  registerEventTimeTimer(timeMs: number): void {
    this.#timers.registerEventTimeTimer(this.#current.window, checkedTimestamp(timeMs));
  }

  deleteProcessingTimeTimer(timeMs: number): void {
    this.#timers.deleteProcessingTimeTimer(this.#current.window, timeMs);
  }

  deleteEventTimeTimer(timeMs: number): void {
    this.#timers.deleteEventTimeTimer(this.#current.window, timeMs);
  }

  getPartitionedState<S extends State>(descriptor: StateDescriptor<S>): S {
    const state = this.#backend.getState<S>(descriptor);
    state.setCurrentNamespace(this.#current.window);
    return handleOf(descriptor.kind, state);
  }

  mergePartitionedState(descriptor: StateDescriptor): void {
    if (descriptor.kind === "value" || descriptor.kind === "map") throw notMergeable(descriptor);
    this.#backend.getState(descriptor).mergeNamespaces(this.#current.window, this.#current.mergedWindows);
  }
}

/** What a window function sees; one per operator. */
export class WindowProcessContext implements ProcessWindowContext<Window> {
  readonly #current: CurrentWindow;
  readonly #out: Output;
  readonly #timers: InternalTimerService;
  readonly #perWindow: KeyedStateStore;
  readonly #perKey: KeyedStateStore;
  readonly #side = new StreamRecord<unknown>(undefined);

  /** @param merging whether windows merge: such windows have no state of their own. */
  constructor(current: CurrentWindow, out: Output, timers: InternalTimerService, backend: KeyedStateBackend, merging: boolean) {
    this.#current = current;
    this.#out = out;
    this.#timers = timers;
    this.#perKey = new NamespacedStateStore(backend, () => VOID_NAMESPACE);
    this.#perWindow = new NamespacedStateStore(backend, () => {
      if (merging) throw stateOfMergingWindow();
      return this.#current.window;
    });
  }

  window(): Window {
    return this.#current.window;
  }

  currentProcessingTime(): number {
    return this.#timers.currentProcessingTime();
  }

  currentWatermark(): number {
    return this.#timers.currentWatermark();
  }

  windowState(): KeyedStateStore {
    return this.#perWindow;
  }

  globalState(): KeyedStateStore {
    return this.#perKey;
  }

  output<X>(outputTag: OutputTag<X>, value: X): void {
    this.#side.value = value;
    this.#side.setTimestamp(this.#current.window.maxTimestamp());
    this.#out.collectSide(checkedTag(outputTag), this.#side);
  }
}

class NamespacedStateStore implements KeyedStateStore {
  readonly #backend: KeyedStateBackend;
  readonly #namespace: () => StateNamespace;

  constructor(backend: KeyedStateBackend, namespace: () => StateNamespace) {
    this.#backend = backend;
    this.#namespace = namespace;
  }

  getState<T>(descriptor: ValueStateDescriptor<T>): ValueState<T> {
    return this.#open(requireDescriptor(descriptor, "value"));
  }

  getListState<T>(descriptor: ListStateDescriptor<T>): ListState<T> {
    return this.#open(requireDescriptor(descriptor, "list"));
  }

  getMapState<K, V>(descriptor: MapStateDescriptor<K, V>): MapState<K, V> {
    return this.#open(requireDescriptor(descriptor, "map"));
  }

  getReducingState<T>(descriptor: ReducingStateDescriptor<T>): ReducingState<T> {
    return this.#open(requireDescriptor(descriptor, "reducing"));
  }

  getAggregatingState<IN, ACC, OUT>(descriptor: AggregatingStateDescriptor<IN, ACC, OUT>): AggregatingState<IN, OUT> {
    return this.#open(requireDescriptor(descriptor, "aggregating"));
  }

  #open<S extends State>(descriptor: StateDescriptor<S>): S {
    const namespace = this.#namespace();
    const state = this.#backend.getState<S>(descriptor);
    state.setCurrentNamespace(namespace);
    return handleOf(descriptor.kind, state);
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
