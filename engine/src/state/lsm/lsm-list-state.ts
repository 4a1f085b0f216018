import type { StateNamespace } from "../namespace.ts";
import { rejectNull, requireValues } from "../null-into-state.ts";
import type { ListState } from "../state.ts";
import type { TtlValue } from "../ttl-clock.ts";
import { LsmState } from "./lsm-state.ts";

/**
 * A list is the bytes of its elements behind one another, so adding one needs no reading: it is stored as something to be appended (RocksDB: a merge operand),
 * and put together with the rest when the list is read or tables are merged. With time to live each element carries its own time.
 */
export class LsmListState<T> extends LsmState implements ListState<T> {
  get(): T[] {
    const { ttl } = this;
    this.pointAtCurrent();
    if (ttl === null) return this.decodeAll() ?? [];
    const elements = this.decodeTimed();
    if (elements === null) return [];
    const alive = elements.filter(({ lastAccessMs }) => !ttl.expiredSince(lastAccessMs));
    if (alive.length === 0) this.family.remove();
    else if (ttl.updateOnRead) this.replace(alive.map(({ value }) => value));
    return (ttl.returnExpired ? elements : alive).map(({ value }) => value);
  }

  add(value: T): void {
    rejectNull(value, "ListState");
    this.pointAtCurrent();
    this.encode(value);
    this.family.append();
  }

  /** As `add`; false when something was there for sure. Finding out more would need a read from disk. */
  addedFirst(value: T): boolean {
    rejectNull(value, "ListState");
    this.pointAtCurrent();
    const first = !this.family.isSurelyPresent();
    this.encode(value);
    this.family.append();
    return first;
  }

  addAll(values: Iterable<T>): void {
    const added = [...requireValues(values, "List")];
    for (const value of added) rejectNull(value, "ListState");
    if (added.length === 0) return;
    this.pointAtCurrent();
    this.encodeAll(added);
    this.family.append();
  }

  update(values: Iterable<T>): void {
    const list = [...requireValues(values, "List")];
    for (const value of list) rejectNull(value, "ListState");
    this.pointAtCurrent();
    if (list.length === 0) this.family.remove();
    else this.replace(list);
  }

  clear(): void {
    this.pointAtCurrent();
    this.family.remove();
  }

  getInternal(): T[] | undefined {
    const list = this.get();
    return list.length === 0 ? undefined : list;
  }

  setInternal(list: T[]): void {
    this.update(list);
  }

  mergeNamespaces(target: StateNamespace, sources: readonly StateNamespace[]): void {
    const { family, store } = this;
    const pieces = sources.flatMap((source) => {
      this.setCurrentNamespace(source);
      this.pointAtCurrent();
      const found = family.findPieces();
      if (found === null) return [];
      // Copied, since the write buffer's memory may be used for something else.
      const own = found.map(({ bytes, start, end }) => bytes.slice(start, end));
      family.remove();
      return own;
    });
    this.setCurrentNamespace(target);
    if (pieces.length === 0) return;
    this.pointAtCurrent();
    const value = store.beginValue(undefined);
    for (const piece of pieces) value.raw(piece);
    family.append();
  }

  private replace(values: readonly T[]): void {
    this.encodeAll(values);
    this.family.put();
  }

  private encodeAll(values: readonly T[]): void {
    const { store, ttl } = this;
    const value = store.beginValue(undefined);
    for (const element of values) {
      if (ttl !== null) value.double(ttl.nowMs());
      this.append(element);
    }
  }

  private decodeAll(): T[] | null {
    const pieces = this.family.findPieces();
    if (pieces === null) return null;
    const { reader } = this.store;
    const elements: T[] = [];
    for (const { bytes, start, end } of pieces) {
      reader.at(bytes, start);
      while (reader.position < end) elements.push(reader.value() as T);
    }
    return elements;
  }

  private decodeTimed(): TtlValue<T>[] | null {
    const pieces = this.family.findPieces();
    if (pieces === null) return null;
    const { reader } = this.store;
    const elements: TtlValue<T>[] = [];
    for (const { bytes, start, end } of pieces) {
      reader.at(bytes, start);
      while (reader.position < end) {
        const lastAccessMs = reader.double();
        elements.push({ value: reader.value() as T, lastAccessMs });
      }
    }
    return elements;
  }
}
