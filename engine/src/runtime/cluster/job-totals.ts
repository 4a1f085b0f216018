/** Counters of a job over all its subtasks and attempts, by name. */
import type { Subtask } from "../subtask.ts";

export class JobTotals {
  private readonly counters = new Map<string, { count: number }>();
  private readonly counted = new WeakSet<Subtask>();

  counter(name: string): { count: number } {
    let counter = this.counters.get(name);
    if (counter === undefined) {
      counter = { count: 0 };
      this.counters.set(name, counter);
    }
    return counter;
  }

  /** Takes over what tasks have counted, when they end. Tasks that had ended before have been counted then. */
  addTasks(tasks: Iterable<Subtask>): void {
    for (const task of tasks) {
      if (this.counted.has(task)) continue;
      this.counted.add(task);
      const { busyUs, idleUs, backPressuredUs } = task.times();
      this.counter("numRecordsIn").count += task.meter.numRecordsIn;
      this.counter("numRecordsOut").count += task.metrics?.numRecordsOut ?? 0;
      this.counter("accumulateBusyTimeMs").count += Math.round(busyUs / 1000);
      this.counter("accumulateIdleTimeMs").count += Math.round(idleUs / 1000);
      this.counter("accumulateBackPressuredTimeMs").count += Math.round(backPressuredUs / 1000);
      for (const [name, count] of task.metrics?.operatorCounts() ?? []) this.counter(name).count += count;
    }
  }

  /** Sorted by name. */
  values(): Record<string, number> {
    const names = [...this.counters.keys()].sort();
    return Object.fromEntries(names.map((name) => [name, (this.counters.get(name) as { count: number }).count]));
  }
}
