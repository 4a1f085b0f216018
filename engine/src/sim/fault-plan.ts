/** Strikes with the faults of a world when their triggers come true. Each strikes once. */
import { strikeBroker } from "../connectors/log/broker-faults.ts";
import type { LogBroker } from "../connectors/log/log-broker.ts";
import type { OutsideSystems } from "../connectors/systems/outside-system.ts";
import type { EventLoop } from "../runtime/event-loop.ts";
import type { CheckpointStep } from "../runtime/run-observer.ts";
import type { Fault } from "./world.ts";

export interface FaultTarget {
  loseTaskManager(taskManager: number): void;
  loseJobManager(): void;
}

export class FaultPlan {
  private readonly loop: EventLoop;
  private readonly struck: (fault: Fault) => void;
  private waiting: readonly Fault[];
  private target: FaultTarget | null = null;
  private systems: OutsideSystems | null = null;
  private broker: LogBroker | null = null;
  private recordsRead = 0;
  /** Lowest count of an `afterRecords` trigger that has not struck. */
  private nextRecordCount: number;

  /** @param struck told just before a fault takes effect. */
  constructor(faults: readonly Fault[], loop: EventLoop, struck: (fault: Fault) => void) {
    this.loop = loop;
    this.struck = struck;
    this.waiting = faults;
    this.nextRecordCount = this.lowestRecordCount();
  }

  /** Arms the plan against a job and what is around it. */
  arm(target: FaultTarget, systems: OutsideSystems, broker: LogBroker): void {
    this.target = target;
    this.systems = systems;
    this.broker = broker;
    for (const fault of this.waiting) {
      if (fault.when.kind === "atMs") this.loop.schedule(fault.when.atMs, () => this.strike(fault));
    }
  }

  /** A fault waits for a number of records. */
  get waitsForRecords(): boolean {
    return this.nextRecordCount !== Number.POSITIVE_INFINITY;
  }

  /** A source has read a record (again, perhaps). */
  recordRead(): void {
    this.recordsRead++;
    if (this.recordsRead < this.nextRecordCount) return;
    const due = this.waiting.filter(({ when }) => when.kind === "afterRecords" && when.records <= this.recordsRead);
    // Not in the middle of the record: the fault comes from outside.
    for (const fault of due) this.loop.scheduleUs(this.loop.nowUs, () => this.strike(fault));
    this.waiting = this.waiting.filter((fault) => !due.includes(fault));
    this.nextRecordCount = this.lowestRecordCount();
  }

  /** True when a fault waited for this step and has struck. */
  checkpointStep(checkpoint: number, step: CheckpointStep): boolean {
    const due = this.waiting.filter(({ when }) => when.kind === "checkpoint" && when.checkpoint === checkpoint && when.step === step);
    if (due.length === 0) return false;
    this.waiting = this.waiting.filter((fault) => !due.includes(fault));
    for (const fault of due) this.strike(fault);
    return true;
  }

  private strike(fault: Fault): void {
    this.struck(fault);
    switch (fault.kind) {
      case "crashTaskManager":
        this.target?.loseTaskManager(fault.taskManager);
        break;
      case "crashJobManager":
        this.target?.loseJobManager();
        break;
      case "broker":
        if (this.broker !== null) strikeBroker(this.broker, fault.action);
        break;
      case "system":
        this.systems?.find(fault.system).strike(fault.action);
        break;
    }
  }

  private lowestRecordCount(): number {
    let lowest = Number.POSITIVE_INFINITY;
    for (const { when } of this.waiting) if (when.kind === "afterRecords") lowest = Math.min(lowest, when.records);
    return lowest;
  }
}
