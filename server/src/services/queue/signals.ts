/** Wakes whoever waits for news of a submission. Carries no data: listeners read the database, which alone is the truth. */
export class Signals {
  readonly #listeners = new Map<string, Set<() => void>>();

  /** Calls `listener` on each change until the returned function is called. */
  subscribe(topic: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(topic) === listeners) this.#listeners.delete(topic);
    };
  }

  emit(topic: string): void {
    for (const listener of [...(this.#listeners.get(topic) ?? [])]) listener();
  }
}
