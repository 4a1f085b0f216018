/** A priority queue with the smallest element on top; equal elements leave in no particular order unless `compare` says so. */
export class BinaryHeap<T> {
  private readonly items: T[] = [];
  private readonly compare: (left: T, right: T) => number;

  constructor(compare: (left: T, right: T) => number) {
    this.compare = compare;
  }

  get size(): number {
    return this.items.length;
  }

  peek(): T | undefined {
    return this.items[0];
  }

  push(item: T): void {
    const items = this.items;
    const compare = this.compare;
    let index = items.length;
    items.push(item);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (compare(items[parent], item) <= 0) break;
      items[index] = items[parent];
      index = parent;
    }
    items[index] = item;
  }

  pop(): T | undefined {
    const { items } = this;
    const top = items[0];
    const last = items.pop();
    if (items.length > 0) {
      items[0] = last as T;
      this.siftDown(0);
    }
    return top;
  }

  /** Drops every element for which `keep` is false; O(n). */
  retain(keep: (item: T) => boolean): void {
    const { items } = this;
    let length = 0;
    for (const item of items) if (keep(item)) items[length++] = item;
    items.length = length;
    for (let index = (length >> 1) - 1; index >= 0; index--) this.siftDown(index);
  }

  /** All elements, in no particular order. */
  all(): Iterable<T> {
    return this.items.values();
  }

  clear(): void {
    this.items.length = 0;
  }

  private siftDown(start: number): void {
    const items = this.items;
    const compare = this.compare;
    const item = items[start];
    const length = items.length;
    let index = start;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= length) break;
      if (child + 1 < length && compare(items[child + 1], items[child]) < 0) child++;
      if (compare(item, items[child]) <= 0) break;
      items[index] = items[child];
      index = child;
    }
    items[index] = item;
  }
}
