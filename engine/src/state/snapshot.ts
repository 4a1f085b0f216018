/**
 * What one subtask of one operator hands over at a checkpoint. Plain data that nobody mutates afterwards: values in it are copies, or become
 * copies when a part that is shared with the operator's backend is detached (`KeyedSnapshot.detach`).
 *
 * Keyed state and timers are cut by key group so that a restore with another parallelism only moves whole groups
 * (`redistributeSnapshots` in redistribute.ts). Operator list state is cut by element.
 */
import type { SerializerSnapshot } from "../types/type-serializer.ts";

export interface OperatorSnapshot {
  readonly keyed: KeyedSnapshot | null;
  readonly operatorState: readonly OperatorStateSnapshot[];
  /**
   * Serialized size in bytes of everything in here. May be worked out when it is first asked for, before `keyed` is detached: then it is
   * inherited, and a copy made by spreading has none.
   *
   * @throws Diagnostic TYPE_NOT_SERIALIZABLE, KEY_GROUP_NOT_OWNED then.
   */
  readonly bytes: number;
  /** Of these, what had to be stored for this checkpoint: the rest is in files of a completed one. Absent = all. */
  readonly uploadedBytes?: number;
  /** What the keyed states are, also those without an entry; absent or null = the operator has declared neither keyed state nor timers. */
  readonly keyedSchema?: KeyedSchema | null;
  /** Set in a share of a native savepoint: the only backend that can read it. */
  readonly nativeTo?: "hashmap" | "rocksdb";
  /** Set in a share of a savepoint that stays the user's: no checkpoint may build on its files. */
  readonly unclaimed?: true;
}

/** Types of the key and of all keyed states of an operator. */
export interface KeyedSchema {
  readonly key: SerializerSnapshot;
  readonly states: readonly StateSchema[];
}

/** What a keyed state is. */
export interface StateSchema {
  readonly stateName: string;
  readonly kind: string;
  /** Of what it holds for one key and namespace. */
  readonly serializer: SerializerSnapshot;
  /** Full snapshots leave out what was not used for so long, ms. */
  readonly dropsExpiredAfterMs?: number;
}

/**
 * Keyed state of one subtask. `groups` is the one form that every backend reads and writes, and that everybody works on who changes, moves or
 * shows state; a backend with files of its own derives it when it is first asked for.
 */
export interface KeyedSnapshot {
  readonly maxParallelism: number;
  /** One entry per non-empty key group. */
  readonly groups: ReadonlyMap<number, KeyGroupSnapshot>;
  /** What the groups say of timers, where that can be had without deriving them. */
  readonly timers?: ReadonlyMap<number, readonly TimerServiceSnapshot[]>;
  /**
   * Where a backend and its snapshot share values. "shared": the backend copies a value before it lets anybody change it; values that the program
   * got earlier and changes on its own change here too. "detached": nothing changes any more. "released": nobody may look any more.
   * Absent = nothing was ever shared.
   */
  readonly sharing?: "shared" | "detached" | "released";
  /** Copies what is shared. @throws Diagnostic TYPE_NOT_SERIALIZABLE */
  detach?(): void;
  /** The snapshot is not wanted any more, unless it is detached. */
  release?(): void;
}

/** All keyed states and timers of one key group. */
export interface KeyGroupSnapshot {
  readonly states: readonly KeyedStateSnapshot[];
  readonly timers: readonly TimerServiceSnapshot[];
}

export interface KeyedStateSnapshot {
  readonly stateName: string;
  /** "value" | "list" | "map" | "reducing" | "aggregating" */
  readonly kind: string;
  /** True when values carry the time of their last touch (state with time to live); false or absent otherwise. */
  readonly ttl?: boolean;
  readonly entries: readonly { readonly key: unknown; readonly namespace: unknown; readonly value: unknown }[];
}

export interface TimerServiceSnapshot {
  readonly serviceName: string;
  readonly event: readonly { readonly key: unknown; readonly namespace: unknown; readonly timestampMs: number }[];
  readonly processing: readonly { readonly key: unknown; readonly namespace: unknown; readonly timestampMs: number }[];
}

/** `list` is split evenly on restore, `union` goes whole to everybody, `broadcast` is the same everywhere. */
export interface OperatorStateSnapshot {
  readonly stateName: string;
  readonly mode: "list" | "union" | "broadcast";
  /** Elements; for broadcast state the [key, value] entries. */
  readonly elements: readonly unknown[];
  /** Of an element; for broadcast state of a map. Absent = not declared. */
  readonly serializer?: SerializerSnapshot;
}
