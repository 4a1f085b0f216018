/**
 * Runs one job on the simulated cluster: deploys it, watches it, restarts it after failures, ends it. Flink: `JobMaster`.
 *
 * One attempt = one set of tasks. When a task fails, all that it is connected with are cancelled (failover-regions.ts: mostly the whole job), and
 * after the restart strategy's delay they are deployed again from the last completed checkpoint. The checkpoints, the restart strategy and
 * the totals of the counters outlive attempts; a source's enumerator outlives the restart of single readers; nothing else does.
 */
import type { Diagnostic } from "../../base/diagnostic.ts";
import { InvariantViolation } from "../../base/invariant.ts";
import type { Prng } from "../../base/prng.ts";
import { NotedPositions } from "../../base/source-position.ts";
import { randomUuid } from "../../base/uuid.ts";
import type { OutsideWorld } from "../../flow/operator.ts";
import { checkDeployable } from "../../graph/check-deployable.ts";
import type { JobGraph, JobVertex } from "../../graph/job-graph.ts";
import { buildJobGraph } from "../../graph/job-graph-builder.ts";
import { checkSameGraph } from "../../graph/same-graph.ts";
import type { ClusterDefaults, JobProgram, StreamGraph } from "../../graph/stream-graph.ts";
import type { TakenSnapshots } from "../checkpoint/asynchronous-part.ts";
import { CheckpointCoordinator, type CheckpointHost } from "../checkpoint/checkpoint-coordinator.ts";
import type { CompletedCheckpoint } from "../checkpoint/completed-checkpoint.ts";
import { CheckpointFiles } from "../checkpoint/storage/checkpoint-files.ts";
import { FileCheckpointStorage } from "../checkpoint/storage/file-checkpoint-storage.ts";
import { MemoryCheckpointStorage } from "../checkpoint/storage/memory-checkpoint-storage.ts";
import type { RestoreSettings, Savepoint, SavepointFormat, SavepointRequest } from "../checkpoint/savepoint.ts";
import { bindSavepoint, claimModeOf, restoredStates } from "../checkpoint/state-assignment.ts";
import type { EventLoop } from "../event-loop.ts";
import type { RunObserver } from "../run-observer.ts";
import type { Subtask } from "../subtask.ts";
import { isRecoverable, StateRestoreFailure, systemFailure, type TaskFailure, taskFailureOf } from "../task-failure.ts";
import type { CostModel, TaskHost, TaskTiming } from "../task-host.ts";
import { channelsBetween, SlowConnections } from "./connections.ts";
import { BatchStages } from "./batch-stages.ts";
import { JobReport } from "./job-report.ts";
import { JobTotals } from "./job-totals.ts";
import { deployTasks, type RestoredJob } from "./deployment.ts";
import { EndingSavepoint, LOOK_AGAIN_US } from "./ending-savepoint.ts";
import { DEFAULT_EXCEPTION_HISTORY_SIZE, type ExceptionHistory, ExceptionHistoryRecorder, type FailedTask } from "./exception-history.ts";
import { regionOf } from "./failover-regions.ts";
import { type RestartBackoff, restartBackoffOf } from "./restart-strategy.ts";
import { SlotPool } from "./slot-pool.ts";
import type { SourceCoordinator } from "./source-coordinator.ts";
import { SourceCoordinators } from "./source-coordinators.ts";
import { StateMeter } from "./state-meter.ts";

export type JobStatus = "running" | "restarting" | "finished" | "canceled" | "failed";

export interface JobMasterOptions {
  readonly defaults: ClusterDefaults;
  readonly taskManagers: number;
  readonly slotsPerTaskManager: number;
  readonly costOf: CostModel;
  readonly timing: TaskTiming;
  readonly outside: OutsideWorld;
  /** Where checkpoints are written to, and the job's directory there; absent = a file system of its own. */
  readonly checkpointFiles?: { readonly files: CheckpointFiles; readonly directory: string };
  /** Of the machines that the job runs on. */
  readonly slowConnections?: SlowConnections;
  /** Start from this savepoint; absent = empty. */
  readonly restore?: RestoreSettings;
}

