import { nullIntoState, requireValues } from "./null-into-state.ts";
import { canonicalKey, type MapKey } from "../base/canonical-key.ts";
import { Diagnostic } from "../base/diagnostic.ts";
import { resolveSchemaCompatibility } from "../types/schema-compatibility.ts";
import { migrationOf } from "../types/schema-migration.ts";
import { type ClassNames, type SerializerSnapshot, type TypeSerializer, UNTYPED } from "../types/type-serializer.ts";
import { copyValue, serializedSize } from "../types/value-codec.ts";
import type { ListStateDescriptor, MapStateDescriptor } from "./descriptors.ts";
import { missingClasses, removedConstants } from "./schema-checks.ts";
import { classMissing, enumConstantRemoved, operatorStateTypeChanged } from "./schema-mistakes.ts";
import type { OperatorStateSnapshot } from "./snapshot.ts";
import type { BroadcastState, ListState } from "./state.ts";
import { elementSerializerOf, entrySerializersOf } from "./state-serializers.ts";

type Mode = OperatorStateSnapshot["mode"];

interface Registered<S> {
  readonly state: S;
  /** Declared, or as the snapshot remembers it. */
  serializer: SerializerSnapshot;
  /** The program has asked for it. */
  declared: boolean;
}

/** State of one operator instance: lists that are split or given to everybody on restore, and broadcast maps. */
export class OperatorStateBackend {
  private readonly classNames: ClassNames | undefined;
  private readonly lists = new Map<string, Registered<OperatorListState<unknown>>>();
  private readonly broadcasts = new Map<string, Registered<HeapBroadcastState<unknown, unknown>>>();

  /** @param classNames of the program; undefined = nobody knows. */
  constructor(classNames?: ClassNames) {
    this.classNames = classNames;
  }

  getListState<T>(descriptor: ListStateDescriptor<T>): ListState<T> {
    return this.declareList(descriptor, "list") as OperatorListState<T>;
  }

  getUnionListState<T>(descriptor: ListStateDescriptor<T>): ListState<T> {
    return this.declareList(descriptor, "union") as OperatorListState<T>;
  }

  getBroadcastState<K, V>(descriptor: MapStateDescriptor<K, V>): BroadcastState<K, V> {
    const registered = this.openBroadcast(descriptor.name);
    if (!registered.declared) declareBroadcast(registered, descriptor as MapStateDescriptor<unknown, unknown>);
    return registered.state as HeapBroadcastState<K, V>;
  }

  /** Nobody has asked for any, and none was restored. */
  get isEmpty(): boolean {
    return this.lists.size === 0 && this.broadcasts.size === 0;
  }

  snapshot(): OperatorStateSnapshot[] {
    const states: OperatorStateSnapshot[] = [];
    for (const [stateName, { state, serializer }] of this.lists) {
      states.push({ stateName, mode: state.mode, elements: copyValue(state.elements), serializer });
    }
    for (const [stateName, { state, serializer }] of this.broadcasts) {
      states.push({ stateName, mode: "broadcast", elements: copyValue([...state.entries()]), serializer });
    }
    return states;
  }

  /** @throws Diagnostic STATE_CLASS_MISSING */
  restore(states: readonly OperatorStateSnapshot[]): void {
    for (const { stateName, mode, elements, serializer = UNTYPED.snapshot } of states) {
      const [missing] = missingClasses(serializer, this.classNames);
      if (missing !== undefined) throw classMissing(missing);
      if (mode === "broadcast") {
        const registered = this.openBroadcast(stateName);
        registered.serializer = serializer;
        for (const element of copyValue(elements)) {
          const [key, value] = element as [unknown, unknown];
          registered.state.put(key, value);
        }
      } else {
        const registered = this.openList(stateName, mode);
        registered.serializer = serializer;
        registered.state.elements.push(...copyValue(elements));
      }
    }
  }

  sizes(): { stateName: string; entries: number; bytes: number; peakBytes: number }[] {
    return [
      ...[...this.lists].map(([stateName, { state }]) => ({ stateName, entries: state.elements.length, ...state.measure() })),
      ...[...this.broadcasts].map(([stateName, { state }]) => ({ stateName, entries: state.size, ...state.measure() })),
    ];
  }

  private declareList<T>(descriptor: ListStateDescriptor<T>, mode: Mode): OperatorListState<unknown> {
    const registered = this.openList(descriptor.name, mode);
    if (!registered.declared) {
      registered.declared = true;
      const now = elementSerializerOf(descriptor as ListStateDescriptor<unknown>);
      const change = takeOver(descriptor.name, "", now, registered.serializer);
      if (change !== null) registered.state.elements = registered.state.elements.map(change);
      if (now.snapshot.kind !== "untyped") registered.serializer = now.snapshot;
    }
    return registered.state;
  }

  private openList(stateName: string, mode: Mode): Registered<OperatorListState<unknown>> {
    if (this.broadcasts.has(stateName)) throw modeChanged(stateName, mode, "broadcast");
    let registered = this.lists.get(stateName);
    if (registered === undefined) {
      registered = { state: new OperatorListState(mode), serializer: UNTYPED.snapshot, declared: false };
      this.lists.set(stateName, registered);
    }
    if (registered.state.mode !== mode) throw modeChanged(stateName, mode, registered.state.mode);
    return registered;
  }

