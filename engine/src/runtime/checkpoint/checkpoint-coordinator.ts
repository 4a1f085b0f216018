/**
 * Starts checkpoints, gathers what the tasks acknowledge, and decides which are complete. Flink: `CheckpointCoordinator`.
 *
 * The first checkpoint starts at a random time within one interval, later ones one interval after the last start, but never sooner than the
 * minimum pause after the last end and never more at a time than allowed. A checkpoint that is not complete at its timeout is given up and
 * counts against `tolerableFailedCheckpoints` (consecutive ones; a completed checkpoint starts the count anew).
 */
import { invariant } from "../../base/invariant.ts";
import type { Prng } from "../../base/prng.ts";
import type { JobConfig } from "../../graph/stream-graph.ts";
import type { OperatorSnapshot } from "../../state/snapshot.ts";
import type { EventLoop, TimedEntry } from "../event-loop.ts";
import type { CheckpointStep } from "../../flow/checkpoint-step.ts";
import type { RunObserver } from "../run-observer.ts";
import type { Subtask } from "../subtask.ts";
import { type ChannelState, channelStateBytes } from "./channel-state.ts";
import { initialAlignment } from "./checkpoint-barrier.ts";
import { type CompletedCheckpoint, type OperatorCheckpoint, uploadedBytesOf } from "./completed-checkpoint.ts";
import { SharedStateRegistry } from "./shared-state-registry.ts";
import type { SavepointRequest } from "./savepoint.ts";

/** What `JobManagerCheckpointStorage` takes from one operator of one task: 5 MiB. */
const MAX_IN_MEMORY_BYTES = 5 * 1024 * 1024;

/** What the coordinator needs from the job master. */
export interface CheckpointHost {
  readonly loop: EventLoop;
  readonly observer: RunObserver;
  tasks(): readonly Subtask[];
  /** All tasks are deployed and none is down. */
  allRunning(): boolean;
  /** null when an enumerator could not say its state; the job is failing then. */
  snapshotEnumerators(checkpointId: number): Map<string, unknown> | null;
  /** Time from a task's snapshot to its acknowledgement here, for so many bytes, in microseconds. */
  uploadUs(bytes: number): number;
  /** @param savepoint what was asked for when it is a savepoint. */
  checkpointCompleted(checkpoint: CompletedCheckpoint, savepoint: SavepointRequest | null): void;
  /** It was given up. */
  checkpointAborted(checkpoint: number): void;
  /** Every task has handled the completion of this checkpoint. */
  checkpointCommitted(checkpoint: number): void;
  tooManyCheckpointFailures(reason: string): void;
}

interface PendingCheckpoint {
  readonly id: number;
  /** null = an ordinary checkpoint. */
  readonly savepoint: SavepointRequest | null;
  readonly waitingFor: Set<Subtask>;
  readonly snapshots: Map<Subtask, ReadonlyMap<string, OperatorSnapshot>>;
  readonly channels: ChannelState[];
  readonly enumerators: Map<string, unknown>;
  readonly timeout: TimedEntry;
}

/** What a task acknowledges. */
interface TaskSnapshot {
  readonly snapshots: ReadonlyMap<string, OperatorSnapshot>;
  readonly channels: readonly ChannelState[];
  readonly bytes: number;
}

export class CheckpointCoordinator {
  private readonly host: CheckpointHost;
  private readonly config: JobConfig;
  private readonly random: Prng;
  private readonly pending = new Map<number, PendingCheckpoint>();
  private readonly unconfirmed = new Map<number, Set<Subtask>>();
  private nextId = 1;
  private lastEndMs = Number.NEGATIVE_INFINITY;
  private consecutiveFailures = 0;
  private periodic: TimedEntry | null = null;
  private overdue = false;
  private latestCompleted: CompletedCheckpoint | null = null;
  private readonly sharedState = new SharedStateRegistry();
  completedCount = 0;

  constructor(host: CheckpointHost, config: JobConfig, random: Prng) {
    this.host = host;
    this.config = config;
    this.random = random;
  }

  /** Files of log-structured state that the retained checkpoint refers to. */
  get sharedFiles(): SharedStateRegistry {
    return this.sharedState;
  }

  get latest(): CompletedCheckpoint | null {
    return this.latestCompleted;
  }

  /** The job starts from a snapshot: that is what it falls back to until its first own checkpoint, whose number follows. */
  restoreFrom(checkpoint: CompletedCheckpoint): void {
    this.retain(checkpoint);
    this.nextId = checkpoint.id + 1;
  }

  /** The id that the next checkpoint to be triggered will have. */
  get nextCheckpointId(): number {
    return this.nextId;
  }

  /** The job runs: start the periodic trigger. */
  start(): void {
    const { checkpointIntervalMs, minPauseMs } = this.config;
    if (checkpointIntervalMs === undefined) return;
    const earliest = Math.min(minPauseMs, checkpointIntervalMs);
    const delayMs = earliest + this.random.nextInt(checkpointIntervalMs - earliest + 1);
    this.schedulePeriodic(this.host.loop.currentMs() + delayMs);
  }

