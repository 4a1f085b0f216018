/** Strikes with the faults of a world when their triggers come true. Each strikes once. */
import { strikeBroker } from "../connectors/log/broker-faults.ts";
import type { LogBroker } from "../connectors/log/log-broker.ts";
import type { OutsideSystems } from "../connectors/systems/outside-system.ts";
import type { EventLoop } from "../runtime/event-loop.ts";
import type { StepPoint } from "../runtime/run-observer.ts";
import type { Fault, FaultTrigger } from "./world.ts";

export interface FaultTarget {
  /** True = the job goes down. */
  loseTaskManager(taskManager: number): boolean;
  loseJobManager(): boolean;
}

type StepTrigger = Extract<FaultTrigger, { readonly kind: "step" }>;

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
  private waiting: readonly Fault[];
  private target: FaultTarget | null = null;
  private systems: OutsideSystems | null = null;
  private broker: LogBroker | null = null;
  /** How often each waiting fault has still to let its step pass. */
  private readonly toPass = new Map<Fault, number>();
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

  /** A fault waits for a step inside a task. */
  get waitsForTaskSteps(): boolean {
    return this.waiting.some(({ when }) => {
      const step = stepTriggerOf(when)?.step;
      return step !== undefined && step !== "trigger" && step !== "complete" && step !== "committed" && step !== "ack";
    });
  }

  /** The job stands at this point. True when a fault waited for it and takes the job down. */
  step(point: StepPoint): boolean {
    if (this.waiting.length === 0) return false;
    const due = this.waiting.filter((fault) => this.isDue(fault, point));
    if (due.length === 0) return false;
    this.waiting = this.waiting.filter((fault) => !due.includes(fault));
    let down = false;
    for (const fault of due) if (this.strike(fault)) down = true;
    return down;
  }

  private isDue(fault: Fault, { step, at, checkpoint, v, s }: StepPoint): boolean {
    const trigger = stepTriggerOf(fault.when);
    if (trigger === null || trigger.step !== step || trigger.at !== at) return false;
    if (trigger.checkpoint !== undefined && trigger.checkpoint !== checkpoint) return false;
    if ((trigger.vertex !== undefined && trigger.vertex !== v) || (trigger.subtask !== undefined && trigger.subtask !== s)) return false;
    const toPass = this.toPass.get(fault) ?? (trigger.occurrence ?? 1) - 1;
    this.toPass.set(fault, toPass - 1);
    return toPass === 0;
  }

  /** True = the job goes down. */
  private strike(fault: Fault): boolean {
    this.struck(fault);
    switch (fault.kind) {
      case "crashTaskManager":
        return this.target?.loseTaskManager(fault.taskManager) === true;
      case "crashJobManager":
        return this.target?.loseJobManager() === true;
      case "broker":
        if (this.broker !== null) strikeBroker(this.broker, fault.action);
        return false;
      case "system":
        this.systems?.find(fault.system).strike(fault.action);
        return false;
    }
  }

  private lowestRecordCount(): number {
    let lowest = Number.POSITIVE_INFINITY;
    for (const { when } of this.waiting) if (when.kind === "afterRecords") lowest = Math.min(lowest, when.records);
    return lowest;
  }
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
