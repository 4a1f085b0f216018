/**
 * The one event loop of a simulated cluster: a virtual clock, a queue of things due at a time, and a pool of tasks ready to run now.
 *
 * Time is counted in whole microseconds since the epoch. It moves only when nothing is ready: then it jumps to the next due entry. Which
 * of several ready tasks runs first is drawn from the seed, so two runs with one seed take the same steps, and different seeds try
 * different interleavings. Flat out they take turns: drawn turns are a random walk in which two inputs of a join drift apart, and
 * everything between waits in its state. Entries due at the same time run in the order in which they were scheduled, and wait for no more than a few tasks that are ready.
 */
import { invariant } from "../base/invariant.ts";
import type { Prng } from "../base/prng.ts";
import { type TimedEntry, TimedQueue } from "./timed-queue.ts";

/**
 * So many tasks may run before an entry that is due at the same time. Where nothing costs time the clock stands still while there is work: without a bound, what one task says
 * to another by way of the job manager would come when all the work is done.
 */
const MAX_TASKS_IN_A_ROW = 16;

export type { TimedEntry };

/** Something that can be given the processor. */
export interface Runnable {
  /** True while it sits in the ready pool; owned by the event loop. */
  queued: boolean;
  run(): void;
}

/** Which ready task is next: drawn from the seed; or, fairly, the one that others have been preferred to most often, drawn where there are several. */
export type TaskOrder = "drawn" | "drawn-fairly";

export class EventLoop {
  private now: number;
  private readonly due = new TimedQueue();
  private readonly ready: Runnable[] = [];
  /** By index in `ready`: how often another was taken. */
  private readonly passedOver: number[] = [];
  private readonly next: (() => void)[] = [];
  private readonly random: Prng;
  private readonly order: TaskOrder;
  /** Tasks run since an entry was. */
  private tasksInARow = 0;
  private stepCount = 0;

  constructor(startMs: number, random: Prng, order: TaskOrder = "drawn") {
    this.now = startMs * 1000;
    this.random = random;
    this.order = order;
  }

  /** Virtual time in microseconds since the epoch. */
  get nowUs(): number {
    return this.now;
  }

  currentMs(): number {
    return Math.floor(this.now / 1000);
  }

  /** Tasks run and entries fired so far. */
  get steps(): number {
    return this.stepCount;
  }

  /** Runs `callback` once at `atUs`, or as soon as possible when that has passed. */
  scheduleUs(atUs: number, callback: () => void): TimedEntry {
    invariant(!Number.isNaN(atUs), "an event was scheduled at NaN");
    return this.due.add(atUs < this.now ? this.now : Math.ceil(atUs), callback);
  }

  /** As `scheduleUs`, with the time in milliseconds. */
  schedule(atMs: number, callback: () => void): TimedEntry {
    return this.scheduleUs(atMs * 1000, callback);
  }

  makeReady(task: Runnable): void {
    if (task.queued) return;
    task.queued = true;
    this.ready.push(task);
    this.passedOver.push(0);
  }

  /** Runs `callback` before anything else, once the step in progress has returned. */
  afterThisStep(callback: () => void): void {
    this.next.push(callback);
  }

  /** Nothing can run at the current time. */
  get idle(): boolean {
    return this.ready.length === 0 && this.next.length === 0;
  }

  /** Time of the next due entry in microseconds, or Infinity. */
  nextDueUs(): number {
    return this.due.nextDueUs();
  }

  /** Runs one ready task, or else the next due entry (moving the clock). False when there is neither. */
  step(): boolean {
    const { ready, next } = this;
    if (next.length > 0) {
      this.stepCount++;
      (next.shift() as () => void)();
      return true;
    }
    if (ready.length > 0 && (++this.tasksInARow <= MAX_TASKS_IN_A_ROW || this.nextDueUs() > this.now)) {
      this.stepCount++;
      const task = this.takeReady();
      task.queued = false;
      task.run();
      return true;
    }
    this.tasksInARow = 0;
    const entry = this.due.take();
    if (entry === undefined) return false;
    this.stepCount++;
    this.now = entry.atUs;
    entry.fire();
    return true;
  }

  private takeReady(): Runnable {
    const { ready, passedOver } = this;
    let index = ready.length === 1 ? 0 : this.random.nextInt(ready.length);
    if (this.order === "drawn-fairly") {
      for (let other = 0; other < ready.length; other++) if (passedOver[other] > passedOver[index]) index = other;
      for (let other = 0; other < ready.length; other++) passedOver[other]++;
    }
    const task = ready[index];
    const last = ready.pop() as Runnable;
    const lastPassedOver = passedOver.pop() as number;
    if (index < ready.length) {
      ready[index] = last;
      passedOver[index] = lastPassedOver;
    }
    return task;
  }
}