  private openBroadcast(stateName: string): Registered<HeapBroadcastState<unknown, unknown>> {
    const list = this.lists.get(stateName);
    if (list !== undefined) throw modeChanged(stateName, "broadcast", list.state.mode);
    let registered = this.broadcasts.get(stateName);
    if (registered === undefined) {
      registered = { state: new HeapBroadcastState(), serializer: UNTYPED.snapshot, declared: false };
      this.broadcasts.set(stateName, registered);
    }
    return registered;
  }
}

function declareBroadcast(
  registered: Registered<HeapBroadcastState<unknown, unknown>>,
  descriptor: MapStateDescriptor<unknown, unknown>,
): void {
  registered.declared = true;
  const { key, value } = entrySerializersOf(descriptor);
  const before = registered.serializer;
  const [oldKey, oldValue] = before.kind === "map" ? [before.key, before.value] : [UNTYPED.snapshot, UNTYPED.snapshot];
  takeOver(descriptor.name, "key ", key, oldKey);
  const change = takeOver(descriptor.name, "value ", value, oldValue);
  if (change !== null) for (const [entryKey, old] of registered.state.entries()) registered.state.put(entryKey, change(old));
  registered.serializer = { kind: "map", key: key.snapshot, value: value.snapshot };
}

/**
 * How a restored state becomes one of the declared type; null = as it is.
 *
 * @throws Diagnostic OPERATOR_STATE_TYPE_CHANGED, STATE_ENUM_CONSTANT_REMOVED
 */
function takeOver(
  stateName: string,
  part: "" | "key " | "value ",
  now: TypeSerializer,
  before: SerializerSnapshot,
): ((value: unknown) => unknown) | null {
  const [removed] = removedConstants(now.snapshot, before);
  if (removed !== undefined) throw enumConstantRemoved(removed.className, removed.constant);
  const compatibility = resolveSchemaCompatibility(now.snapshot, before);
  if (compatibility.kind === "incompatible") throw operatorStateTypeChanged(stateName, part, compatibility.reason);
  return migrationOf(now, before);
}

class OperatorListState<T> implements ListState<T> {
  readonly mode: Mode;
  elements: T[] = [];
  private peakBytes = 0;

  constructor(mode: Mode) {
    this.mode = mode;
  }

  get(): T[] {
    return this.elements;
  }

  add(value: T): void {
    if (value === null || value === undefined) throw nullIntoState("ListState");
    this.elements.push(value);
  }

  addAll(values: Iterable<T>): void {
    for (const value of [...requireValues(values, "List")]) this.add(value);
  }

  update(values: Iterable<T>): void {
    const list = [...requireValues(values, "List")];
    this.clear();
    this.addAll(list);
  }

  clear(): void {
    // A new list, so that the one a caller got from get() stays as it was.
    this.elements = [];
  }

  measure(): { bytes: number; peakBytes: number } {
    const bytes = serializedSize(this.elements);
    this.peakBytes = Math.max(this.peakBytes, bytes);
    return { bytes, peakBytes: this.peakBytes };
  }
}

/** Broadcast state; iterates in insertion order. */
class HeapBroadcastState<K, V> implements BroadcastState<K, V> {
  private readonly map = new Map<MapKey, [K, V]>();
  private peakBytes = 0;

  get size(): number {
    return this.map.size;
  }

  get(key: K): V | null {
    return this.map.get(canonicalKey(key))?.[1] ?? null;
  }

  contains(key: K): boolean {
    return this.map.has(canonicalKey(key));
  }

  put(key: K, value: V): void {
    this.map.set(canonicalKey(key), [key, value]);
  }

  putAll(map: ReadonlyMap<K, V>): void {
    for (const [key, value] of requireValues(map, "Map")) this.put(key, value);
  }

  remove(key: K): void {
    this.map.delete(canonicalKey(key));
  }

  clear(): void {
    this.map.clear();
  }

  entries(): Iterable<[K, V]> {
    return [...this.map.values()];
  }

  immutableEntries(): Iterable<[K, V]> {
    return this.entries();
  }

  measure(): { bytes: number; peakBytes: number } {
    const bytes = serializedSize([...this.map.values()]);
    this.peakBytes = Math.max(this.peakBytes, bytes);
    return { bytes, peakBytes: this.peakBytes };
  }
}

/** Flink: `OperatorStateHandle.Mode`. */
const FLINK_MODES = { list: "SPLIT_DISTRIBUTE", union: "UNION", broadcast: "BROADCAST" } as const;

function modeChanged(stateName: string, wanted: Mode, present: Mode): Diagnostic {
  return new Diagnostic({
    code: "STATE_MODE_CHANGED",
    message:
      `Operator state "${stateName}" is ${present} state here, but was asked for as ${wanted} state. ` +
      `Incompatible state assignment modes. Was [${FLINK_MODES[present]}], registered with [${FLINK_MODES[wanted]}].`,
    phase: "runtime",
    found: `${wanted} state "${stateName}"`,
    expected: `${present} state "${stateName}"`,
    hint: "How operator state is redistributed cannot change; use a new state name.",
  });
}
