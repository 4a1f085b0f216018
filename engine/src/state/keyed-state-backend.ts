import type { StateDescriptor } from "./descriptors.ts";
import type { KeyContext } from "./key-context.ts";
import type { StateNamespace } from "./namespace.ts";
import type { KeyedStateSnapshot } from "./snapshot.ts";
import type { State } from "./state.ts";

/** A state as operators use it: the user's methods plus the namespace it is about. */
export interface InternalState {
  /** Number of (key, namespace) entries; tells whether an `add` has made a new one. */
  entryCount(): number;
  setCurrentNamespace(namespace: StateNamespace): void;
  /** Moves the contents of `sources` into `target` (merging windows). Values and maps cannot be merged and throw. */
  mergeNamespaces(target: StateNamespace, sources: readonly StateNamespace[]): void;
}

/** Entry counts and serialized sizes of one state. */
export interface KeyedStateSize {
  readonly stateName: string;
  readonly entries: number;
  readonly bytes: number;
  readonly peakBytes: number;
}

/** Where keyed state lives. One per subtask of a keyed operator. */
export interface KeyedStateBackend {
  readonly keyContext: KeyContext;
  /** @throws Diagnostic KEY_IS_NULL for null and undefined. */
  setCurrentKey(key: unknown): void;
  /** Same name, same state; a second descriptor of another kind is the user's mistake (STATE_KIND_CHANGED). */
  getState<S extends State>(descriptor: StateDescriptor<S>): S & InternalState;
  /** Keyed states cut by key group. Values are copies. */
  snapshot(): Map<number, KeyedStateSnapshot[]>;
  /** Snapshots leave out what has expired, so the next one may differ although nothing was used. */
  readonly snapshotsDependOnTime: boolean;
  restore(keyGroup: number, states: readonly KeyedStateSnapshot[]): void;
  /** Keys that have a value in the state's namespace; the list is not affected by later changes. */
  keysOf(stateName: string, namespace: StateNamespace): unknown[];
  /** Number of (state, key, namespace) entries. */
  numEntries(): number;
  sizes(): KeyedStateSize[];
}
