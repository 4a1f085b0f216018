/**
 * Starts checkpoints, gathers what the tasks acknowledge, and decides which are complete. Flink: `CheckpointCoordinator`.
 *
 * A checkpoint is asked for by the periodic trigger (periodic-trigger.ts), by hand, or as a savepoint, and waits for its turn
 * (checkpoint-requests.ts). Its plan says who is told and who has to acknowledge (checkpoint-plan.ts). It ends in one of two ways: every
 * task has acknowledged, then it is complete, later failures fall back to it, and the tasks are told so that they commit; or it is given
 * up (checkpoint-failure.ts), the tasks are told so too, and some reasons count against the tolerable failures.
 */
import { InvariantViolation } from "../../base/invariant.ts";
import type { Prng } from "../../base/prng.ts";
import type { CheckpointStep } from "../../flow/checkpoint-step.ts";
import type { JobConfig } from "../../graph/stream-graph.ts";
import type { OperatorSnapshot } from "../../state/snapshot.ts";
import type { EventLoop } from "../event-loop.ts";
import type { CheckpointNote, RunObserver } from "../run-observer.ts";
import type { Subtask } from "../subtask.ts";
import { messageOf } from "../task-failure.ts";
import { releaseSnapshots, type TakenSnapshots } from "./asynchronous-part.ts";
import { type ChannelState, channelStateBytes } from "./channel-state.ts";
import { initialAlignment } from "./checkpoint-barrier.ts";
import { CHECKPOINT_FAILURE, type CheckpointFailure } from "./checkpoint-failure.ts";
import { CheckpointFailureCounter } from "./checkpoint-failure-counter.ts";
import { checkpointPlan } from "./checkpoint-plan.ts";
import { type CheckpointRequest, CheckpointRequests } from "./checkpoint-requests.ts";
import { CheckpointStatisticsRecorder, DEFAULT_CHECKPOINT_HISTORY_SIZE } from "./checkpoint-statistics.ts";
import type { CompletedCheckpoint } from "./completed-checkpoint.ts";
import { PendingCheckpoint, type TaskSnapshot } from "./pending-checkpoint.ts";
import { PeriodicTrigger } from "./periodic-trigger.ts";
import { SharedStateRegistry } from "./shared-state-registry.ts";
import type { SavepointRequest } from "./savepoint.ts";
import { CheckpointStorageFailure } from "./storage/checkpoint-files.ts";
import type { CheckpointStorage, TaskPart } from "./storage/checkpoint-storage.ts";

/** What the coordinator needs from the job master. */
export interface CheckpointHost {
  readonly loop: EventLoop;
  readonly observer: RunObserver;
  tasks(): readonly Subtask[];
  /** @throws whatever an enumerator throws that cannot say its state. */
  snapshotEnumerators(checkpointId: number): Map<string, unknown>;
  /** The job cannot go on without its state. */
  enumeratorFailed(error: unknown): void;
  /** Time from a task's snapshot to its acknowledgement here, for so many bytes, in microseconds. */
  uploadUs(bytes: number): number;
  /** @param savepoint what was asked for when it is a savepoint. */
  checkpointCompleted(checkpoint: CompletedCheckpoint, savepoint: SavepointRequest | null): void;
  /** It was given up. */
  checkpointAborted(checkpoint: number): void;
  /** Every task has handled the completion of this checkpoint. */
  checkpointCommitted(checkpoint: number): void;
  tooManyCheckpointFailures(message: string): void;
}

/** Told how a checkpoint ended; null = it is complete. */
type Ended = (failure: CheckpointFailure | null) => void;

const NOTHING_MORE = {};

const NOBODY_ASKS: Ended = () => {};

export class CheckpointCoordinator {
  private readonly host: CheckpointHost;
  private readonly config: JobConfig;
  private readonly storage: CheckpointStorage;
  private readonly periodic: PeriodicTrigger | null;
  private readonly requests: CheckpointRequests;
  private readonly failures: CheckpointFailureCounter;
  readonly statistics: CheckpointStatisticsRecorder;
  private readonly pending = new Map<number, PendingCheckpoint>();
  private readonly unconfirmed = new Map<number, Set<Subtask>>();
  private nextId = 1;
  private lastCompletedMs = Number.NEGATIVE_INFINITY;
  private latestCompleted: CompletedCheckpoint | null = null;
  /** Ids of the completed checkpoints in the storage, oldest first. */
  private retained: number[] = [];
  private readonly sharedState = new SharedStateRegistry();
  completedCount = 0;

