/** A queue whose first elements have priority; these stay ahead of all others, in the order in which they came. */
export class PrioritizedDeque<T> {
  private readonly elements: T[] = [];
  private priority = 0;

  get size(): number {
    return this.elements.length;
  }

  get numPriorityElements(): number {
    return this.priority;
  }

  add(element: T): void {
    this.elements.push(element);
  }

  addPriority(element: T): void {
    this.elements.splice(this.priority++, 0, element);
  }

  /** Gives an element that waits without priority the last place among those with it. */
  prioritize(element: T): void {
    const index = this.elements.indexOf(element);
    if (index < this.priority) return;
    this.elements.splice(index, 1);
    this.addPriority(element);
  }

  hasPriority(element: T): boolean {
    return this.elements.indexOf(element) < this.priority && this.elements.includes(element);
  }

  shift(): T | undefined {
    if (this.priority > 0) this.priority--;
    return this.elements.shift();
  }

  remove(element: T): void {
    const index = this.elements.indexOf(element);
    if (index < 0) return;
    this.elements.splice(index, 1);
    if (index < this.priority) this.priority--;
  }

  /** The elements without priority. */
  ordinary(): readonly T[] {
    return this.elements.slice(this.priority);
  }
}
