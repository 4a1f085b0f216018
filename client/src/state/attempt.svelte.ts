/** Something a form or a button asks of the server: at most one at a time, and why it failed. */
export class Attempt {
  #busy = $state(false);
  #underWay: Promise<void> = Promise.resolve();
  #failure = $state.raw<unknown>(null);

  get busy(): boolean {
    return this.#busy;
  }

  /** What was thrown the last time; null = nothing. */
  get failure(): unknown {
    return this.#failure;
  }

  forget(): void {
    this.#failure = null;
  }

  /** @returns true when it succeeded. */
  async make(work: () => Promise<unknown>): Promise<boolean> {
    if (this.#busy) return false;
    this.#busy = true;
    this.#failure = null;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#underWay = promise;
    try {
      await work();
      return true;
    } catch (error) {
      this.#failure = error;
      return false;
    } finally {
      this.#busy = false;
      resolve();
    }
  }

  /** As `make`, but what is under way is waited for: for loading anew what has changed meanwhile. */
  async makeAfter(work: () => Promise<unknown>): Promise<boolean> {
    while (this.#busy) await this.#underWay;
    return this.make(work);
  }
}