  constructor(host: CheckpointHost, config: JobConfig, storage: CheckpointStorage, random: Prng) {
    this.host = host;
    this.config = config;
    this.storage = storage;
    const { checkpointIntervalMs, checkpointIntervalDuringBacklogMs, minPauseMs, maxConcurrentCheckpoints } = config;
    const intervals = { intervalMs: checkpointIntervalMs ?? 0, duringBacklogMs: checkpointIntervalDuringBacklogMs, minPauseMs };
    this.periodic =
      checkpointIntervalMs === undefined ? null : new PeriodicTrigger(host.loop, random, intervals, () => this.request("periodic"));
    this.requests = new CheckpointRequests({ maxConcurrent: maxConcurrentCheckpoints, minPauseMs }, (waitMs) =>
      this.periodic?.schedule(waitMs),
    );
    this.failures = new CheckpointFailureCounter(config.tolerableFailedCheckpoints);
    this.statistics = new CheckpointStatisticsRecorder(config.checkpointHistorySize ?? DEFAULT_CHECKPOINT_HISTORY_SIZE);
  }

  /** Files of log-structured state that the retained checkpoints refer to. */
  get sharedFiles(): SharedStateRegistry {
    return this.sharedState;
  }

  /** A checkpoint has begun and is neither complete nor given up. */
  get isUnderWay(): boolean {
    return this.pending.size > 0;
  }

  get latest(): CompletedCheckpoint | null {
    return this.latestCompleted;
  }

  /** The job starts from a snapshot: that is what it falls back to until its first own checkpoint, whose number follows. */
  restoreFrom(checkpoint: CompletedCheckpoint): void {
    this.retain(checkpoint);
    this.nextId = checkpoint.id + 1;
  }

  /** All tasks run: start the periodic trigger. */
  start(): void {
    this.periodic?.start();
  }

  /** The job manager was lost with all it knew, but for the completed checkpoints. */
  forget(): void {
    this.periodic?.forget();
  }

  /** The job is down or ends: everything under way is given up. */
  stop(cause: string): void {
    this.periodic?.stop();
    this.dropEverything({ reason: CHECKPOINT_FAILURE.suspended, cause });
    this.unconfirmed.clear();
    this.lastCompletedMs = Number.NEGATIVE_INFINITY;
  }

  /**
   * No periodic checkpoints until `start`; what is under way is given up. A job that is being drained must not fall back to a checkpoint of the
   * way out, in which event time has ended already. Flink: `stopCheckpointScheduler`.
   */
  stopScheduler(): void {
    this.periodic?.stop();
    this.dropEverything({ reason: CHECKPOINT_FAILURE.suspended });
  }

  /** A checkpoint as soon as it may be (`flink checkpoint`). @param ended told how it ended; null = it is complete. */
  triggerCheckpoint(ended: Ended): void {
    this.request("manual", null, ended);
  }

  /** A savepoint now, whatever the interval says; no checkpoints after it. @param ended told how it ended; null = it is complete. */
  triggerSavepoint(savepoint: SavepointRequest, ended = NOBODY_ASKS): void {
    this.stopScheduler();
    this.request("savepoint", savepoint, ended);
  }

  /** A source begins to work off a backlog, or is through with it. */
  setProcessingBacklog(source: string, isProcessingBacklog: boolean): void {
    this.periodic?.setProcessingBacklog(source, isProcessingBacklog);
  }

