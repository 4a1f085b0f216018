/** Strikes with the faults of a world when their triggers come true. Each strikes once. */
import { strikeBroker } from "../connectors/log/broker-faults.ts";
import type { LogBroker } from "../connectors/log/log-broker.ts";
import type { OutsideSystems } from "../connectors/systems/outside-system.ts";
import type { EventLoop } from "../runtime/event-loop.ts";
import type { CheckpointStep } from "../runtime/run-observer.ts";
import type { ArrivalFeeder } from "./arrivals.ts";
import type { Fault } from "./world.ts";

/** What faults do to the cluster that runs the job. */
export interface FaultyCluster {
  loseTaskManager(taskManager: number): void;
  loseJobManager(): void;
  breakConnection(from: number, to: number): void;
  slowConnection(from: number, to: number, latencyMs: number, untilMs: number): void;
}

/** Everything that a fault can strike. */
export interface FaultTargets {
  readonly cluster: FaultyCluster;
  readonly systems: OutsideSystems;
  readonly broker: LogBroker;
  readonly arrivals: ArrivalFeeder;
}

export class FaultPlan {
  private readonly loop: EventLoop;
  private readonly struck: (fault: Fault) => void;
  private readonly endMs: number;
  private waiting: readonly Fault[];
  private targets: FaultTargets | null = null;
  private recordsRead = 0;
  /** Lowest count of an `afterRecords` trigger that has not struck. */
  private nextRecordCount: number;

  /**
   * @param endMs from then on nothing strikes any more.
   * @param struck told just before a fault takes effect.
   */
  constructor(faults: readonly Fault[], endMs: number, loop: EventLoop, struck: (fault: Fault) => void) {
    this.loop = loop;
    this.endMs = endMs;
    this.struck = struck;
    this.waiting = faults;
    this.nextRecordCount = this.lowestRecordCount();
  }

  /** Arms the plan against a cluster and what is around it. */
  arm(targets: FaultTargets): void {
    this.targets = targets;
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
    if (this.over) return false;
    for (const fault of due) this.strike(fault);
    return true;
  }

  private get over(): boolean {
    return this.loop.currentMs() >= this.endMs;
  }

  private strike(fault: Fault): void {
    const { targets } = this;
    if (targets === null || this.over) return;
    const { cluster, arrivals } = targets;
    this.struck(fault);
    switch (fault.kind) {
      case "crashTaskManager":
        cluster.loseTaskManager(fault.taskManager);
        break;
      case "crashJobManager":
        cluster.loseJobManager();
        break;
      case "breakConnection":
        cluster.breakConnection(fault.from, fault.to);
        break;
      case "slowConnection":
        cluster.slowConnection(fault.from, fault.to, fault.latencyMs, this.untilMs(fault));
        break;
      case "silentPartition":
        arrivals.silence(fault.topic, fault.partition, this.untilMs(fault));
        break;
      case "clockAhead": {
        const { topic, partition, byMs, field } = fault;
        arrivals.misdate({ topic, partition, byMs, field, fromMs: this.loop.currentMs(), untilMs: this.untilMs(fault) });
        break;
      }
      case "broker":
        strikeBroker(targets.broker, fault.action);
        break;
      case "system":
        targets.systems.find(fault.system).strike(fault.action);
        break;
    }
  }

  private untilMs({ forMs }: { readonly forMs: number }): number {
    return this.loop.currentMs() + forMs;
  }

  private lowestRecordCount(): number {
    let lowest = Number.POSITIVE_INFINITY;
    for (const { when } of this.waiting) if (when.kind === "afterRecords") lowest = Math.min(lowest, when.records);
    return lowest;
  }
}
