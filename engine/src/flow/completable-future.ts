/**
 * A result that may come later (Java: `CompletableFuture`, as far as sources need it). Nothing about it is asynchronous in JavaScript's
 * sense: whoever completes it runs what waits for it, at once and in the order of registration, so a run stays repeatable.
 * (Flink: docs/dev/datastream/sources)
 */
export class CompletableFuture<T = void> {
  #done = false;
  #value: T | undefined;
  #waiting: (() => void)[] = [];

  /** A future that is complete already. */
  static completedFuture<T>(value: T): CompletableFuture<T> {
    const future = new CompletableFuture<T>();
    future.complete(value);
    return future;
  }

  /** Gives the result and runs what waits for it. False when there was a result already, which then stays. */
  complete(value: T): boolean {
    if (this.#done) return false;
    this.#done = true;
    this.#value = value;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const action of waiting) action();
    return true;
  }

  /** True once it has a result or an error. */
  isDone(): boolean {
    return this.#done;
  }

  /** The result, or `valueIfAbsent` while there is none. */
  getNow(valueIfAbsent: T): T {
    return this.#done ? (this.#value as T) : valueIfAbsent;
  }

  /** Runs `action` once there is a result; at once when there is one already. */
  thenRun(action: () => void): this {
    if (this.#done) action();
    else this.#waiting.push(action);
    return this;
  }

  /** As `thenRun`, with the result. */
  thenAccept(action: (value: T) => void): this {
    return this.thenRun(() => action(this.#value as T));
  }
}