/** Flink's default of `slot.request.timeout`. */
const SLOT_REQUEST_TIMEOUT_MS = 300_000;
/** Virtual time until a new leader has taken over from a lost job manager. */
const LEADER_ELECTION_MS = 5000;
/** Snapshots are uploaded at about 100 MB/s. */
const UPLOAD_US_PER_BYTE = 0.01;

export class JobMaster implements TaskHost, CheckpointHost {
  // Configuration
  readonly loop: EventLoop;
  readonly observer: RunObserver;
  readonly outside: OutsideWorld;
  readonly costOf: CostModel;
  readonly timing: TaskTiming;
  readonly jobGraph: JobGraph;
  readonly jobId: string;
  private readonly program: JobProgram;
  private readonly defaults: ClusterDefaults;
  private readonly positions = new NotedPositions();
  private readonly streamGraph: StreamGraph;
  private readonly seed: Prng;
  private readonly slots: SlotPool;
  private readonly uploadRandom: Prng;
  private readonly restore: RestoreSettings | null;
  /** null = a streaming job: all vertices run at the same time. */
  private readonly stages: BatchStages | null;

  // What outlives attempts
  readonly coordinator: CheckpointCoordinator;
  readonly stateMeter = new StateMeter();
  private backoff: RestartBackoff;
  private readonly exceptions: ExceptionHistoryRecorder;
  /** How often each task has been started, by vertex and subtask. */
  private readonly starts = new Map<string, number>();
  readonly totals = new JobTotals();
  private restartCount = 0;
  private readonly slow: SlowConnections;
  private lastFailure: TaskFailure | null = null;
  /** The savepoint that the job started from was its own, and a checkpoint has taken its place: its files are gone. */
  discardedRestore = false;

  // The current attempt
  status: JobStatus = "restarting";
  attempt = 0;
  random: Prng;
  private subtasks: readonly Subtask[] = [];
  private readonly sources = new SourceCoordinators(this);
  readonly report = new JobReport(this, this.sources);
  private readonly end = new EndingSavepoint(this);

  /** @throws Diagnostic when the program is no job that can run. */
  constructor(program: JobProgram, loop: EventLoop, observer: RunObserver, seed: Prng, options: JobMasterOptions) {
    this.program = program;
    this.defaults = options.defaults;
    this.loop = loop;
    this.observer = observer;
    this.seed = seed;
    this.random = seed;
    this.jobId = randomUuid(seed.fork("job-id")).replaceAll("-", "");
    this.outside = options.outside;
    this.slow = options.slowConnections ?? new SlowConnections();
    this.costOf = options.costOf;
    this.timing = options.timing;
    this.streamGraph = this.evaluateProgram();
    this.jobGraph = buildJobGraph(this.streamGraph);
    checkDeployable(this.jobGraph);
    // A batch job has no checkpoints, and does not look at the one that it is given.
    this.restore = this.jobGraph.batch === true ? null : (options.restore ?? null);
    if (this.restore !== null) bindSavepoint(this.jobGraph, this.restore);
    this.slots = new SlotPool(options.taskManagers, options.slotsPerTaskManager, this.jobGraph);
    this.stages = this.jobGraph.batch === true ? new BatchStages(this.jobGraph, options.taskManagers * options.slotsPerTaskManager) : null;
    this.uploadRandom = seed.fork("upload");
    this.backoff = this.newBackoff();
    const { config } = this.jobGraph;
    this.exceptions = new ExceptionHistoryRecorder(config.exceptionHistorySize ?? DEFAULT_EXCEPTION_HISTORY_SIZE);
    const { files, directory } = options.checkpointFiles ?? { files: new CheckpointFiles(), directory: "job-1" };
    const storage =
      config.checkpointStorage === "jobmanager"
        ? new MemoryCheckpointStorage()
        : new FileCheckpointStorage(files, seed.fork("storage"), {
            directory,
            inlineBytes: config.dataInlineThresholdBytes,
            subtasksPerChannelStateFile: config.maxSubtasksPerChannelStateFile,
          });
    this.coordinator = new CheckpointCoordinator(this, config, storage, seed.fork("checkpoints"));
    if (this.restore !== null) this.coordinator.restoreFrom(this.restore.savepoint.checkpoint);
  }

