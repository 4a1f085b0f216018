/**
 * Keyed state of an SQL operator: namespace (a window's or slice's end; 0 where there are no windows) → key → value.
 *
 * Two plain maps keep the access per record cheap and let a watermark drop a whole window at once. Snapshots are cut by key group
 * like those of every other keyed state, so SQL jobs rescale in the same way.
 */
import { keyGroupOf } from "../../../base/key-groups.ts";
import type { StateSize } from "../../../flow/operator.ts";
import type { KeyedStateSnapshot, KeyGroupSnapshot, OperatorSnapshot } from "../../../state/snapshot.ts";
import { copyState, stateBytes } from "./copy-state.ts";

export type StateKey = string | number | boolean;

export class KeyedStore<V> {
  readonly name: string;
  readonly namespaces = new Map<number, Map<StateKey, V>>();
  private peakBytes = 0;

  constructor(name: string) {
    this.name = name;
  }

  get(namespace: number, key: StateKey): V | undefined {
    return this.namespaces.get(namespace)?.get(key);
  }

  set(namespace: number, key: StateKey, value: V): void {
    let keys = this.namespaces.get(namespace);
    if (keys === undefined) {
      keys = new Map();
      this.namespaces.set(namespace, keys);
    }
    keys.set(key, value);
  }

  delete(namespace: number, key: StateKey): void {
    const keys = this.namespaces.get(namespace);
    if (keys?.delete(key) && keys.size === 0) this.namespaces.delete(namespace);
  }

  dropNamespace(namespace: number): void {
    this.namespaces.delete(namespace);
  }

  *entries(): Generator<readonly [namespace: number, key: StateKey, value: V]> {
    for (const [namespace, keys] of this.namespaces) for (const [key, value] of keys) yield [namespace, key, value];
  }

  size(operatorId: string): StateSize {
    let entries = 0;
    let bytes = 0;
    for (const [, key, value] of this.entries()) {
      entries++;
      bytes += 8 + stateBytes(key) + stateBytes(value);
    }
    if (bytes > this.peakBytes) this.peakBytes = bytes;
    return { operatorId, stateName: this.name, entries, bytes, peakBytes: this.peakBytes };
  }

  restore(snapshot: OperatorSnapshot): void {
    for (const group of snapshot.keyed?.groups.values() ?? []) {
      for (const state of group.states) {
        if (state.stateName !== this.name) continue;
        for (const { key, namespace, value } of state.entries) this.set(namespace as number, key as StateKey, copyState(value) as V);
      }
    }
  }
}

/** All stores of an operator as one snapshot. */
export function snapshotStores(stores: readonly KeyedStore<unknown>[], maxParallelism: number): OperatorSnapshot {
  const groups = new Map<number, Map<string, { key: unknown; namespace: unknown; value: unknown }[]>>();
  let bytes = 0;
  for (const store of stores) {
    for (const [namespace, key, value] of store.entries()) {
      const group = keyGroupOf(key, maxParallelism);
      let states = groups.get(group);
      if (states === undefined) {
        states = new Map();
        groups.set(group, states);
      }
      let entries = states.get(store.name);
      if (entries === undefined) {
        entries = [];
        states.set(store.name, entries);
      }
      entries.push({ key, namespace, value: copyState(value) });
      bytes += 8 + stateBytes(key) + stateBytes(value);
    }
  }
  if (groups.size === 0) return { keyed: null, operatorState: [], bytes: 0 };
  const snapshots = new Map<number, KeyGroupSnapshot>();
  for (const [group, states] of groups) {
    const list: KeyedStateSnapshot[] = [...states].map(([stateName, entries]) => ({ stateName, kind: "map", entries }));
    snapshots.set(group, { states: list, timers: [] });
  }
  return { keyed: { maxParallelism, groups: snapshots }, operatorState: [], bytes };
}
