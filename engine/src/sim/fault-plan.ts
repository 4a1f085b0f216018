/** Strikes with the faults of a world when their triggers come true. Each strikes once. */
import { strikeBroker } from "../connectors/log/broker-faults.ts";
import type { LogBroker } from "../connectors/log/log-broker.ts";
import type { OutsideSystems } from "../connectors/systems/outside-system.ts";
import type { SavepointFormat } from "../runtime/checkpoint/savepoint.ts";
import type { EventLoop } from "../runtime/event-loop.ts";
import type { StepPoint } from "../runtime/run-observer.ts";
import type { ArrivalFeeder } from "./arrivals.ts";
import type { Fault, FaultTrigger } from "./world.ts";

/** What faults do to the cluster that runs the job. */
export interface FaultyCluster {
  /** True = the job goes down. */
  loseTaskManager(taskManager: number): boolean;
  loseJobManager(): boolean;
  breakConnection(from: number, to: number): void;
  slowConnection(from: number, to: number, latencyMs: number, untilMs: number): void;
  /** The job is stopped with a savepoint, and started again from that; undefined = as before. */
  restartFromSavepoint(parallelism: number | undefined, format: SavepointFormat | undefined): void;
}

/** Everything that a fault can strike. */
export interface FaultTargets {
  readonly cluster: FaultyCluster;
  readonly systems: OutsideSystems;
  readonly broker: LogBroker;
  readonly arrivals: ArrivalFeeder;
}

type StepTrigger = Extract<FaultTrigger, { readonly kind: "step" }>;

interface WaitingForStep {
  readonly fault: Fault;
  readonly trigger: StepTrigger;
}

/** The steps of a checkpoint under the names of the trigger "checkpoint". */
const STEP_OF = {
  triggered: { step: "trigger", at: "before" },
  barrier: { step: "barrier", at: "after" },
  acked: { step: "complete", at: "before" },
  completed: { step: "complete", at: "after" },
  committed: { step: "committed", at: "after" },
} as const;

export class FaultPlan {
  private readonly loop: EventLoop;
  private readonly struck: (fault: Fault) => void;
  private readonly endMs: number;
  private waiting: readonly Fault[];
  /** Those of them that wait for a step. There are many steps, and mostly no such fault. */
  private waitingForStep: readonly WaitingForStep[];
  private targets: FaultTargets | null = null;
  /** How often each waiting fault has still to let its step pass. */
  private readonly toPass = new Map<Fault, number>();
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
    this.waitingForStep = waitingForStep(faults);
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

  /** A fault waits for a step inside a task. */
  get waitsForTaskSteps(): boolean {
    return this.waitingForStep.some(({ trigger: { step } }) => {
      return step !== "trigger" && step !== "complete" && step !== "committed" && step !== "ack";
    });
  }

  /** The job stands at this point. True when a fault waited for it and takes the job down. */
  step(point: StepPoint): boolean {
    if (this.waitingForStep.length === 0) return false;
    const due = this.waitingForStep.filter((one) => this.isDue(one, point)).map(({ fault }) => fault);
    if (due.length === 0) return false;
    this.waiting = this.waiting.filter((fault) => !due.includes(fault));
    this.waitingForStep = waitingForStep(this.waiting);
    let down = false;
    for (const fault of due) if (this.strike(fault)) down = true;
    return down;
  }

  private isDue({ fault, trigger }: WaitingForStep, { step, at, checkpoint, v, s }: StepPoint): boolean {
    if (trigger.step !== step || trigger.at !== at) return false;
    if (trigger.checkpoint !== undefined && trigger.checkpoint !== checkpoint) return false;
    if ((trigger.vertex !== undefined && trigger.vertex !== v) || (trigger.subtask !== undefined && trigger.subtask !== s)) return false;
    const toPass = this.toPass.get(fault) ?? (trigger.occurrence ?? 1) - 1;
    this.toPass.set(fault, toPass - 1);
    return toPass === 0;
  }

  private get over(): boolean {
    return this.loop.currentMs() >= this.endMs;
  }

  /** True = the job goes down. */
  private strike(fault: Fault): boolean {
    const { targets } = this;
    if (targets === null || this.over) return false;
    const { cluster, arrivals } = targets;
    this.struck(fault);
    switch (fault.kind) {
      case "crashTaskManager":
        return cluster.loseTaskManager(fault.taskManager);
      case "crashJobManager":
        return cluster.loseJobManager();
      case "breakConnection":
        cluster.breakConnection(fault.from, fault.to);
        return false;
      case "slowConnection":
        cluster.slowConnection(fault.from, fault.to, fault.latencyMs, this.untilMs(fault));
        return false;
      case "restartFromSavepoint":
        cluster.restartFromSavepoint(fault.parallelism, fault.savepointFormat);
        return false;
      case "silentPartition":
        arrivals.silence(fault.topic, fault.partition, this.untilMs(fault));
        return false;
      case "clockAhead": {
        const { topic, partition, byMs, field } = fault;
        arrivals.misdate({ topic, partition, byMs, field, fromMs: this.loop.currentMs(), untilMs: this.untilMs(fault) });
        return false;
      }
      case "broker":
        strikeBroker(targets.broker, fault.action);
        return false;
      case "system":
        targets.systems.find(fault.system).strike(fault.action);
        return false;
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

function waitingForStep(faults: readonly Fault[]): WaitingForStep[] {
  return faults.flatMap((fault) => {
    const trigger = stepTriggerOf(fault.when);
    return trigger === null ? [] : [{ fault, trigger }];
  });
}

function stepTriggerOf(when: FaultTrigger): StepTrigger | null {
  switch (when.kind) {
    case "step":
      return when;
    case "checkpoint":
      return { kind: "step", checkpoint: when.checkpoint, ...STEP_OF[when.step] };
    default:
      return null;
  }
}
