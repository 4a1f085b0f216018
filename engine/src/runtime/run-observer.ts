/**
 * Told about everything a run does, in order. The simulation makes the recording, the fingerprint and the fault triggers out of it; none
 * of the methods may change what the job does next except by scheduling on the event loop. `v` = vertex id, `s` = subtask.
 */
import type { CheckpointStep } from "../flow/checkpoint-step.ts";
import type { OperatorProbe } from "../flow/probe.ts";

/** Where a record lies in the outside world, when its reader knows. */
export interface ReadPosition {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** A point at which a fault can strike. */
export interface StepPoint {
  readonly step: CheckpointStep;
  readonly at: "before" | "after";
  readonly checkpoint: number;
  /** Vertex and subtask; null = a step of the job manager. With "ack" it is the task that acknowledged. */
  readonly v: number | null;
  readonly s: number | null;
}

export interface CheckpointNote {
  readonly what: "triggered" | "barrier" | "snapshot" | "completed" | "aborted" | "restored";
  readonly checkpoint: number;
  readonly v: number | null;
  readonly s: number | null;
  readonly bytes: number | null;
  /** Of these, what was stored for this checkpoint: the rest was there already. Absent = all. */
  readonly uploadedBytes?: number;
  /** Of `bytes`, records that were in flight; absent = none. */
  readonly persistedBytes?: number;
  /** Bytes that tasks read between their first barrier and their last; absent = none. */
  readonly processedBytes?: number;
  readonly reason: string | null;
}

/** A subtask, as one end of a channel. */
export interface ChannelPlace {
  readonly v: number;
  readonly s: number;
}

/** A barrier that lies in a channel's queue. */
export interface QueuedBarrier {
  readonly checkpoint: number;
  /** Elements in front of it. */
  readonly ahead: number;
  /** Elements that it has overtaken in the sender's queue. */
  readonly overtook: number;
  /** The receiver has handled it already, ahead of what lies in front of it. */
  readonly passed: boolean;
}

/** A channel's queue, as an observer sees it. */
export interface ObservedQueue {
  /** Elements: records, watermarks and whatever else is in it. */
  readonly size: number;
  readonly capacity: number;
  readonly receiverBuffers: number;
  readonly index: number;
  readonly input: 1 | 2;
  /** Nothing is taken out of it for now. */
  readonly blocked: boolean;
  readonly queuedBarriers: readonly QueuedBarrier[];
  /** Of SQL: rows that were sent, by kind (+I, -U, +U, -D). Null = values are no rows. */
  readonly sentRows: readonly [number, number, number, number] | null;
}

/** Follows elements through the channels, so that what a task does can be put down to what made it do so. */
export interface ChannelTrace {
  /** What is being worked on, by the observer's own number; `NO_CAUSE` = nothing that it knows. A record in a channel takes it along. */
  cause: number;
  /** A watermark has been read from a channel, by the receiver. */
  channelWatermark(from: ChannelPlace, to: ChannelPlace, watermarkMs: number): void;
  channelIdle(from: ChannelPlace, to: ChannelPlace, idle: boolean): void;
  /** A channel has been made, empty; one in the same place is gone. Gives the number under which it is to be told of. */
  channelMade(queue: ObservedQueue, from: ChannelPlace, to: ChannelPlace): number;
  /** The queue is not what it was. What it holds is asked for when it is needed, if at all. */
  queueChanged(channel: number, queue: ObservedQueue): void;
}

export const NO_CAUSE = -1;

export interface RunObserver {
  /** null = nobody follows elements, and channels are plain. Asked when channels and tasks are made. */
  readonly trace: ChannelTrace | null;
  /** Whether records without a position must be told one by one too. */
  readonly wantsEachRead: boolean;
  /** So many records without a position have been read; instead of `recordRead` when `wantsEachRead` is false. */
  blindReads(v: number, s: number, count: number): void;
  recordRead(v: number, s: number, position: ReadPosition | null, value: unknown, eventMs: number | null): void;
  /** A source subtask reads this split from now on, or does not read it any more. */
  splitAssigned(v: number, s: number, split: string, assigned: boolean): void;
  /** Watermark alignment holds a split, or the source subtask as a whole (null), because it is ahead of `maxDesiredMs`; or lets it go on. */
  aligned(v: number, s: number, split: string | null, paused: boolean, maxDesiredMs: number): void;
  splitWatermark(v: number, s: number, split: string, watermarkMs: number): void;
  watermark(v: number, s: number, watermarkMs: number): void;
  /** `split` null = the subtask as a whole. */
  idle(v: number, s: number, split: string | null, idle: boolean): void;
  probe(v: number, s: number): OperatorProbe;
  checkpoint(note: CheckpointNote): void;
  /** Somebody waits for steps of tasks too; when false only those of the job manager need to be reported. Asked when a task is made. */
  readonly wantsTaskSteps: boolean;
  /** The job stands at this point; a fault that waits for it strikes now. True = the job goes down: the job manager does nothing more. */
  step(point: StepPoint): boolean;
  job(what: "running" | "failing" | "restarting" | "finished" | "failed", attempt: number, reason: string | null): void;
}
