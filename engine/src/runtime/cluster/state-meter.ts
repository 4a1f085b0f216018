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
  /** By operator and state name, in the order in which they came up. */
  private readonly totals: StateTotals[] = [];
  private readonly byOperator = new Map<string, Map<string, StateTotals>>();
  /** What the tasks held when it was measured last. */
  private measured: readonly MeasuredState[] = [];
  /** Highest sum over all state at any measurement. */
  peakBytes = 0;

  /**
   * Takes the current sizes of these tasks; what was known of earlier attempts stays as peak. Gives the failure of the first task that holds
   * something without a size.
   */
  measure(tasks: readonly MeasurableTask[]): TaskFailure | null {
    if (tasks.length === 0) return null;
    const states = tasks.map((task) => task.measureState());
    const failure = states.find((state) => state.failure !== null)?.failure ?? null;
    if (!sameItems(states, this.measured)) this.add(states);
    this.measured = states;
    if (this.measuresKeyGroups && failure === null) this.measureKeyGroups(tasks);
    return failure;
  }

  private add(states: readonly MeasuredState[]): void {
    for (const total of this.totals) {
      total.entries = 0;
      total.bytes = 0;
    }
    let sum = 0;
    for (const { sizes } of states) {
      for (const size of sizes) {
        const total = this.totalOf(size);
        total.entries += size.entries;
        total.bytes += size.bytes;
        sum += size.bytes;
      }
    }
    for (const total of this.totals) total.peakBytes = Math.max(total.peakBytes, total.bytes);
    this.peakBytes = Math.max(this.peakBytes, sum);
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
    return this.totals.map((total) => ({ ...total }));
  }

  private totalOf(size: StateSize): StateTotals {
    const { operatorId, stateName } = size;
    let ofOperator = this.byOperator.get(operatorId);
    if (ofOperator === undefined) {
      ofOperator = new Map();
      this.byOperator.set(operatorId, ofOperator);
    }
    let total = ofOperator.get(stateName);
    if (total === undefined) {
      total = { operatorId, stateName, entries: 0, bytes: 0, peakBytes: 0 };
      ofOperator.set(stateName, total);
      this.totals.push(total);
    }
    return total;
  }
}

function sameItems<T>(left: readonly T[], right: readonly T[]): boolean {
  return left.length === right.length && left.every((item, index) => item === right[index]);
}