  get restarts(): number {
    return this.restartCount;
  }

  /** The savepoint that the job was asked for last. */
  get savepoint(): Savepoint | null {
    return this.end.savepoint;
  }

  get failure(): TaskFailure | null {
    return this.lastFailure;
  }

  /** What has gone wrong since this job manager leads. */
  get exceptionHistory(): ExceptionHistory {
    return this.exceptions.history;
  }

  // ---- Life of the job ----

  start(): void {
    const { lack } = this.slots;
    // A batch job takes its slots vertex by vertex.
    if (lack === null || this.stages !== null) this.deploy();
    else this.waitForSlots(lack);
  }

  /** More task managers might come; none does, and after `slot.request.timeout` the job fails. */
  private waitForSlots(lack: Diagnostic): void {
    this.loop.schedule(this.loop.currentMs() + SLOT_REQUEST_TIMEOUT_MS, () => {
      if (this.status !== "restarting") return;
      this.status = "running";
      this.fail(taskFailureOf(lack, undefined, undefined));
    });
  }

  get ended(): boolean {
    return this.status === "finished" || this.status === "failed" || this.status === "canceled";
  }

  /** All sources wait, all channels are empty, nobody is busy. */
  get quiet(): boolean {
    return this.stages === null && this.status === "running" && this.end.ending === "no" && this.subtasks.every((task) => task.quiet);
  }

  /**
   * `flink stop`: no more input, a last savepoint, commits, the end. `drain` = end the input with the maximum watermark first. False = not
   * now: the job does not run, or is being stopped already, or is a batch job, which has no savepoints.
   */
  stop(drain: boolean, format: SavepointFormat = "canonical"): boolean {
    if (this.status !== "running" || this.end.ending !== "no" || this.stages !== null) return false;
    this.end.begin(drain ? "drain" : "stop", format);
    this.coordinator.stopScheduler();
    for (const task of this.subtasks) if (task.isSource) task.stopSource(drain);
    if (!drain || this.allEndedData()) this.end.take();
    return true;
  }

  /** `flink cancel -s`: a savepoint while the job goes on, then the plug is pulled. What sinks have prepared since is not committed. */
  cancelWithSavepoint(format: SavepointFormat): void {
    if (this.stages !== null) {
      this.cancel();
      return;
    }
    if (this.status !== "running" || this.end.ending !== "no") return;
    this.end.begin("cancel", format);
    this.end.take();
  }

  /**
   * A task manager's process dies: the tasks in its slots are gone without a word, the job fails over. That may be in the middle of a task's
   * step; the job manager sits elsewhere and learns of it right behind. True = the job goes down.
   */
  loseTaskManager(taskManager: number): boolean {
    const lost = this.subtasks.filter((task) => !task.closed && !task.finished && this.taskManagerOf(task) === taskManager);
    for (const task of lost) task.close(true);
    const lostResults = this.stages?.loseResults(taskManager, (vertex, subtask) => this.slots.taskManagerOf(vertex, subtask)) === true;
    if ((lost.length === 0 && !lostResults) || this.status !== "running") return false;
    const { attempt } = this;
    this.loop.afterThisStep(() => {
      // Counted from 1, as scenarios and people do.
      const failure = systemFailure("JOB_TASK_MANAGER_LOST", `The connection to task manager ${taskManager + 1} was lost.`);
      if (this.stages === null) this.tasksLost(lost, failure);
      else if (this.attempt === attempt) this.fail(failure, lost[0]);
    });
    return true;
  }

  /** The slots go one after the other: each region that had one fails by itself, and counts for the restart strategy. */
  private tasksLost(lost: readonly Subtask[], failure: TaskFailure): void {
    const down = new Set<Subtask>();
    for (const task of lost) {
      if (down.has(task) || !this.subtasks.includes(task)) continue;
      for (const other of regionOf([task], this.subtasks)) down.add(other);
      this.failTask(task, failure);
    }
  }

