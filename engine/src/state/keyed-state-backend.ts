import type { Handled } from "./state-handles.ts";
import type { StateDescriptor } from "./descriptors.ts";
import type { KeyContext } from "./key-context.ts";
import type { StateNamespace } from "./namespace.ts";
import type { StateSchemas } from "./state-schemas.ts";
import type { KeyedSnapshot } from "./snapshot.ts";
import type { MapState, State } from "./state.ts";
import type { TimersOfSnapshot } from "./timers-of-snapshot.ts";

/** A state as operators use it: the user's methods plus the namespace it is about. */
export interface InternalState extends Handled {
  setCurrentNamespace(namespace: StateNamespace): void;
  /** Moves the contents of `sources` into `target` (merging windows). Values and maps cannot be merged and throw. */
  mergeNamespaces(target: StateNamespace, sources: readonly StateNamespace[]): void;
}

/** Map state for operators that go through all of a key's map at every record. */
export interface InternalMapState<K, V> extends MapState<K, V>, InternalState {
  /** Puts what `values` gives into an array, from its beginning, and returns how many they are: no list of them is made. */
  valuesInto(target: V[]): number;
}

/** Entry counts and serialized sizes of one state. */
export interface KeyedStateSize {
  readonly stateName: string;
  readonly entries: number;
  readonly bytes: number;
  readonly peakBytes: number;
}

/** What of one state is in one key group. */
export interface KeyGroupSize {
  readonly stateName: string;
  readonly keyGroup: number;
  readonly entries: number;
  readonly bytes: number;
}

/**
 * What a backend hands over at a checkpoint: its states, and the timers it was given to go with them. That is the synchronous part; what takes
 * going through all of it is done when it is first asked for.
 */
export interface KeyedBackendSnapshot {
  /** null when there are neither states nor timers. */
  readonly keyed: KeyedSnapshot | null;
  /** Key groups of which it holds something, to be checked against those that the subtask owns. */
  readonly keyGroups: Iterable<number>;
  readonly bytes: number;
  /** Of these, what no completed checkpoint has stored yet. */
  readonly uploadedBytes: number;
}

/** Where keyed state lives. One per subtask of a keyed operator. */
export interface KeyedStateBackend {
  readonly keyContext: KeyContext;
  /** What its states are. A state that is asked for is registered there, and rewritten when its type has changed. */
  schemas: StateSchemas;
  /**
   * Whether states hand out the objects that they hold, so that changing one in place changes state. Otherwise they hold bytes: what is read is a
   * copy, and only writing changes anything.
   */
  readonly handsOutReferences: boolean;
  /** @throws Diagnostic KEY_IS_NULL for null and undefined. */
  setCurrentKey(key: unknown): void;
  /** Same name, same state; a second descriptor of another kind is the user's mistake (STATE_KIND_CHANGED). */
  getState<S extends State>(descriptor: StateDescriptor<S>): S & InternalState;
  /** Everything as it is now, with these timers. Nothing that is done with the states afterwards changes it; see `KeyedSnapshot.sharing`. */
  snapshot(checkpointId: number, timers: TimersOfSnapshot): KeyedBackendSnapshot;
  /** Snapshots leave out what has expired, so the next one may differ although nothing was used. */
  readonly snapshotsDependOnTime: boolean;
  /**
   * Takes over the states of a snapshot (its timers are for others), before any state has been asked for.
   *
   * @param checkpointId of the checkpoint that it is part of, and that later ones may build on; undefined = none may.
   */
  restore(keyed: KeyedSnapshot, checkpointId: number | undefined): void;
  /** Rewrites every value of a state: T of value, reducing and aggregating state, elements of lists, values of maps. */
  migrateState(stateName: string, change: (value: unknown) => unknown): void;
  notifyCheckpointComplete(checkpointId: number): void;
  notifyCheckpointAborted(checkpointId: number): void;
  /** Keys that have a value in the state's namespace; the list is not affected by later changes. */
  keysOf(stateName: string, namespace: StateNamespace): unknown[];
  /** Number of (state, key, namespace) entries. */
  numEntries(): number;
  sizes(): KeyedStateSize[];
  /** The same by key group; groups without entries are left out. */
  sizesByKeyGroup(): KeyGroupSize[];
}
