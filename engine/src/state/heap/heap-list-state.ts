import type { ListState } from "../state.ts";
import { rejectNull, requireValues } from "../null-into-state.ts";
import { HeapState } from "./heap-state.ts";

export class HeapListState<T> extends HeapState<T[]> implements ListState<T> {
  get(): T[] {
    const entry = this.table.find();
    return entry === undefined ? [] : entry.value;
  }

  add(value: T): void {
    this.addedFirst(value);
  }

  addedFirst(value: T): boolean {
    rejectNull(value, "ListState");
    const entry = this.table.find();
    if (entry === undefined) {
      this.table.insert([value]);
      return true;
    }
    entry.value.push(value);
    return false;
  }

  addAll(values: Iterable<T>): void {
    const added = [...requireValues(values, "List")];
    for (const value of added) rejectNull(value, "ListState");
    if (added.length === 0) return;
    const entry = this.table.find();
    if (entry === undefined) this.table.insert(added);
    else for (const value of added) entry.value.push(value);
  }

  update(values: Iterable<T>): void {
    const list = [...requireValues(values, "List")];
    for (const value of list) rejectNull(value, "ListState");
    if (list.length === 0) this.table.remove();
    else this.table.put(list);
  }

  protected override mergeValues(left: T[], right: T[]): T[] {
    for (const value of right) left.push(value);
    return left;
  }
}