  /** The job is down or ends: everything under way is given up. */
  stop(reason: string): void {
    this.periodic?.cancel();
    this.periodic = null;
    this.overdue = false;
    for (const checkpoint of [...this.pending.values()]) this.discard(checkpoint, reason);
    this.unconfirmed.clear();
    this.lastEndMs = Number.NEGATIVE_INFINITY;
  }

  /** A savepoint now, whatever the interval says. */
  triggerSavepoint(request: SavepointRequest): void {
    this.periodic?.cancel();
    this.periodic = null;
    for (const checkpoint of [...this.pending.values()]) this.discard(checkpoint, "Checkpoint Coordinator is suspending.");
    this.trigger(request);
  }

  acknowledge(
    task: Subtask,
    checkpointId: number,
    snapshots: ReadonlyMap<string, OperatorSnapshot>,
    channels: readonly ChannelState[],
  ): void {
    const checkpoint = this.pending.get(checkpointId);
    if (checkpoint === undefined) return;
    const { loop } = this.host;
    const inFlight = channelStateBytes(channels);
    let bytes = inFlight;
    let uploadedBytes = inFlight;
    let largest = inFlight;
    for (const snapshot of snapshots.values()) {
      bytes += snapshot.bytes;
      // A savepoint owns all of its files.
      uploadedBytes += checkpoint.savepoint === null ? (snapshot.uploadedBytes ?? snapshot.bytes) : snapshot.bytes;
      largest = Math.max(largest, snapshot.bytes);
    }
    const tooLarge = this.config.checkpointStorage === "jobmanager" && largest > MAX_IN_MEMORY_BYTES;
    // What the task did before its snapshot, in the same step, took time: a sink that waited for its system to take everything.
    loop.scheduleUs(loop.nowUs + Math.ceil(task.stepCostUs) + this.host.uploadUs(uploadedBytes), () => {
      if (tooLarge) this.declined(checkpoint, largest);
      else this.acknowledged(checkpoint, task, { snapshots, channels, bytes });
    });
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

  private schedulePeriodic(atMs: number): void {
    this.periodic = this.host.loop.schedule(atMs, () => this.periodicTrigger(atMs));
  }

  private periodicTrigger(atMs: number): void {
    const { checkpointIntervalMs, minPauseMs, maxConcurrentCheckpoints } = this.config;
    invariant(checkpointIntervalMs !== undefined, "the periodic trigger runs without an interval");
    const nowMs = this.host.loop.currentMs();
    const earliestMs = this.lastEndMs + minPauseMs;
    if (nowMs < earliestMs) {
      this.schedulePeriodic(earliestMs);
      return;
    }
    this.schedulePeriodic(Math.max(atMs, nowMs) + checkpointIntervalMs);
    if (this.pending.size >= maxConcurrentCheckpoints) this.overdue = true;
    else if (this.host.allRunning()) this.trigger(null);
  }

  private trigger(savepoint: SavepointRequest | null): void {
    const { host } = this;
    const { loop, observer } = host;
    const id = this.nextId++;
    if (this.struck("trigger", "before", id)) return;
    const enumerators = host.snapshotEnumerators(id);
    if (enumerators === null) return;
    const tasks = host.tasks();
    const timeout = loop.schedule(loop.currentMs() + this.config.checkpointTimeoutMs, () => this.expired(id));
    const checkpoint: PendingCheckpoint = {
      id,
      savepoint,
      waitingFor: new Set(tasks),
      snapshots: new Map(),
      channels: [],
      enumerators,
      timeout,
    };
    this.pending.set(id, checkpoint);
    observer.checkpoint({
      what: "triggered",
      checkpoint: id,
      v: null,
      s: null,
      bytes: null,
      reason: savepoint === null ? null : "savepoint",
    });
    const barrier = { checkpointId: id, timestampMs: loop.currentMs(), alignment: initialAlignment(this.config, savepoint !== null) };
    for (const task of tasks) if (task.isSource) task.triggerCheckpoint(barrier);
    this.struck("trigger", "after", id);
  }

  private acknowledged(checkpoint: PendingCheckpoint, task: Subtask, { snapshots, channels, bytes }: TaskSnapshot): void {
    if (this.pending.get(checkpoint.id) !== checkpoint || !checkpoint.waitingFor.has(task)) return;
    if (this.struck("ack", "before", checkpoint.id, task)) return;
    checkpoint.waitingFor.delete(task);
    checkpoint.snapshots.set(task, snapshots);
    checkpoint.channels.push(...channels);
    this.host.observer.checkpoint({
      what: "snapshot",
      checkpoint: checkpoint.id,
      v: task.vertex.id,
      s: task.index,
      bytes,
      ...persistedIn(channels),
      reason: null,
    });
    if (this.struck("ack", "after", checkpoint.id, task) || checkpoint.waitingFor.size > 0) return;
    if (!this.struck("complete", "before", checkpoint.id)) this.complete(checkpoint);
  }

  /** True = the job goes down at this point. */
  private struck(step: CheckpointStep, at: "before" | "after", checkpoint: number, task: Subtask | null = null): boolean {
    return this.host.observer.step({ step, at, checkpoint, v: task?.vertex.id ?? null, s: task?.index ?? null });
  }

  private complete(pending: PendingCheckpoint): void {
    const { host } = this;
    pending.timeout.cancel();
    this.pending.delete(pending.id);
    for (const older of [...this.pending.values()]) if (older.id < pending.id) this.discard(older, "Checkpoint has been subsumed.");
    const completed = assemble(pending, host.loop.currentMs());
    // A savepoint while the job goes on belongs to the user: nobody commits for it, and no failure falls back to it.
    const owned = pending.savepoint === null || pending.savepoint.terminates;
    if (owned) this.retain(completed);
    this.completedCount++;
    this.consecutiveFailures = 0;
    this.ended();
    host.observer.checkpoint({
      what: "completed",
      checkpoint: completed.id,
      v: null,
      s: null,
      bytes: completed.bytes,
      uploadedBytes: pending.savepoint === null ? uploadedBytesOf(completed) : completed.bytes,
      ...persistedIn(completed.channels),
      reason: null,
    });
    host.checkpointCompleted(completed, pending.savepoint);
    if (this.struck("complete", "after", completed.id) || !owned) return;
    const tasks = host.tasks();
    this.unconfirmed.set(completed.id, new Set(tasks));
    for (const task of tasks) task.notifyCheckpointComplete(completed.id);
  }

  /** The newest checkpoint takes the place of the one before, whose files go unless it refers to them too. */
  private retain(completed: CompletedCheckpoint): void {
    const before = this.latestCompleted;
    this.latestCompleted = completed;
    this.sharedState.retain(completed);
    if (before !== null && before.id !== completed.id) this.sharedState.release(before.id);
  }

  private expired(id: number): void {
    const checkpoint = this.pending.get(id);
    if (checkpoint === undefined) return;
    this.discard(checkpoint, "Checkpoint expired before completing.");
    this.countFailure("Checkpoint expired before completing.");
  }

  /** A task could not store its part. */
  private declined(checkpoint: PendingCheckpoint, bytes: number): void {
    if (this.pending.get(checkpoint.id) !== checkpoint) return;
    const reason =
      `Size of the state is larger than the maximum permitted memory-backed state. Size=${bytes}, maxSize=${MAX_IN_MEMORY_BYTES}. ` +
      "Consider using a different checkpoint storage, like the FileSystemCheckpointStorage.";
    this.discard(checkpoint, reason);
    this.countFailure("Asynchronous task checkpoint failed.", reason);
  }

  private countFailure(reason: string, cause = ""): void {
    this.consecutiveFailures++;
    if (this.consecutiveFailures <= this.config.tolerableFailedCheckpoints) return;
    this.host.tooManyCheckpointFailures(
      `Exceeded checkpoint tolerable failure threshold. The latest checkpoint failed due to ${reason}, view the Checkpoint History tab or ` +
        `the Job Manager log to find out why continuous checkpoints failed. ${cause}`.trimEnd(),
    );
  }

  private discard(checkpoint: PendingCheckpoint, reason: string): void {
    if (!this.pending.delete(checkpoint.id)) return;
    checkpoint.timeout.cancel();
    this.host.observer.checkpoint({ what: "aborted", checkpoint: checkpoint.id, v: null, s: null, bytes: null, reason });
    this.host.checkpointAborted(checkpoint.id);
    for (const task of this.host.tasks()) task.notifyCheckpointAborted(checkpoint.id);
    this.ended();
  }

  private ended(): void {
    this.lastEndMs = this.host.loop.currentMs();
    if (!this.overdue || this.periodic === null) return;
    this.overdue = false;
    this.periodic.cancel();
    this.schedulePeriodic(this.lastEndMs);
  }
}

/** Only said when there is something. */
function persistedIn(channels: readonly ChannelState[]): { readonly persistedBytes?: number } {
  return channels.length === 0 ? {} : { persistedBytes: channelStateBytes(channels) };
}

function assemble(pending: PendingCheckpoint, completedAtMs: number): CompletedCheckpoint {
  const operators = new Map<string, OperatorCheckpoint & { subtasks: OperatorSnapshot[] }>();
  let bytes = channelStateBytes(pending.channels);
  for (const [task, snapshots] of pending.snapshots) {
    for (const node of task.vertex.operators) {
      const snapshot = snapshots.get(node.operatorId);
      invariant(snapshot !== undefined, `operator "${node.name}" acknowledged checkpoint ${pending.id} without a snapshot`);
      let entry = operators.get(node.operatorId);
      if (entry === undefined) {
        const { name, parallelism, maxParallelism } = node;
        entry = { name, uid: node.node.uid, parallelism, maxParallelism, subtasks: [] };
        operators.set(node.operatorId, entry);
      }
      entry.subtasks[task.index] = snapshot;
      bytes += snapshot.bytes;
    }
  }
  return { id: pending.id, completedAtMs, bytes, operators, enumerators: pending.enumerators, channels: pending.channels };
}
