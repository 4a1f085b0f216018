/** Follows records through the channels of a recorded run, and keeps what channels tell of watermarks where there are several to choose from. */
import { MIN_TIMESTAMP } from "../../base/long.ts";
import type { JobGraph, JobVertex } from "../../graph/job-graph.ts";
import type { EventLoop } from "../../runtime/event-loop.ts";
import type { ChannelPlace, ChannelTrace, ObservedQueue } from "../../runtime/run-observer.ts";
import type { Recorder } from "./recorder.ts";

export class RecordingTrace implements ChannelTrace {
  private readonly recorder: Recorder;
  private readonly loop: EventLoop;
  /** Vertices whose subtasks have one channel each: its watermark is the subtask's. */
  private single: ReadonlySet<number> = new Set();

  constructor(recorder: Recorder, loop: EventLoop) {
    this.recorder = recorder;
    this.loop = loop;
  }

  attach({ vertices }: JobGraph): void {
    this.single = new Set(vertices.filter(hasOneChannel).map(({ id }) => id));
  }

  get cause(): number {
    return this.recorder.cause;
  }

  set cause(cause: number) {
    this.recorder.cause = cause;
  }

  channelWatermark(from: ChannelPlace, { v, s }: ChannelPlace, watermarkMs: number): void {
    if (this.single.has(v) || watermarkMs <= MIN_TIMESTAMP) return;
    this.recorder.add({ kind: "channelWatermark", t: this.loop.currentMs(), v, s, from, watermarkMs });
  }

  channelIdle(from: ChannelPlace, { v, s }: ChannelPlace, idle: boolean): void {
    if (!this.single.has(v)) this.recorder.add({ kind: "channelIdle", t: this.loop.currentMs(), v, s, from, idle });
  }

  channelMade(queue: ObservedQueue, from: ChannelPlace, to: ChannelPlace): number {
    return this.recorder.queues.made(queue, from, to);
  }

  queueChanged(channel: number, queue: ObservedQueue): void {
    this.recorder.queues.touched(channel, queue);
  }
}

function hasOneChannel({ inputs, parallelism }: JobVertex): boolean {
  if (inputs.length !== 1) return inputs.length === 0;
  const { pattern, source } = inputs[0];
  return source.parallelism === 1 || (pattern === "POINTWISE" && source.parallelism <= parallelism);
}