  /**
   * The job manager dies. Its successor finds the job and its completed checkpoints, and starts with a fresh restart strategy. True = the job
   * goes down.
   */
  loseJobManager(): boolean {
    if (this.ended) return false;
    // A task in the middle of its step works on until it returns.
    this.loop.afterThisStep(() => {
      if (!this.ended) this.changeLeader();
    });
    return true;
  }

  private changeLeader(): void {
    const failure = systemFailure("JOB_MANAGER_LOST", "The job manager was lost; a new leader recovers the job.");
    this.lastFailure = failure;
    this.observer.job("failing", this.attempt, failure.message);
    this.endAttempt("The job manager was lost.");
    this.backoff = this.newBackoff();
    this.exceptions.clear();
    this.starts.clear();
    this.stages?.reset();
    this.report.keep([]);
    this.coordinator.forget();
    this.restartAfter(LEADER_ELECTION_MS);
  }

  /**
   * A connection breaks: those who read over it fail, as they do when the machine at its other end has died. They notice when they read
   * again, not in the middle of their work.
   */
  breakConnection(from: number, to: number): void {
    const readers = new Set(channelsBetween(this.subtasks, this.taskManagerOf, from, to).values());
    const message = `Connection unexpectedly closed by remote task manager ${from}. This might indicate that the remote task manager was lost.`;
    this.loop.scheduleUs(this.loop.nowUs, () => {
      for (const task of readers) this.taskFailed(task, systemFailure("JOB_CONNECTION_LOST", message));
    });
  }

  /** Until then, what tasks of one task manager send to another takes longer. */
  slowConnection(from: number, to: number, latencyMs: number, untilMs: number): void {
    this.slow.add(from, to, latencyMs, untilMs);
    this.slow.apply(this.subtasks, this.taskManagerOf, this.loop.nowUs);
  }

  private readonly taskManagerOf = (task: Subtask): number => this.slots.taskManagerOf(task.vertex, task.index);

  /** The next stage of a batch job. */
  private deployStage(stages: BatchStages): void {
    this.status = "running";
    this.subtasks = this.tasksOfStage(stages);
    this.startSources(null);
  }

  /** Who gets which record is asked of the program now. */
  private tasksOfStage(stages: BatchStages): Subtask[] {
    try {
      return stages.deploy(this);
    } catch (error) {
      this.enumeratorFailed(error);
      return [];
    }
  }

  private deploy(): void {
    this.status = "running";
    this.end.reset();
    this.random = this.seed.fork(`attempt/${this.attempt}`);
    const checkpoint = this.coordinator.latest;
    this.observer.job("running", this.attempt, null);
    this.noteRestored(checkpoint);
    this.subtasks = this.stages === null ? deployTasks(this, this.restoredJob(checkpoint)) : this.tasksOfStage(this.stages);
    this.slow.apply(this.subtasks, this.taskManagerOf, this.loop.nowUs);
    for (const task of this.subtasks) task.deployedAsFinished = hadFinished(task.vertex, checkpoint);
    this.startSources(checkpoint);
  }

  private noteRestored(checkpoint: CompletedCheckpoint | null): void {
    if (checkpoint === null) return;
    const { id, bytes } = checkpoint;
    this.coordinator.statistics.restored(id);
    this.observer.checkpoint({ what: "restored", checkpoint: id, v: null, s: null, bytes, reason: null });
  }

  private restoredJob(checkpoint: CompletedCheckpoint | null): RestoredJob | null {
    if (checkpoint === null) return null;
    const channels = this.jobGraph.config.ignoresInFlightOfCheckpoint === checkpoint.id ? [] : checkpoint.channels;
    return { id: checkpoint.id, channels, stateOf: restoredStates(this.jobGraph, checkpoint, this.restoreBehind(checkpoint)) };
  }

  /** The savepoint that the job started from, as long as nothing has replaced it. */
  private restoreBehind(checkpoint: CompletedCheckpoint): RestoreSettings | null {
    return this.restore?.savepoint.checkpoint === checkpoint ? this.restore : null;
  }