  /** A task has taken its snapshots. They are stored now, and count when that is done. */
  acknowledge(task: Subtask, checkpointId: number, { snapshots, channels, takenAtUs }: TakenSnapshots): void {
    const checkpoint = this.pending.get(checkpointId);
    if (checkpoint === undefined) {
      releaseSnapshots(snapshots);
      return;
    }
    const { loop } = this.host;
    const inFlight = channelStateBytes(channels);
    let bytes = inFlight;
    let uploadedBytes = inFlight;
    for (const snapshot of snapshots.values()) {
      bytes += snapshot.bytes;
      // A savepoint owns all of its files.
      uploadedBytes += checkpoint.request.savepoint === null ? (snapshot.uploadedBytes ?? snapshot.bytes) : snapshot.bytes;
    }
    this.statistics.taken(checkpointId, {
      vertex: task.vertex.id,
      subtask: task.index,
      takenMs: Math.floor(takenAtUs / 1000),
      startDelayMs: Math.floor(task.checkpointStartDelayUs / 1000),
      alignmentDurationMs: Math.floor(task.checkpointAlignmentUs / 1000),
      checkpointedBytes: uploadedBytes,
      stateBytes: bytes,
      processedBytes: task.checkpointProcessedBytes,
      persistedBytes: inFlight,
      unaligned: inFlight > 0,
    });
    const failure = this.store(checkpoint, { vertex: task.vertex.id, subtask: task.index, snapshots, inFlightBytes: inFlight });
    const uploadUs = this.host.uploadUs(uploadedBytes) * this.storage.slowness;
    checkpoint.storing.add(snapshots);
    loop.scheduleUs(takenAtUs + uploadUs, () => {
      if (this.pending.get(checkpointId) !== checkpoint) return;
      if (failure !== null) this.abort(checkpoint, { reason: CHECKPOINT_FAILURE.asynchronous, cause: failure });
      else if (task.snapshots.detach(checkpointId, snapshots))
        this.acknowledged(checkpoint, task, { snapshots, channels, bytes, uploadedBytes });
    });
  }

  /** Savepoints lie elsewhere. Null = it is stored, else why not. */
  private store(checkpoint: PendingCheckpoint, part: TaskPart): string | null {
    if (checkpoint.request.savepoint !== null) return null;
    return failureOf(() => this.storage.store(checkpoint.id, part));
  }

  /** A task that restores its part of the latest checkpoint reads it. @throws CheckpointStorageFailure */
  readState(vertex: number, subtask: number): void {
    if (this.latestCompleted !== null) this.storage.read(this.latestCompleted.id, vertex, subtask);
  }

  /** The job is over: its checkpoints go, unless they are to be kept. */
  jobEnded(status: "finished" | "canceled" | "failed"): void {
    const { checkpointRetention } = this.config;
    const kept =
      (status === "failed" && (checkpointRetention ?? "NO_EXTERNALIZED_CHECKPOINTS") !== "NO_EXTERNALIZED_CHECKPOINTS") ||
      (status === "canceled" && checkpointRetention === "RETAIN_ON_CANCELLATION");
    if (!kept) for (const checkpointId of this.retained.splice(0)) this.discardStored(checkpointId);
  }

  /** A task has handled the notification of a completed checkpoint. */
  confirmed(task: Subtask, checkpointId: number): void {
    const waiting = this.unconfirmed.get(checkpointId);
    if (waiting === undefined || !waiting.delete(task) || waiting.size > 0) return;
    this.unconfirmed.delete(checkpointId);
    const { loop } = this.host;
    loop.scheduleUs(loop.nowUs, () => {
      if (!this.struck("committed", "after", checkpointId)) this.host.checkpointCommitted(checkpointId);
    });
  }

  /** A task is through, and has nothing left to confirm. */
  taskFinished(task: Subtask): void {
    for (const checkpointId of [...this.unconfirmed.keys()]) this.confirmed(task, checkpointId);
  }

  private request(kind: CheckpointRequest["kind"], savepoint: SavepointRequest | null = null, ended = NOBODY_ASKS): void {
    this.requests.add({ kind, savepoint, ended });
    this.takeNext();
  }

  private takeNext(): void {
    const nowMs = this.host.loop.currentMs();
    const request = this.requests.next({ pending: this.pending.size, nowMs, lastCompletedMs: this.lastCompletedMs });
    if (request !== undefined) this.trigger(request);
  }

