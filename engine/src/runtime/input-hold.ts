/**
 * Operators of one task that can take no further element (flow/mailbox-executor.ts), and what has to wait until they let go: the input,
 * the end of the data, and checkpoints that were triggered at the task. In Flink the thread is inside the operator all the while, so the
 * time counts as busy.
 */
import type { TaskMeter } from "./task-meter.ts";

export class InputHold {
  /** The last operator has let go, and the task has not gone on with what waited. */
  released = false;
  /** All input has ended; the operators' ends come when nobody holds. */
  ending = false;
  private readonly meter: TaskMeter;
  private readonly nowUs: () => number;
  private operators = 0;
  private sinceUs = 0;
  private busyBeforeUs = 0;
  private checkpoints: number[] = [];

  constructor(meter: TaskMeter, nowUs: () => number) {
    this.meter = meter;
    this.nowUs = nowUs;
  }

  get active(): boolean {
    return this.operators > 0;
  }

  begin(): void {
    if (this.operators++ > 0) return;
    this.sinceUs = this.nowUs();
    this.busyBeforeUs = this.meter.busyUs;
  }

  end(): void {
    if (--this.operators > 0) return;
    // The mails that were worked on meanwhile lie in this time.
    this.meter.busyUs = Math.max(this.meter.busyUs, this.busyBeforeUs + this.nowUs() - this.sinceUs);
    this.released = true;
  }

  postpone(checkpointId: number): void {
    this.checkpoints.push(checkpointId);
  }

  /** The checkpoint was given up. */
  forget(checkpointId: number): void {
    this.checkpoints = this.checkpoints.filter((postponed) => postponed !== checkpointId);
  }

  takePostponed(): readonly number[] {
    const { checkpoints } = this;
    this.checkpoints = [];
    return checkpoints;
  }
}
