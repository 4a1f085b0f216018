import type { ValueState } from "../state.ts";
import { HeapState } from "./heap-state.ts";
import type { StateTable } from "./state-table.ts";

export class HeapValueState<T> extends HeapState<T> implements ValueState<T> {
  private readonly defaultValue: T | null;

  constructor(table: StateTable<T>, defaultValue: T | null) {
    super(table);
    this.defaultValue = defaultValue;
  }

  value(): T | null {
    const entry = this.table.find();
    return entry === undefined ? this.defaultValue : entry.value;
  }

  update(value: T | null): void {
    if (value === null || value === undefined) this.table.remove();
    else this.table.put(value);
  }
}
