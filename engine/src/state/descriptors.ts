import { Diagnostic } from "../base/diagnostic.ts";
import { type AggregateFunction, type ReduceFunction, type ReduceFunctionLike, toReduceFunction } from "./folding-functions.ts";
import type { AggregatingState, ListState, MapState, ReducingState, State, ValueState } from "./state.ts";
import type { StateTtlConfig } from "./ttl.ts";

export type StateKind = "value" | "list" | "map" | "reducing" | "aggregating";

/** Names a state and says what kind it is; two descriptors with the same name in one function are the same state. */
export abstract class StateDescriptor<S extends State = State> {
  abstract readonly kind: StateKind;
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
        found: String(name),
        expected: 'a non-empty string, e.g. new ValueStateDescriptor<number>("count")',
      });
    }
    this.name = name;
  }

  getName(): string {
    return this.name;
  }

  enableTimeToLive(ttlConfig: StateTtlConfig): void {
    this.ttl = ttlConfig.isEnabled ? ttlConfig : undefined;
  }

  /** undefined when entries live for ever. */
  getTtlConfig(): StateTtlConfig | undefined {
    return this.ttl;
  }
}

/** One value per key. `typeInfo` may be anything of `Types.…`; plain values need none. */
export class ValueStateDescriptor<T> extends StateDescriptor<ValueState<T>> {
  readonly kind = "value";
  readonly typeInfo: unknown;
  /** What `value()` gives for a key without a value (Flink has deprecated this; the default is null). */
  readonly defaultValue: T | null;

  constructor(name: string, typeInfo?: unknown, defaultValue: T | null = null) {
    super(name);
    this.typeInfo = typeInfo;
    this.defaultValue = defaultValue;
  }
}

/** A list per key. */
export class ListStateDescriptor<T> extends StateDescriptor<ListState<T>> {
  readonly kind = "list";
  readonly elementTypeInfo: unknown;

  constructor(name: string, elementTypeInfo?: unknown) {
    super(name);
    this.elementTypeInfo = elementTypeInfo;
  }
}

/** A map per key; with TTL each entry expires by itself. Also describes broadcast state. */
export class MapStateDescriptor<K, V> extends StateDescriptor<MapState<K, V>> {
  readonly kind = "map";
  readonly keyTypeInfo: unknown;
  readonly valueTypeInfo: unknown;

  constructor(name: string, keyTypeInfo?: unknown, valueTypeInfo?: unknown) {
    super(name);
    this.keyTypeInfo = keyTypeInfo;
    this.valueTypeInfo = valueTypeInfo;
  }
}

/** One value per key: the reduction of all added ones. */
export class ReducingStateDescriptor<T> extends StateDescriptor<ReducingState<T>> {
  readonly kind = "reducing";
  readonly reduceFunction: ReduceFunction<T>;
  readonly typeInfo: unknown;

  constructor(name: string, reduceFunction: ReduceFunctionLike<T>, typeInfo?: unknown) {
    super(name);
    this.reduceFunction = toReduceFunction(reduceFunction);
    this.typeInfo = typeInfo;
  }
}

/** One accumulator per key. */
export class AggregatingStateDescriptor<IN, ACC, OUT> extends StateDescriptor<AggregatingState<IN, OUT>> {
  readonly kind = "aggregating";
  readonly aggregateFunction: AggregateFunction<IN, ACC, OUT>;
  readonly typeInfo: unknown;

  constructor(name: string, aggregateFunction: AggregateFunction<IN, ACC, OUT>, typeInfo?: unknown) {
    super(name);
    this.aggregateFunction = aggregateFunction;
    this.typeInfo = typeInfo;
  }
}
