import type { StateNamespace } from "../namespace.ts";
import { InvariantViolation } from "../../base/invariant.ts";
import type { InternalState } from "../keyed-state-backend.ts";
import type { State } from "../state.ts";
import type { StateTable } from "./state-table.ts";

/** What all heap states share: a table, the namespace, `clear`. */
export abstract class HeapState<V> implements State, InternalState {
  protected readonly table: StateTable<V>;
  handle: State | null = null;

  constructor(table: StateTable<V>) {
    this.table = table;
  }

  setCurrentNamespace(namespace: StateNamespace): void {
    this.table.setCurrentNamespace(namespace);
  }

  /** What is stored, an accumulator for instance, as opposed to what `get` makes of it; undefined = nothing. */
  getInternal(): V | undefined {
    return this.table.find()?.value;
  }

  setInternal(value: V): void {
    this.table.put(value);
  }

  clear(): void {
    this.table.remove();
  }

  mergeNamespaces(target: StateNamespace, sources: readonly StateNamespace[]): void {
    let merged: V | undefined;
    for (const source of sources) {
      const entry = this.table.take(source);
      if (entry === undefined) continue;
      merged = merged === undefined ? entry.value : this.mergeValues(merged, entry.value);
    }
    if (merged === undefined) return;
    this.table.setCurrentNamespace(target);
    const present = this.table.find();
    if (present === undefined) this.table.insert(merged);
    else present.value = this.mergeValues(present.value, merged);
  }

  protected mergeValues(_left: V, _right: V): V {
    throw new InvariantViolation(`state "${this.table.stateName}" of kind ${this.table.kind} cannot be merged`);
  }
}
