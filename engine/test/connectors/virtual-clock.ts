/** A clock that tests move by hand; callbacks run in time order, ties in the order they were scheduled. */
export class VirtualClock {
  private nowMs: number;
  private readonly pending: { atMs: number; callback: () => void }[] = [];

  constructor(startMs = 0) {
    this.nowMs = startMs;
  }

  currentMs(): number {
    return this.nowMs;
  }

  schedule(atMs: number, callback: () => void): { cancel(): void } {
    const entry = { atMs, callback };
    this.pending.push(entry);
    return {
      cancel: () => {
        const index = this.pending.indexOf(entry);
        if (index !== -1) this.pending.splice(index, 1);
      },
    };
  }

  advanceTo(atMs: number): void {
    for (;;) {
      const due = this.pending.filter((entry) => entry.atMs <= atMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (due === undefined) break;
      this.pending.splice(this.pending.indexOf(due), 1);
      this.nowMs = Math.max(this.nowMs, due.atMs);
      due.callback();
    }
    this.nowMs = atMs;
  }
}
