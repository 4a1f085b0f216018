/** How much state the job holds: per operator and state name, now and at its highest, over all subtasks and attempts. */
import type { KeyGroupStateSize, StateSize } from "../../flow/operator.ts";
import type { MeasuredState } from "../measured-state.ts";
import type { TaskFailure } from "../task-failure.ts";

interface MeasurableTask {
  measureState(): MeasuredState;
  measureKeyGroups(): readonly KeyGroupStateSize[];
}

interface StateTotals {
  readonly operatorId: string;
  readonly stateName: string;
  entries: number;
  bytes: number;
  peakBytes: number;
}

/** What of one state is, and at most was, in one key group. */
export interface KeyGroupSizes extends KeyGroupStateSize {
  readonly peakBytes: number;
}

type KeyGroupTotal = { -readonly [field in keyof KeyGroupSizes]: KeyGroupSizes[field] };

export class StateMeter {
  /** Whether key groups are measured as well, which takes going through all state once more. */
  measuresKeyGroups = false;
  private readonly keyGroups = new Map<string, KeyGroupTotal>();
  private readonly totals = new Map<string, StateTotals>();
  /** Highest sum over all state at any measurement. */
  peakBytes = 0;

  /**
   * Takes the current sizes of these tasks; what was known of earlier attempts stays as peak. Gives the failure of the first task that holds
   * something without a size.
   */
  measure(tasks: readonly MeasurableTask[]): TaskFailure | null {
    let failure: TaskFailure | null = null;
    if (tasks.length === 0) return failure;
    for (const total of this.totals.values()) {
      total.entries = 0;
      total.bytes = 0;
    }
    let sum = 0;
    for (const task of tasks) {
      const measured = task.measureState();
      failure ??= measured.failure;
      for (const size of measured.sizes) {
        const total = this.totalOf(size);
        total.entries += size.entries;
        total.bytes += size.bytes;
        sum += size.bytes;
      }
    }
    for (const total of this.totals.values()) total.peakBytes = Math.max(total.peakBytes, total.bytes);
    this.peakBytes = Math.max(this.peakBytes, sum);
    if (this.measuresKeyGroups && failure === null) this.measureKeyGroups(tasks);
    return failure;
  }

  /** By operator, state and key group; none unless asked for. */
  keyGroupSizes(): readonly KeyGroupSizes[] {
    return [...this.keyGroups.values()].map((total) => ({ ...total }));
  }

  private measureKeyGroups(tasks: readonly MeasurableTask[]): void {
    for (const total of this.keyGroups.values()) {
      total.entries = 0;
      total.bytes = 0;
    }
    for (const task of tasks) {
      for (const size of task.measureKeyGroups()) {
        const id = `${size.operatorId}/${size.stateName}/${size.keyGroup}`;
        const before = this.keyGroups.get(id);
        this.keyGroups.set(id, { ...size, peakBytes: Math.max(before?.peakBytes ?? 0, size.bytes) });
      }
    }
  }

  sizes(): readonly StateSize[] {
    return [...this.totals.values()].map((total) => ({ ...total }));
  }

  private totalOf(size: StateSize): StateTotals {
    const id = `${size.operatorId}/${size.stateName}`;
    let total = this.totals.get(id);
    if (total === undefined) {
      total = { operatorId: size.operatorId, stateName: size.stateName, entries: 0, bytes: 0, peakBytes: 0 };
      this.totals.set(id, total);
    }
    return total;
  }
}
