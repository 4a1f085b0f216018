import { Diagnostic } from "../base/diagnostic.ts";
import { type AggregateFunction, type ReduceFunction, type ReduceFunctionLike, toReduceFunction } from "./folding-functions.ts";
import type { AggregatingState, ListState, MapState, ReducingState, State, ValueState } from "./state.ts";
import type { StateTtlConfig } from "./ttl.ts";

export type StateKind = "value" | "list" | "map" | "reducing" | "aggregating";

/**
 * Names a state and says what kind it is; two descriptors with the same name in one function are the same state.
 * (Flink: docs/dev/datastream/fault-tolerance/state)
 */
export abstract class StateDescriptor<S extends State = State> {
  /** Tells the kinds of state apart. */
  abstract readonly kind: StateKind;
  /** What the state is known by in its operator, also in savepoints. */
  readonly name: string;
  private ttl: StateTtlConfig | undefined;
  /** Only carries the state's type for inference; never set. */
  declare readonly stateType?: S;

  constructor(name: string) {
    if (typeof name !== "string" || name.length === 0) {
      throw new Diagnostic({
        code: "STATE_NAME_MISSING",
        message: "A state descriptor needs a name.",
        phase: "runtime",
        found: name === "" ? '""' : String(name),
        expected: 'a non-empty string, e.g. new ValueStateDescriptor<number>("count")',
      });
    }
    this.name = name;
  }

  /** What the state is known by in its operator, also in savepoints. */
  getName(): string {
    return this.name;
  }

  /** Lets values expire; see `StateTtlConfig`. */
  enableTimeToLive(ttlConfig: StateTtlConfig): void {
    this.ttl = ttlConfig.isEnabled ? ttlConfig : undefined;
  }

  /** undefined when entries live for ever. */
  getTtlConfig(): StateTtlConfig | undefined {
    return this.ttl;
  }
}

/**
 * One value per key. `typeInfo` may be anything of `Types.…`; plain values need none.
 * (Flink: docs/dev/datastream/fault-tolerance/state)
 */
export class ValueStateDescriptor<T> extends StateDescriptor<ValueState<T>> {
  /** Tells the kinds of state apart. */
  readonly kind = "value";
  /** The type, where the program has said it. */
  readonly typeInfo: unknown;
  /** What `value()` gives for a key without a value (Flink has deprecated this; the default is null). */
  readonly defaultValue: T | null;

  constructor(name: string, typeInfo?: unknown, defaultValue: T | null = null) {
    super(name);
    this.typeInfo = typeInfo;
    this.defaultValue = defaultValue;
  }
}

/** A list per key. (Flink: docs/dev/datastream/fault-tolerance/state) */
export class ListStateDescriptor<T> extends StateDescriptor<ListState<T>> {
  /** Tells the kinds of state apart. */
  readonly kind = "list";
  /** The elements' type, where the program has said it. */
  readonly elementTypeInfo: unknown;

  constructor(name: string, elementTypeInfo?: unknown) {
    super(name);
    this.elementTypeInfo = elementTypeInfo;
  }
}

/**
 * A map per key; with TTL each entry expires by itself. Also describes broadcast state.
 * (Flink: docs/dev/datastream/fault-tolerance/state)
 */
export class MapStateDescriptor<K, V> extends StateDescriptor<MapState<K, V>> {
  /** Tells the kinds of state apart. */
  readonly kind = "map";
  /** The keys' type, where the program has said it. */
  readonly keyTypeInfo: unknown;
  /** The values' type, where the program has said it. */
  readonly valueTypeInfo: unknown;

  constructor(name: string, keyTypeInfo?: unknown, valueTypeInfo?: unknown) {
    super(name);
    this.keyTypeInfo = keyTypeInfo;
    this.valueTypeInfo = valueTypeInfo;
  }
}

/** One value per key: the reduction of all added ones. (Flink: docs/dev/datastream/fault-tolerance/state) */
export class ReducingStateDescriptor<T> extends StateDescriptor<ReducingState<T>> {
  /** Tells the kinds of state apart. */
  readonly kind = "reducing";
  /** What folds values into one. */
  readonly reduceFunction: ReduceFunction<T>;
  /** The type, where the program has said it. */
  readonly typeInfo: unknown;

  constructor(name: string, reduceFunction: ReduceFunctionLike<T>, typeInfo?: unknown) {
    super(name);
    this.reduceFunction = toReduceFunction(reduceFunction);
    this.typeInfo = typeInfo;
  }
}

/** One accumulator per key. (Flink: docs/dev/datastream/fault-tolerance/state) */
export class AggregatingStateDescriptor<IN, ACC, OUT> extends StateDescriptor<AggregatingState<IN, OUT>> {
  /** Tells the kinds of state apart. */
  readonly kind = "aggregating";
  /** What folds values into the accumulator. */
  readonly aggregateFunction: AggregateFunction<IN, ACC, OUT>;
  /** The type, where the program has said it. */
  readonly typeInfo: unknown;

  constructor(name: string, aggregateFunction: AggregateFunction<IN, ACC, OUT>, typeInfo?: unknown) {
    super(name);
    this.aggregateFunction = aggregateFunction;
    this.typeInfo = typeInfo;
  }
}