  private startSources(checkpoint: CompletedCheckpoint | null): void {
    this.sources.start(this.jobGraph, () => this.instantiateProgram(), { tasks: this.subtasks, checkpoint });
  }

  setProcessingBacklog(operatorId: string, isProcessingBacklog: boolean): void {
    this.coordinator.setProcessingBacklog(operatorId, isProcessingBacklog);
  }

  enumeratorFailed(error: unknown): void {
    if (error instanceof InvariantViolation) throw error;
    this.fail(taskFailureOf(error, undefined, undefined));
  }

  /** @param task absent = a failure of the job as a whole. */
  fail(failure: TaskFailure, task?: Subtask): void {
    if (this.status !== "running") return;
    this.lastFailure = failure;
    this.observer.job("failing", this.attempt, failure.message);
    this.endAttempt("The job has failed.");
    this.recoverFrom(failure, task);
  }

  /** Its region is restarted, and nothing else, unless it is the whole job or the job is being stopped. */
  private failTask(failed: Subtask, failure: TaskFailure): void {
    if (this.status !== "running") return;
    const region = regionOf([failed], this.subtasks);
    const { failoverStrategy } = this.jobGraph.config;
    const whole = region.size === this.subtasks.length || this.end.ending !== "no" || this.stages !== null || failoverStrategy === "full";
    const delayMs = whole || !isRecoverable(failure.cause) ? null : this.backoff.nextDelayMs(this.loop.currentMs());
    if (delayMs === null) {
      this.fail(failure, failed);
      return;
    }
    const { isNewAttempt } = this.backoff;
    this.lastFailure = failure;
    this.exceptions.failed(failure, this.placeOf(failed), this.loop.currentMs(), isNewAttempt);
    this.observer.job("failing", this.attempt, failure.message);
    this.coordinator.stop("FailoverRegion is restarting.");
    this.totals.addTasks(region);
    for (const task of region) task.close(false);
    this.loop.schedule(this.loop.currentMs() + delayMs, () => this.restartRegion(region, isNewAttempt));
  }

  private placeOf(task: Subtask): FailedTask {
    return { name: `${task.name} - execution #${task.attempt}`, taskManager: this.taskManagerOf(task) };
  }

  /** @param counts false = it belongs to the restart of another region. */
  private restartRegion(region: ReadonlySet<Subtask>, counts: boolean): void {
    if (this.status !== "running" || !this.subtasks.some((task) => region.has(task))) return;
    this.attempt++;
    if (counts) this.restartCount++;
    this.observer.job("restarting", this.attempt, null);
    this.random = this.seed.fork(`attempt/${this.attempt}`);
    const checkpoint = this.coordinator.latest;
    const keys = new Set([...region].map(({ vertex, index }) => `${vertex.id}/${index}`));
    const restarted = deployTasks(this, this.restoredJob(checkpoint), (vertex, subtask) => keys.has(`${vertex}/${subtask}`));
    const successorOf = (task: Subtask) => restarted.find(({ vertex, index }) => vertex === task.vertex && index === task.index) ?? task;
    this.subtasks = this.subtasks.map((task) => (region.has(task) ? successorOf(task) : task));
    this.slow.apply(this.subtasks, this.taskManagerOf, this.loop.nowUs);
    this.noteRestored(checkpoint);
    for (const task of restarted) {
      this.end.taskRestarted(task);
      task.deployedAsFinished = hadFinished(task.vertex, checkpoint);
      this.sources.readerReset(task, checkpoint);
    }
    // Who asked for the stop while the region was down has asked the attempt before.
    this.end.retake();
    this.observer.job("running", this.attempt, null);
  }

  private recoverFrom(failure: TaskFailure, task?: Subtask): void {
    const recoverable = isRecoverable(failure.cause);
    const nowMs = this.loop.currentMs();
    const delayMs = recoverable ? this.backoff.nextDelayMs(nowMs) : null;
    const place = task === undefined ? null : this.placeOf(task);
    if (delayMs === null) {
      const recovery = recoverable ? `Recovery is suppressed by ${this.backoff.describe()}` : "The failure is not recoverable";
      this.lastFailure = { ...failure, recovery };
      this.exceptions.jobFailed(failure, place, nowMs, recovery);
      this.status = "failed";
      this.coordinator.jobEnded("failed");
      this.observer.job("failed", this.attempt, failure.message);
      return;
    }
    this.exceptions.failed(failure, place, nowMs, this.backoff.isNewAttempt);
    this.restartAfter(delayMs);
  }

