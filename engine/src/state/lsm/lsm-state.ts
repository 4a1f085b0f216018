import { InvariantViolation } from "../../base/invariant.ts";
import { namingState } from "../../types/unserializable.ts";
import type { InternalState } from "../keyed-state-backend.ts";
import { type StateNamespace, VOID_NAMESPACE } from "../namespace.ts";
import type { State } from "../state.ts";
import type { TtlClock } from "../ttl-clock.ts";
import type { ColumnFamily } from "./column-family.ts";
import { writeNamespace } from "./key-codec.ts";
import type { LsmStore } from "./lsm-store.ts";

/** What all states share: a column family, the namespace, time to live. */
export abstract class LsmState implements State, InternalState {
  protected readonly family: ColumnFamily;
  protected readonly store: LsmStore;
  /** null = entries live for ever. */
  protected readonly ttl: TtlClock | null;
  handle: State | null = null;
  private namespace: StateNamespace | null = null;
  private namespaceBytes: Uint8Array = new Uint8Array(0);

  constructor(family: ColumnFamily, store: LsmStore, ttl: TtlClock | null) {
    this.family = family;
    this.store = store;
    this.ttl = ttl;
    this.setCurrentNamespace(VOID_NAMESPACE);
  }

  setCurrentNamespace(namespace: StateNamespace): void {
    if (namespace === this.namespace) return;
    this.namespace = namespace;
    const writer = this.store.beginValue(undefined);
    writeNamespace(writer, this.store.shapes, namespace);
    this.namespaceBytes = writer.finish();
  }

  abstract clear(): void;

  abstract mergeNamespaces(target: StateNamespace, sources: readonly StateNamespace[]): void;

  protected cannotMerge(): never {
    throw new InvariantViolation(`state "${this.family.stateName}" of kind ${this.family.kind} cannot be merged`);
  }

  /** Leaves the address of the current key and namespace in the store. */
  protected pointAtCurrent(): void {
    this.store.pointAt(this.family.stateName, this.namespaceBytes);
  }

  /** Leaves a value in the store, with the time of its touch where that counts. */
  protected encode(value: unknown): void {
    const { store } = this;
    store.beginValue(this.ttl === null ? undefined : this.ttl.nowMs());
    this.append(value);
  }

  /** Adds a value to those in the store. */
  protected append(value: unknown): void {
    try {
      this.store.writeValue(value);
    } catch (error) {
      throw namingState(error, this.family.stateName);
    }
  }
}