  private trigger(request: CheckpointRequest): void {
    const { host } = this;
    const plan = checkpointPlan(host.tasks(), this.config.checkpointsAfterTasksFinish !== false);
    if (plan === null) {
      request.ended({ reason: CHECKPOINT_FAILURE.notAllRunning });
      return;
    }
    const id = this.nextId++;
    if (this.struck("trigger", "before", id)) return;
    let enumerators: ReadonlyMap<string, unknown>;
    try {
      enumerators = host.snapshotEnumerators(id);
    } catch (error) {
      this.enumeratorFailed(id, request, error);
      return;
    }
    const { loop } = host;
    const timeout = loop.schedule(loop.currentMs() + this.config.checkpointTimeoutMs, () => this.expired(id));
    this.pending.set(id, new PendingCheckpoint(id, request, { plan, enumerators, timeout }));
    const kind = request.kind === "savepoint" ? "savepoint" : "checkpoint";
    this.statistics.triggered(id, kind, loop.currentMs(), plan.toWaitFor.length);
    this.note("triggered", id, { reason: kind === "savepoint" ? kind : null });
    const alignment = initialAlignment(this.config, request.savepoint !== null);
    const barrier = { checkpointId: id, timestampMs: loop.currentMs(), alignment };
    for (const task of plan.toTrigger) task.triggerCheckpoint(barrier);
    this.struck("trigger", "after", id);
  }

  /** An enumerator could not say its state. The job goes on, and the next checkpoint may do better; whoever wants to stop it is told. */
  private enumeratorFailed(id: number, request: CheckpointRequest, error: unknown): void {
    if (error instanceof InvariantViolation) throw error;
    if (request.savepoint !== null) this.host.enumeratorFailed(error);
    const reason = CHECKPOINT_FAILURE.trigger;
    const cause = messageOf(error);
    const nowMs = this.host.loop.currentMs();
    this.statistics.triggered(id, request.savepoint === null ? "checkpoint" : "savepoint", nowMs, 0);
    this.statistics.failed(id, nowMs, `${reason.message} ${cause}`);
    this.note("triggered", id, {});
    this.note("aborted", id, { reason: `${reason.message} ${cause}` });
    request.ended({ reason, cause });
  }

  private acknowledged(checkpoint: PendingCheckpoint, task: Subtask, part: TaskSnapshot): void {
    if (!checkpoint.waitsFor(task)) return;
    if (this.struck("ack", "before", checkpoint.id, task)) return;
    checkpoint.acknowledge(task, part);
    this.statistics.acknowledged(checkpoint.id, task.vertex.id, task.index, this.host.loop.currentMs());
    this.noteSnapshot(checkpoint.id, task, part);
    if (this.struck("ack", "after", checkpoint.id, task) || !checkpoint.fullyAcknowledged) return;
    if (!this.struck("complete", "before", checkpoint.id)) this.complete(checkpoint);
  }

  /** True = the job goes down at this point. */
  private struck(step: CheckpointStep, at: "before" | "after", checkpoint: number, task: Subtask | null = null): boolean {
    return this.host.observer.step({ step, at, checkpoint, v: task?.vertex.id ?? null, s: task?.index ?? null });
  }

  private complete(pending: PendingCheckpoint): void {
    const { host } = this;
    const { id, request } = pending;
    const stores = request.savepoint === null;
    const refusal = pending.refusal ?? (stores ? failureOf(() => this.storage.complete(id)) : null);
    if (refusal !== null) {
      this.abort(pending, { reason: CHECKPOINT_FAILURE.finalize, cause: refusal });
      return;
    }
    pending.timeout.cancel();
    this.pending.delete(id);
    for (const older of [...this.pending.values()]) if (older.id < id) this.abort(older, { reason: CHECKPOINT_FAILURE.subsumed });
    const completed = pending.complete(host.loop.currentMs());
    // A savepoint while the job goes on belongs to the user: nobody commits for it, and no failure falls back to it.
    const owned = request.savepoint === null || request.savepoint.terminates;
    if (owned) this.retain(completed, pending.operatorSnapshots());
    if (stores) this.keepInStorage(id);
    this.completedCount++;
    this.failures.completed(id);
    this.lastCompletedMs = host.loop.currentMs();
    const processedBytes = this.statistics.processedBytesOf(id);
    this.statistics.completed(id, this.lastCompletedMs);
    this.note("completed", id, {
      ...(processedBytes === 0 ? NOTHING_MORE : { processedBytes }),
      bytes: completed.bytes,
      uploadedBytes: request.savepoint === null ? pending.uploadedBytes : completed.bytes,
      ...persistedIn(completed.channels),
    });
    request.ended(null);
    host.checkpointCompleted(completed, request.savepoint);
    if (this.struck("complete", "after", id)) return;
    if (owned) this.tellCompleted(id);
    this.takeNext();
  }

