/** Which of a task's outputs have no room, and with that how it spends its time: busy, backpressured or idle. */
import type { EventLoop } from "./event-loop.ts";
import type { TaskTimes } from "./metrics/subtask-metrics.ts";
import type { SubtaskClock } from "./subtask-clock.ts";
import type { TaskMeter } from "./task-meter.ts";

export class BackPressure {
  private readonly loop: EventLoop;
  private readonly clock: SubtaskClock;
  private readonly meter: TaskMeter;
  private readonly startedUs: number;
  private fullOutputs = 0;
  private blockedSinceUs = 0;
  /** Until when the task works on what it has begun; it is backpressured only from then on. */
  busyUntilUs = 0;

  constructor(loop: EventLoop, clock: SubtaskClock, meter: TaskMeter) {
    this.loop = loop;
    this.clock = clock;
    this.meter = meter;
    this.startedUs = loop.nowUs;
  }

  get active(): boolean {
    return this.fullOutputs > 0;
  }

  outputFull(): void {
    if (this.fullOutputs++ > 0) return;
    this.blockedSinceUs = this.loop.nowUs;
    this.clock.inputActivity.pause();
  }

  outputDrained(): void {
    if (--this.fullOutputs > 0) return;
    this.clock.inputActivity.unPause();
    this.meter.backPressuredUs += this.waitingUs;
  }

  /** How long it has been waiting for room without anything else to do. */
  private get waitingUs(): number {
    return Math.max(0, this.loop.nowUs - Math.max(this.blockedSinceUs, this.busyUntilUs));
  }

  /** Work that a step has taken upon itself for later is not counted yet. Idle = it neither worked nor waited for room in an output. */
  times(): TaskTimes {
    const { meter, busyUntilUs } = this;
    const { nowUs } = this.loop;
    const busyUs = meter.busyUs - Math.max(0, busyUntilUs - nowUs);
    const backPressuredUs = meter.backPressuredUs + (this.active ? this.waitingUs : 0);
    return { busyUs, backPressuredUs, idleUs: Math.max(0, nowUs - this.startedUs - busyUs - backPressuredUs) };
  }
}
