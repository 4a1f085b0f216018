import { BroadcastStateHandle } from "../state/state-handles.ts";
import { Diagnostic } from "../base/diagnostic.ts";
import type { KeyedBroadcastContext, KeyedBroadcastOnTimerContext, TimerService } from "../flow/functions.ts";
import type { Output } from "../flow/output.ts";
import type { MapStateDescriptor, StateDescriptor } from "../state/descriptors.ts";
import type { OperatorStateBackend } from "../state/operator-state-backend.ts";
import type { BroadcastState, State } from "../state/state.ts";
import { type CurrentElement, ReusableProcessContext } from "./process-context.ts";

type AnyBroadcastState = BroadcastState<unknown, unknown>;

/** The broadcast states that were declared in `stream.broadcast(…descriptors)`. */
export class BroadcastStates {
  readonly #states = new Map<string, AnyBroadcastState>();

  constructor(backend: OperatorStateBackend, descriptors: readonly MapStateDescriptor<unknown, unknown>[]) {
    for (const descriptor of descriptors) {
      this.#states.set(descriptor.name, new BroadcastStateHandle(backend.getBroadcastState(descriptor)));
    }
  }

  get(name: string): AnyBroadcastState {
    const state = this.#states.get(name);
    if (state !== undefined) return state;
    throw new Diagnostic({
      code: "BROADCAST_STATE_UNKNOWN",
      message:
        "The requested state does not exist. Check for typos in your state descriptor, or specify the state descriptor in the datastream.broadcast(...) call if you forgot to register it.",
      phase: "runtime",
      found: name,
      expected: [...this.#states.keys()].join(", "),
    });
  }
}

/** Runs `process(key, state)` for all keys of a keyed state. */
export type ApplyToKeyedState = (descriptor: StateDescriptor, process: (key: unknown, state: State) => void) => void;

/** Both sides' context; on the data side the broadcast state can be read only. */
export class BroadcastContextImpl
  extends ReusableProcessContext
  implements KeyedBroadcastContext<unknown>, KeyedBroadcastOnTimerContext<unknown>
{
  readonly #states: BroadcastStates;
  readonly #readOnly: boolean = false;
  readonly #views = new Map<string, AnyBroadcastState>();
  readonly #apply: ApplyToKeyedState | undefined;

  constructor(
    output: Output,
    timers: TimerService,
    currentKey: () => unknown,
    states: BroadcastStates,
    readOnly: boolean,
    apply: ApplyToKeyedState | undefined,
    element: CurrentElement,
  ) {
    super(output, timers, currentKey, element);
    this.#states = states;
    this.#readOnly = readOnly;
    this.#apply = apply;
  }

  currentProcessingTime(): number {
    return this.timerService().currentProcessingTime();
  }

  currentWatermark(): number {
    return this.timerService().currentWatermark();
  }

  getBroadcastState<K, V>(descriptor: MapStateDescriptor<K, V>): BroadcastState<K, V> {
    const state = this.#states.get(descriptor.name);
    if (!this.#readOnly) return state as BroadcastState<K, V>;
    let view = this.#views.get(descriptor.name);
    if (view === undefined) {
      view = readOnlyView(state);
      this.#views.set(descriptor.name, view);
    }
    return view as BroadcastState<K, V>;
  }

  applyToKeyedState<S extends State>(descriptor: StateDescriptor<S>, process: (key: unknown, state: S) => void): void {
    if (this.#apply === undefined) throw broadcastOnly("applyToKeyedState");
    this.#apply(descriptor, process as (key: unknown, state: State) => void);
  }
}

function readOnlyView(state: AnyBroadcastState): AnyBroadcastState {
  const refuse = () => {
    throw broadcastOnly("Writing broadcast state");
  };
  return {
    get: (key) => state.get(key),
    contains: (key) => state.contains(key),
    immutableEntries: () => state.immutableEntries(),
    entries: () => state.immutableEntries(),
    put: refuse,
    putAll: refuse,
    remove: refuse,
    clear: refuse,
  };
}

function broadcastOnly(what: string): Diagnostic {
  return new Diagnostic({
    code: "BROADCAST_STATE_READ_ONLY",
    message: `${what} is only possible in processBroadcastElement.`,
    phase: "runtime",
    expected: "broadcast state that is only read in processElement and onTimer",
    hint: "All subtasks must hold the same broadcast state, so only what everybody receives may change it.",
  });
}

/** The timer service handed to the broadcast side of a keyed function: there is no current key to set a timer for. */
export class NoTimers implements TimerService {
  readonly #timers: TimerService;

  constructor(timers: TimerService) {
    this.#timers = timers;
  }

  currentProcessingTime(): number {
    return this.#timers.currentProcessingTime();
  }

  currentWatermark(): number {
    return this.#timers.currentWatermark();
  }

  registerEventTimeTimer(_timestampMs: number): void {
    throw broadcastTimer();
  }

  registerProcessingTimeTimer(_timestampMs: number): void {
    throw broadcastTimer();
  }

  deleteEventTimeTimer(_timestampMs: number): void {
    throw broadcastTimer();
  }

  deleteProcessingTimeTimer(_timestampMs: number): void {
    throw broadcastTimer();
  }
}

function broadcastTimer(): Diagnostic {
  return new Diagnostic({
    code: "TIMER_ON_BROADCAST_SIDE",
    message: "Timers cannot be set or deleted in processBroadcastElement: there is no current key.",
    phase: "runtime",
    expected: "timers in processElement or onTimer",
  });
}