  private restartAfter(delayMs: number): void {
    this.status = "restarting";
    const { attempt } = this;
    this.loop.schedule(this.loop.currentMs() + delayMs, () => {
      if (this.status !== "restarting" || this.attempt !== attempt) return;
      this.attempt++;
      this.restartCount++;
      this.observer.job("restarting", this.attempt, null);
      this.deploy();
    });
  }

  /** Cancels everything that belongs to the current attempt; gives the first failure that shows in tasks whose work is done. */
  private endAttempt(reason: string, finished = false): TaskFailure | null {
    this.status = "restarting";
    this.coordinator.stop(reason);
    let failure = this.stateMeter.measure(this.subtasks);
    this.report.attemptEnds();
    for (const task of this.subtasks) {
      if (finished) failure ??= task.closeFinished();
      task.close(false);
    }
    this.totals.addTasks(this.subtasks);
    this.sources.close(() => this.counter("numCloseFailures").count++);
    this.subtasks = [];
    return failure;
  }

  private finishStage(stages: BatchStages): void {
    stages.stageEnded();
    if (stages.finished) {
      this.finishJob();
      return;
    }
    const tasks = this.report.reporting();
    const failure = this.endAttempt("The stage has ended.", true);
    this.report.keep(tasks);
    if (failure !== null) {
      this.lastFailure = failure;
      this.observer.job("failing", this.attempt, failure.message);
      this.recoverFrom(failure);
      return;
    }
    this.deployStage(stages);
  }

  private finishJob(): void {
    const failure = this.endAttempt("The job has finished.", true);
    if (failure !== null) {
      this.lastFailure = failure;
      this.observer.job("failing", this.attempt, failure.message);
      this.recoverFrom(failure);
      return;
    }
    this.status = "finished";
    this.coordinator.jobEnded("finished");
    this.observer.job("finished", this.attempt, null);
  }

  /** The world pulls the plug or a limit was hit: the tasks vanish, nothing is committed. */
  cancel(): void {
    if (this.ended) return;
    this.endAttempt("The job was cancelled.");
    this.status = "canceled";
    this.coordinator.jobEnded("canceled");
    this.observer.job("finished", this.attempt, "cancelled");
  }

  private allEndedData(): boolean {
    return this.subtasks.every((task) => task.endedData);
  }

  // ---- TaskHost ----

  instantiateProgram(): StreamGraph {
    const graph = this.evaluateProgram();
    checkSameGraph(this.streamGraph, graph);
    return graph;
  }

  private evaluateProgram(): StreamGraph {
    return this.positions.during(() => this.program.instantiate(this.defaults));
  }

  counter(name: string): { count: number } {
    return this.totals.counter(name);
  }

  acknowledgeCheckpoint(task: Subtask, checkpointId: number, taken: TakenSnapshots): void {
    this.coordinator.acknowledge(task, checkpointId, taken);
  }

  nextAttemptOf(vertex: JobVertex, subtask: number): number {
    const place = `${vertex.id}/${subtask}`;
    const attempt = this.starts.get(place) ?? 0;
    this.starts.set(place, attempt + 1);
    return attempt;
  }

  readState({ vertex, index, name }: Subtask): void {
    try {
      this.coordinator.readState(vertex.id, index);
    } catch (error) {
      throw new StateRestoreFailure(name, error);
    }
  }

  /** Checkpoints begin when all tasks run. */
  taskRunning(): void {
    if (this.end.ending === "no" && this.allRunning()) this.coordinator.start();
  }

