/**
 * Asks for a checkpoint every interval: for the first time at a random moment between the minimum pause and one interval, so that jobs
 * started together do not checkpoint together, and after a restart when the minimum pause is over. While a source works off a backlog another interval counts, or none at all.
 * Flink: `CheckpointCoordinator.ScheduledTrigger`.
 */
import type { Prng } from "../../base/prng.ts";
import type { EventLoop, TimedEntry } from "../event-loop.ts";

export interface TriggerIntervals {
  readonly intervalMs: number;
  /** undefined = as otherwise, 0 = no checkpoints meanwhile. */
  readonly duringBacklogMs: number | undefined;
  readonly minPauseMs: number;
}

export class PeriodicTrigger {
  private readonly loop: EventLoop;
  private readonly random: Prng;
  private readonly intervals: TriggerIntervals;
  private readonly trigger: () => void;
  private readonly backlogs = new Set<string>();
  private entry: TimedEntry | null = null;
  private nextMs = Number.POSITIVE_INFINITY;
  private started = false;
  private hasBeenStarted = false;

  constructor(loop: EventLoop, random: Prng, intervals: TriggerIntervals, trigger: () => void) {
    this.loop = loop;
    this.random = random;
    this.intervals = intervals;
    this.trigger = trigger;
  }

  start(): void {
    const { minPauseMs, intervalMs } = this.intervals;
    const spreadMs = this.hasBeenStarted ? 0 : this.random.nextInt(Math.max(0, intervalMs - minPauseMs) + 1);
    this.started = true;
    this.hasBeenStarted = true;
    this.schedule(minPauseMs + spreadMs);
  }

  /** A new job manager begins as if for the first time. */
  forget(): void {
    this.hasBeenStarted = false;
  }

  stop(): void {
    this.started = false;
    this.cancel();
  }

  /** The next time comes this late, and the later ones an interval after each other. */
  schedule(afterMs: number): void {
    if (!this.started) return;
    this.cancel();
    this.nextMs = this.loop.currentMs() + afterMs;
    this.entry = this.loop.schedule(this.nextMs, () => this.due());
  }

  /** A source begins to work off a backlog, or is through with it. */
  setProcessingBacklog(source: string, isProcessingBacklog: boolean): void {
    if (isProcessingBacklog) this.backlogs.add(source);
    else this.backlogs.delete(source);
    const { currentMs } = this;
    if (currentMs !== 0 && this.loop.currentMs() + currentMs < this.nextMs) this.schedule(currentMs);
  }

  private due(): void {
    this.entry = null;
    const { currentMs } = this;
    if (currentMs === 0) this.nextMs = Number.POSITIVE_INFINITY;
    else {
      this.nextMs += currentMs;
      this.entry = this.loop.schedule(this.nextMs, () => this.due());
    }
    this.trigger();
  }

  private cancel(): void {
    this.entry?.cancel();
    this.entry = null;
    this.nextMs = Number.POSITIVE_INFINITY;
  }

  /** 0 = none. */
  private get currentMs(): number {
    const { intervalMs, duringBacklogMs, minPauseMs } = this.intervals;
    const intervalNowMs = this.backlogs.size > 0 ? (duringBacklogMs ?? intervalMs) : intervalMs;
    return intervalNowMs === 0 ? 0 : Math.max(intervalNowMs, minPauseMs);
  }
}
