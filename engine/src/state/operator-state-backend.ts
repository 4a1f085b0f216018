import { nullIntoState, requireValues } from "./null-into-state.ts";
import { canonicalKey, type MapKey } from "../base/canonical-key.ts";
import { Diagnostic } from "../base/diagnostic.ts";
import { copyValue, serializedSize } from "../types/value-codec.ts";
import type { ListStateDescriptor, MapStateDescriptor } from "./descriptors.ts";
import type { OperatorStateSnapshot } from "./snapshot.ts";
import type { BroadcastState, ListState } from "./state.ts";

type Mode = OperatorStateSnapshot["mode"];

/** State of one operator instance: lists that are split or given to everybody on restore, and broadcast maps. */
export class OperatorStateBackend {
  private readonly lists = new Map<string, OperatorListState<unknown>>();
  private readonly broadcasts = new Map<string, HeapBroadcastState<unknown, unknown>>();

  getListState<T>(descriptor: ListStateDescriptor<T>): ListState<T> {
    return this.openList(descriptor.name, "list") as OperatorListState<T>;
  }

  getUnionListState<T>(descriptor: ListStateDescriptor<T>): ListState<T> {
    return this.openList(descriptor.name, "union") as OperatorListState<T>;
  }

  getBroadcastState<K, V>(descriptor: MapStateDescriptor<K, V>): BroadcastState<K, V> {
    return this.openBroadcast(descriptor.name) as HeapBroadcastState<K, V>;
  }

  snapshot(): OperatorStateSnapshot[] {
    const states: OperatorStateSnapshot[] = [];
    for (const [stateName, { mode, elements }] of this.lists) states.push({ stateName, mode, elements: copyValue(elements) });
    for (const [stateName, state] of this.broadcasts) {
      states.push({ stateName, mode: "broadcast", elements: copyValue([...state.entries()]) });
    }
    return states;
  }

  restore(states: readonly OperatorStateSnapshot[]): void {
    for (const { stateName, mode, elements } of states) {
      if (mode === "broadcast") {
        const state = this.openBroadcast(stateName);
        for (const element of copyValue(elements)) {
          const [key, value] = element as [unknown, unknown];
          state.put(key, value);
        }
      } else {
        this.openList(stateName, mode).elements.push(...copyValue(elements));
      }
    }
  }

  sizes(): { stateName: string; entries: number; bytes: number; peakBytes: number }[] {
    return [
      ...[...this.lists].map(([stateName, state]) => ({ stateName, entries: state.elements.length, ...state.measure() })),
      ...[...this.broadcasts].map(([stateName, state]) => ({ stateName, entries: state.size, ...state.measure() })),
    ];
  }

  private openList(stateName: string, mode: Mode): OperatorListState<unknown> {
    if (this.broadcasts.has(stateName)) throw modeChanged(stateName, mode, "broadcast");
    let state = this.lists.get(stateName);
    if (state === undefined) {
      state = new OperatorListState(mode);
      this.lists.set(stateName, state);
    }
    if (state.mode !== mode) throw modeChanged(stateName, mode, state.mode);
    return state;
  }

  private openBroadcast(stateName: string): HeapBroadcastState<unknown, unknown> {
    const list = this.lists.get(stateName);
    if (list !== undefined) throw modeChanged(stateName, "broadcast", list.mode);
    let state = this.broadcasts.get(stateName);
    if (state === undefined) {
      state = new HeapBroadcastState();
      this.broadcasts.set(stateName, state);
    }
    return state;
  }
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

function modeChanged(stateName: string, wanted: Mode, present: Mode): Diagnostic {
  return new Diagnostic({
    code: "STATE_MODE_CHANGED",
    message: `Operator state "${stateName}" is ${present} state here, but was asked for as ${wanted} state.`,
    phase: "runtime",
    found: `${wanted} state "${stateName}"`,
    expected: `${present} state "${stateName}"`,
    hint: "How operator state is redistributed cannot change; use a new state name.",
  });
}