  taskFailed(task: Subtask, failure: TaskFailure): void {
    if (!this.subtasks.includes(task)) return;
    // Tasks are deployed at the same time, each on its machine: the others begin before anybody hears of it.
    if (this.subtasks.every(({ deployed, closed }) => deployed || closed)) this.failTask(task, failure);
    else this.loop.scheduleUs(this.loop.nowUs, () => this.taskFailed(task, failure));
  }

  taskEndedData(): void {
    if (!this.allEndedData()) return;
    if (this.end.ending === "drain") this.end.take();
    else if (this.jobGraph.config.checkpointIntervalMs === undefined) this.loop.scheduleUs(this.loop.nowUs, () => this.finishIfEnded());
    // Otherwise each task waits for its final checkpoint, which carries its last committables.
  }

  taskFinished(task: Subtask): void {
    this.coordinator.taskFinished(task);
    if (this.subtasks.every(({ finished }) => finished)) this.loop.scheduleUs(this.loop.nowUs, () => this.finishIfEnded());
  }

  private finishIfEnded(): void {
    if (this.status !== "running" || !this.allEndedData()) return;
    if (this.stages === null) this.finishJob();
    else this.finishStage(this.stages);
  }

  checkpointNotified(task: Subtask, checkpointId: number): void {
    this.coordinator.confirmed(task, checkpointId);
  }

  toSourceCoordinator(operatorId: string, action: (source: SourceCoordinator) => void): void {
    this.sources.tell(operatorId, action);
  }

  // ---- CheckpointHost ----

  tasks(): readonly Subtask[] {
    return this.subtasks;
  }

  allRunning(): boolean {
    return this.status === "running" && this.subtasks.every((task) => task.running || task.finished);
  }

  snapshotEnumerators(checkpointId: number): Map<string, unknown> {
    return this.sources.snapshot(checkpointId);
  }

  uploadUs(bytes: number): number {
    const { maxNetworkUs } = this.timing;
    return maxNetworkUs === 0 ? 0 : this.uploadRandom.nextInt(maxNetworkUs + 1) + bytes * UPLOAD_US_PER_BYTE;
  }

  checkpointCompleted(checkpoint: CompletedCheckpoint, request: SavepointRequest | null): void {
    const { id } = checkpoint;
    const failure = this.stateMeter.measure(this.subtasks);
    if (failure !== null) this.fail(failure);
    if (this.restore !== null && this.coordinator.latest === checkpoint && claimModeOf(this.jobGraph, this.restore) === "CLAIM") {
      this.discardedRestore = true;
    }
    if (request !== null) {
      this.end.completed(checkpoint, request);
      if (!request.terminates) {
        this.loop.scheduleUs(this.loop.nowUs, () => this.cancel());
        return;
      }
    }
    this.sources.tellAll((source) => source.notifyCheckpointComplete(id));
  }

  checkpointAborted(checkpoint: number): void {
    this.sources.tellAll((source) => source.notifyCheckpointAborted(checkpoint));
  }

  checkpointCommitted(checkpoint: number): void {
    if (this.status === "running" && this.end.isFinal(checkpoint)) this.finishWhenAllIsRead();
  }

  /** What committers sent on while they committed, to a global committer say, is still to be worked on. */
  private finishWhenAllIsRead(): void {
    if (this.status !== "running") return;
    if (this.subtasks.every((task) => task.allRead)) this.finishJob();
    else this.loop.scheduleUs(this.loop.nowUs + LOOK_AGAIN_US, () => this.finishWhenAllIsRead());
  }

  tooManyCheckpointFailures(message: string): void {
    const cause = new Error(message);
    cause.name = "FlinkRuntimeException";
    this.fail({ ...systemFailure("JOB_CHECKPOINT_FAILED", message), cause });
  }

  private newBackoff(): RestartBackoff {
    const random = this.seed.fork("restart");
    return restartBackoffOf(this.jobGraph.config, () => random.next());
  }
}

/** All of the vertex had finished before this checkpoint. */
function hadFinished({ operators }: JobVertex, checkpoint: CompletedCheckpoint | null): boolean {
  return checkpoint !== null && operators.every(({ operatorId }) => checkpoint.operators.get(operatorId)?.finished === true);
}
