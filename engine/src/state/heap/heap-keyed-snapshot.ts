/**
 * Keyed state of the heap as a snapshot has it: first as arrays of references that the backend's tables share, then, when it is detached, as
 * arrays of copies. The common form, by key group, is derived when somebody asks for it; most checkpoints are never asked.
 *
 * Flink does the same in two steps: the task copies the table of references, a thread of its own writes out what they refer to
 * (`CopyOnWriteStateMapSnapshot`), and only then does the table stop to copy what it changes.
 */
import { keyGroupOf } from "../../base/key-groups.ts";
import { invariant } from "../../base/invariant.ts";
import { copyValue, serializedSize } from "../../types/value-codec.ts";
import { namingState } from "../../types/unserializable.ts";
import type { StateKind } from "../descriptors.ts";
import type { RowKeys } from "../key-context.ts";
import type { KeyedBackendSnapshot } from "../keyed-state-backend.ts";
import { type StateNamespace, VOID_NAMESPACE } from "../namespace.ts";
import type { KeyedSnapshot, KeyedStateSnapshot, KeyGroupSnapshot } from "../snapshot.ts";
import type { TimersOfSnapshot } from "../timers-of-snapshot.ts";
import type { EntryArrays } from "./state-table.ts";
import { inSnapshotForm } from "./stored-form.ts";

/** One state. */
export interface SharedState {
  readonly stateName: string;
  readonly kind: StateKind;
  readonly ttl: boolean;
  readonly arrays: readonly EntryArrays[];
  /** What of a value in snapshot form had not expired when the snapshot was taken, undefined = nothing; null = what has expired stays. */
  readonly unexpired: ((value: unknown) => unknown) | null;
}

export interface SharedParts {
  readonly maxParallelism: number;
  readonly rowKeys: RowKeys;
  readonly states: readonly SharedState[];
  readonly timers: TimersOfSnapshot;
  /** Told once that nothing is shared any more. */
  readonly unshared: () => void;
}

export class HeapKeyedSnapshot implements KeyedSnapshot, KeyedBackendSnapshot {
  readonly maxParallelism: number;
  sharing: "shared" | "detached" | "released" = "shared";
  /** Null when released. */
  private parts: SharedParts | null;
  private derived: ReadonlyMap<number, KeyGroupSnapshot> | null = null;
  private measured = -1;

  constructor(parts: SharedParts) {
    this.maxParallelism = parts.maxParallelism;
    this.parts = parts;
  }

  get keyed(): KeyedSnapshot {
    return this;
  }

  get bytes(): number {
    if (this.measured < 0) this.measured = this.measure();
    return this.measured;
  }

  get uploadedBytes(): number {
    return this.bytes;
  }

  get keyGroups(): Iterable<number> {
    const { maxParallelism } = this;
    const { states, timers } = this.content;
    const groups = new Set(timers.byKeyGroup().keys());
    for (const state of states) this.forEach(state, (key) => groups.add(keyGroupOf(key, maxParallelism)));
    return groups;
  }

  get groups(): ReadonlyMap<number, KeyGroupSnapshot> {
    this.detach();
    this.derived ??= this.deriveGroups();
    return this.derived;
  }

  detach(): void {
    if (this.sharing !== "shared") return;
    const { rowKeys, states, timers, unshared } = this.content;
    rowKeys.detach();
    timers.detach();
    for (const state of states) this.detachState(state);
    this.sharing = "detached";
    unshared();
  }

  release(): void {
    if (this.sharing !== "shared") return;
    const { unshared } = this.content;
    this.sharing = "released";
    this.parts = null;
    unshared();
  }

  private get content(): SharedParts {
    invariant(this.parts !== null, "a released snapshot was asked for its contents");
    return this.parts;
  }

  private measure(): number {
    const { states, timers } = this.content;
    let bytes = timers.bytes();
    for (const state of states) {
      this.forEach(state, (key, _namespace, value) => {
        bytes += serializedSize(key) + serializedSize(value);
      });
    }
    return bytes;
  }

  private deriveGroups(): ReadonlyMap<number, KeyGroupSnapshot> {
    const { states, timers } = this.content;
    const { maxParallelism } = this;
    const timersByGroup = timers.byKeyGroup();
    const statesByGroup = new Map<number, KeyedStateSnapshot[]>();
    for (const state of states) {
      const { stateName, kind, ttl } = state;
      const byGroup = new Map<number, { key: unknown; namespace: unknown; value: unknown }[]>();
      this.forEach(state, (key, namespace, value) => {
        const group = keyGroupOf(key, maxParallelism);
        const entries = byGroup.get(group);
        if (entries === undefined) byGroup.set(group, [{ key, namespace, value }]);
        else entries.push({ key, namespace, value });
      });
      for (const [group, entries] of byGroup) {
        const present = statesByGroup.get(group);
        if (present === undefined) statesByGroup.set(group, [{ stateName, kind, ttl, entries }]);
        else present.push({ stateName, kind, ttl, entries });
      }
    }
    const groups = new Map<number, KeyGroupSnapshot>();
    for (const [group, own] of statesByGroup) groups.set(group, { states: own, timers: timersByGroup.get(group) ?? [] });
    for (const [group, own] of timersByGroup) if (!groups.has(group)) groups.set(group, { states: [], timers: own });
    return groups;
  }

  /** Calls with each entry, its value in the form of snapshots. */
  private forEach(state: SharedState, use: (key: unknown, namespace: StateNamespace, value: unknown) => void): void {
    const { rowKeys } = this.content;
    try {
      for (const { keys, namespaces, values } of state.arrays) {
        for (let index = 0; index < values.length; index++) {
          if (values[index] === undefined) continue;
          const value = this.inForm(state, values[index]);
          if (value === undefined) continue;
          use(keys === null ? rowKeys.at(index) : keys[index], namespaces === null ? VOID_NAMESPACE : namespaces[index], value);
        }
      }
    } catch (error) {
      throw namingState(error, state.stateName);
    }
  }

  /** undefined = it has expired. */
  private inForm({ kind, unexpired }: SharedState, value: unknown): unknown {
    if (this.sharing === "detached") return value;
    const form = inSnapshotForm(kind, value);
    return unexpired === null ? form : unexpired(form);
  }

  private detachState(state: SharedState): void {
    try {
      for (const { keys, values } of state.arrays) {
        if (keys !== null) for (let index = 0; index < keys.length; index++) keys[index] = copyValue(keys[index]);
        for (let index = 0; index < values.length; index++) {
          if (values[index] !== undefined) values[index] = copyValue(this.inForm(state, values[index]));
        }
      }
    } catch (error) {
      throw namingState(error, state.stateName);
    }
  }
}