  private tellCompleted(id: number): void {
    const running = this.host.tasks().filter((task) => !task.finished);
    this.unconfirmed.set(id, new Set(running));
    for (const task of running) task.notifyCheckpointComplete(id);
  }

  /** The newest checkpoint is what the job falls back to. What it started from is not among those that it retains. */
  private retain(completed: CompletedCheckpoint, snapshots?: Iterable<OperatorSnapshot>): void {
    const before = this.latestCompleted;
    this.latestCompleted = completed;
    this.sharedState.retain(completed, snapshots);
    if (before !== null && before.id !== completed.id && !this.retained.includes(before.id)) this.sharedState.release(before.id);
  }

  /** Its files go, unless a retained checkpoint refers to them too. */
  private discardStored(checkpointId: number): void {
    this.storage.discard(checkpointId);
    this.sharedState.release(checkpointId);
  }

  private keepInStorage(checkpointId: number): void {
    this.retained.push(checkpointId);
    while (this.retained.length > (this.config.numRetainedCheckpoints ?? 1)) this.discardStored(this.retained.shift() as number);
  }

  private expired(id: number): void {
    const checkpoint = this.pending.get(id);
    if (checkpoint !== undefined) this.abort(checkpoint, { reason: CHECKPOINT_FAILURE.expired });
  }

  private abort(checkpoint: PendingCheckpoint, failure: CheckpointFailure): void {
    const { id, request } = checkpoint;
    if (!this.pending.delete(id)) return;
    const { reason, cause } = failure;
    checkpoint.timeout.cancel();
    this.statistics.failed(id, this.host.loop.currentMs(), cause ?? reason.message);
    for (const snapshots of checkpoint.storing) releaseSnapshots(snapshots);
    this.note("aborted", id, { reason: cause ?? reason.message });
    this.storage.discard(id);
    this.host.checkpointAborted(id);
    for (const task of this.host.tasks()) task.notifyCheckpointAborted(id);
    request.ended(failure);
    // Whoever wants a savepoint hears of it and tries again, or not.
    if (request.savepoint === null && this.failures.failed(id, reason)) this.host.tooManyCheckpointFailures(tooManyMessage(failure));
    else this.takeNext();
  }

  private dropEverything(failure: CheckpointFailure): void {
    this.requests.dropAll(failure);
    for (const checkpoint of [...this.pending.values()]) this.abort(checkpoint, failure);
  }

  private noteSnapshot(checkpoint: number, task: Subtask, { bytes, channels }: TaskSnapshot): void {
    const note = { what: "snapshot", checkpoint, v: task.vertex.id, s: task.index, bytes, reason: null } as const;
    this.host.observer.checkpoint(channels.length === 0 ? note : { ...note, ...persistedIn(channels) });
  }

  private note(what: CheckpointNote["what"], checkpoint: number, more: Partial<CheckpointNote>): void {
    this.host.observer.checkpoint({ what, checkpoint, v: null, s: null, bytes: null, reason: null, ...more });
  }
}

/** Only said when there is something. */
function persistedIn(channels: readonly ChannelState[]): { readonly persistedBytes?: number } {
  return channels.length === 0 ? NOTHING_MORE : { persistedBytes: channelStateBytes(channels) };
}

/** Why the storage did not do it; null = it did. */
function failureOf(action: () => void): string | null {
  try {
    action();
    return null;
  } catch (error) {
    if (!(error instanceof CheckpointStorageFailure)) throw error;
    return messageOf(error);
  }
}

function tooManyMessage({ reason, cause = "" }: CheckpointFailure): string {
  return (
    `Exceeded checkpoint tolerable failure threshold. The latest checkpoint failed due to ${reason.message}, view the Checkpoint History ` +
    `tab or the Job Manager log to find out why continuous checkpoints failed. ${cause}`
  ).trimEnd();
}
