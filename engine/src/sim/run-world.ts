/**
 * Runs programs in a world, each from the start of its job to its end, on one event loop. Synchronous and deterministic: the world's seed is
 * the only source of chance, virtual time the only clock.
 */
import { Diagnostic } from "../base/diagnostic.ts";
import { InvariantViolation } from "../base/invariant.ts";
import { Prng } from "../base/prng.ts";
import { LogBroker } from "../connectors/log/log-broker.ts";
import { LOG, type StandardOutput, STDOUT } from "../connectors/outside.ts";
import { SimulatedServices } from "../connectors/service/simulated-services.ts";
import { type OutsideSystem, OutsideSystems, SYSTEMS, type SystemFactory } from "../connectors/systems/outside-system.ts";
import { SYSTEM_FACTORIES } from "../connectors/systems/system-factories.ts";
import { SERVICES } from "../flow/external-service.ts";
import type { OutsideWorld } from "../flow/operator.ts";
import type { JobProgram } from "../graph/stream-graph.ts";
import { CheckpointStatisticsRecorder } from "../runtime/checkpoint/checkpoint-statistics.ts";
import type { RestoreSettings, SavepointFormat } from "../runtime/checkpoint/savepoint.ts";
import { SlowConnections } from "../runtime/cluster/connections.ts";
import { JobMaster } from "../runtime/cluster/job-master.ts";
import { EventLoop } from "../runtime/event-loop.ts";
import { RunLimitReached } from "../runtime/run-limit.ts";
import { type TaskFailure, taskFailureOf } from "../runtime/task-failure.ts";
import { ArrivalFeeder } from "./arrivals.ts";
import { CHECKPOINT_DISK_FACTORY, CheckpointDisk } from "./checkpoint-disk.ts";
import { costModelOf, isFlatOut, timingOf } from "./cost-model.ts";
import { EndOfJob } from "./end-of-job.ts";
import { FaultPlan, type FaultyCluster } from "./fault-plan.ts";
import type { JobFailure, RunMetrics, RunOutcome, RunStatus, TopicOutcome } from "./outcome.ts";
import { jsonText } from "./recording/recorded-value.ts";
import { Recorder } from "./recording/recorder.ts";
import type { RunOptions } from "./run.ts";
import { RunJournal } from "./run-journal.ts";
import type { World, WorldEnd } from "./world.ts";

const DEFAULT_MAX_EVENTS = 100_000;

/**
 * @throws InvariantViolation for a bug of the engine, and nothing else: whatever the program does wrong is in the outcome.
 */
export function runWorld(program: JobProgram, world: World, options: RunOptions = {}): RunOutcome {
  const run = new WorldRun(world, options);
  return run.outcome(run.job({ program, end: world.end, restore: options.startFrom ?? null, lastInWorld: true }));
}

/** One job in the world, from its start to its end. */
export interface JobRun {
  readonly program: JobProgram;
  /** `parallelism.default`; absent = the world's. */
  readonly parallelism?: number | undefined;
  readonly end: WorldEnd;
  /** null = it starts empty. */
  readonly restore: RestoreSettings | null;
  /** No other job follows: it is drained only when all that is to arrive has arrived. */
  readonly lastInWorld: boolean;
}

/** How a job ended. */
export interface Ending {
  readonly status: RunStatus | "canceled";
  readonly failure: JobFailure | null;
  /** null when it never ran. */
  readonly master: JobMaster | null;
}

/** Somebody wants the job stopped with a savepoint and started again. */
interface RestartRequest {
  readonly parallelism: number | undefined;
  readonly format: SavepointFormat | undefined;
  /** The job has been told to stop for it. */
  accepted: boolean;
}

/** A world while jobs run in it, one after the other. */
export class WorldRun {
  private readonly world: World;
  private readonly options: RunOptions;
  private readonly seed: Prng;
  readonly loop: EventLoop;
  private readonly recorder: Recorder | null;
  private readonly journal: RunJournal;
  private readonly broker: LogBroker;
  private readonly systems: OutsideSystems;
  private readonly arrivals: ArrivalFeeder;
  private readonly faults: FaultPlan;
  private readonly outside: OutsideWorld;
  private readonly printed: string[] = [];
  private readonly slowConnections = new SlowConnections();
  private current: JobMaster | null = null;
  private jobs = 0;
  private restartRequest: RestartRequest | null = null;
  /** Of a job that went on from its own savepoint: what it had counted until then. */
  private before = { restarts: 0, completedCheckpoints: 0 };

  constructor(world: World, options: RunOptions) {
    this.world = world;
    this.options = options;
    this.seed = new Prng(world.seed);
    this.loop = new EventLoop(world.startMs, this.seed.fork("scheduler"), isFlatOut(world.costsUs) ? "drawn-fairly" : "drawn");
    this.recorder = options.record === true ? new Recorder(options.maxRecordingEvents ?? DEFAULT_MAX_EVENTS) : null;
    this.journal = new RunJournal(this.loop, this.recorder, { maxOutputRecords: world.limits.maxOutputRecords, onStep: options.onStep });
    this.broker = new LogBroker(this.loop, this.journal, world.broker);
    this.journal.broker = this.broker;
    for (const { name, partitions, cleanup } of world.topics) this.broker.createTopic(name, partitions, cleanup);
    for (const offset of world.broker?.groupOffsets ?? []) this.broker.commitGroupOffset(offset);
    const host = { clock: this.loop, random: this.seed.fork("systems"), observer: this.journal, broker: this.broker };
    this.systems = new OutsideSystems(world.systems ?? [], [...SYSTEM_FACTORIES, CHECKPOINT_DISK_FACTORY as SystemFactory], host);
    this.arrivals = new ArrivalFeeder(world.topics, this.broker, this.loop);
    const faultsEndMs = world.faultsEndMs ?? Number.POSITIVE_INFINITY;
    this.faults = new FaultPlan(world.faults, faultsEndMs, this.loop, (fault) => this.journal.fault(fault));
    this.outside = this.outsideOfCluster();
  }

  /** Runs a job to its end. What the outside has received stays for the next one. */
  job(run: JobRun): Ending {
    this.before = { restarts: 0, completedCheckpoints: 0 };
    let { parallelism, restore } = run;
    for (;;) {
      this.restartRequest = null;
      const ending = this.jobUntilStopped({ ...run, parallelism, restore });
      const { status, master } = ending;
      const request = this.restartRequest as RestartRequest | null;
      if (request === null || !request.accepted || status !== "finished" || master?.savepoint == null) return ending;
      this.before.restarts += master.restarts;
      this.before.completedCheckpoints += master.coordinator.completedCount;
      parallelism = request.parallelism ?? parallelism;
      restore = { savepoint: master.savepoint };
    }
  }

  private jobUntilStopped(run: JobRun): Ending {
    let master: JobMaster;
    try {
      master = this.submit(run);
    } catch (error) {
      if (error instanceof InvariantViolation) throw error;
      const failure = jobFailureOf(taskFailureOf(error, undefined, undefined), this.loop.currentMs(), this.options.positionOf);
      return { status: "rejected", failure, master: null };
    }
    try {
      return { ...this.loopUntilEnd(master, run), master };
    } catch (error) {
      if (!(error instanceof RunLimitReached)) throw error;
      const last = master.failure;
      master.cancel();
      const message = error.code === "LIMIT_RESTARTS" && last !== null ? `${error.message} Last failure: ${last.message}` : error.message;
      const place = last === null ? {} : placeOf(last, this.options.positionOf);
      return { status: "limit", failure: { ...place, code: error.code, message, atMs: this.loop.currentMs() }, master };
    }
  }

  /** Lets so much virtual time go by without a job; the outside goes on. */
  pass(durationMs: number): void {
    let passed = false;
    this.loop.schedule(this.loop.currentMs() + durationMs, () => {
      passed = true;
    });
    while (!passed) this.loop.step();
  }

  private get checkpointDisk(): CheckpointDisk | undefined {
    return this.systems.all().find((system) => system instanceof CheckpointDisk);
  }

  private submit({ program, parallelism = this.world.cluster.parallelism, restore }: JobRun): JobMaster {
    const { world, loop, journal } = this;
    const { configuration } = world.cluster;
    const defaults = { parallelism, ...(configuration === undefined ? {} : { configuration }) };
    const seed = this.jobs === 0 ? "job" : `job/${this.jobs}`;
    const master = new JobMaster({ instantiate: () => program.instantiate(defaults) }, loop, journal, this.seed.fork(seed), {
      defaults,
      taskManagers: world.cluster.taskManagers,
      slotsPerTaskManager: world.cluster.slotsPerTaskManager,
      costOf: costModelOf(world.costsUs),
      timing: timingOf(world.costsUs, world.cluster.channelCapacity),
      outside: this.outside,
      ...(this.checkpointDisk === undefined
        ? {}
        : { checkpointFiles: { files: this.checkpointDisk.files, directory: `job-${this.jobs + 1}` } }),
      slowConnections: this.slowConnections,
      ...(restore === null ? {} : { restore }),
    });
    this.current = master;
    master.stateMeter.measuresKeyGroups = this.options.measureKeyGroups === true;
    journal.attach(master.jobGraph, this.faults);
    if (this.recorder !== null) this.recorder.sampler = () => master.report.load();
    if (this.jobs++ === 0) {
      const { systems, arrivals, broker } = this;
      this.faults.arm({ cluster: this.cluster(), systems, arrivals, broker });
    }
    return master;
  }

  private outsideOfCluster(): OutsideWorld {
    const output: StandardOutput = {
      printLine: (line) => {
        this.printed.push(line);
        this.journal.countOutput();
      },
    };
    const services = new SimulatedServices(this.world.services ?? [], this.broker, this.systems, this.loop, this.seed.fork("services"));
    const systems = new Map<symbol, unknown>([
      [LOG, this.broker],
      [STDOUT, output],
      [SERVICES, services],
      [SYSTEMS, this.systems],
    ]);
    return (system) => systems.get(system);
  }

  /** Faults strike the job that runs at the time. */
  private cluster(): FaultyCluster {
    return {
      loseTaskManager: (taskManager) => this.current?.loseTaskManager(taskManager) ?? false,
      loseJobManager: () => this.current?.loseJobManager() ?? false,
      breakConnection: (from, to) => this.current?.breakConnection(from, to),
      slowConnection: (from, to, latencyMs, untilMs) => this.current?.slowConnection(from, to, latencyMs, untilMs),
      restartFromSavepoint: (parallelism, format) => {
        // One at a time: who comes while the job is being stopped finds it done.
        if (this.restartRequest?.accepted !== true) this.restartRequest = { parallelism, format, accepted: false };
      },
    };
  }

  /** The outside begins to act with the first job. */
  private beginArrivals(): void {
    const { world, loop, broker } = this;
    for (const { name, growth = [] } of world.topics) {
      for (const { atMs, partitions } of growth) loop.schedule(atMs, () => broker.addPartitions(name, partitions));
    }
    this.arrivals.start();
  }

  private loopUntilEnd(job: JobMaster, { end, lastInWorld }: JobRun): Omit<Ending, "master"> {
    const { loop, world, arrivals } = this;
    const { limits } = world;
    if (this.jobs === 1) this.beginArrivals();
    const lastUs = (world.startMs + limits.maxVirtualMs) * 1000;
    const ending = new EndOfJob(job, end, loop);
    job.start();
    for (;;) {
      if (job.status === "finished" || job.status === "canceled") return { status: job.status, failure: null };
      if (job.status === "failed") {
        const { failure } = job;
        return { status: "failed", failure: failure === null ? null : jobFailureOf(failure, loop.currentMs(), this.options.positionOf) };
      }
      if (job.restarts > limits.maxRestarts)
        throw new RunLimitReached("LIMIT_RESTARTS", `The job restarted more than ${limits.maxRestarts} times.`);
      if (loop.steps >= limits.maxSteps) throw new RunLimitReached("LIMIT_STEPS", `The run took more than ${limits.maxSteps} steps.`);
      if (loop.idle) {
        ending.request();
        const request = this.restartRequest;
        if (request !== null && job.stop(false, request.format)) request.accepted = true;
        const nextUs = loop.nextDueUs();
        const noneToCome = arrivals.done || !lastInWorld;
        if (end.kind === "drain" && noneToCome && nextUs > loop.nowUs && job.quiet && this.systemsAtRest()) ending.drain();
        else if (nextUs > lastUs) {
          throw new RunLimitReached("LIMIT_VIRTUAL_TIME", `The run did not end within ${limits.maxVirtualMs} ms of virtual time.`);
        }
      }
      loop.step();
    }
  }

  private systemsAtRest(): boolean {
    return this.systems.all().every(({ atRest }) => atRest !== false);
  }

  /** One of the world's systems. @throws Diagnostic SYSTEM_UNKNOWN */
  system<S extends OutsideSystem>(name: string, type: abstract new (...args: never[]) => S): S {
    return this.systems.get(name, type);
  }

  /** What is left, seen from the last job. */
  outcome({ status, failure, master }: Ending): RunOutcome {
    const { journal, loop, options } = this;
    return {
      status: status === "canceled" ? "finished" : status,
      failure,
      endMs: loop.currentMs(),
      restarts: this.before.restarts + (master?.restarts ?? 0),
      exceptions: master?.exceptionHistory ?? { entries: [], truncated: false },
      faults: Object.fromEntries(journal.struckFaults),
      completedCheckpoints: this.before.completedCheckpoints + (master?.coordinator.completedCount ?? 0),
      topics: this.topics(),
      systems: this.systems.all().map((system) => ({ kind: system.kind, name: system.name, contents: system.outcome() })),
      printed: this.printed,
      stateSizes: master?.stateMeter.sizes() ?? [],
      keyGroupSizes: master?.stateMeter.keyGroupSizes() ?? [],
      peakStateBytes: master?.stateMeter.peakBytes ?? 0,
      counters: master?.totals.values() ?? {},
      accumulators: plainResults(master?.report.accumulators ?? new Map()),
      metrics: options.metrics === false ? NO_METRICS : this.metrics(master),
      savepoint: options.keepSavepoint === true ? (master?.savepoint ?? null) : null,
      recording: this.recorder?.finish(master?.jobGraph ?? null, this.world.cluster.taskManagers) ?? null,
      fingerprint: journal.hex(),
    };
  }

  private metrics(master: Ending["master"]): RunMetrics {
    return {
      job: this.journal.jobMetrics.values(this.loop.currentMs()),
      checkpoints: (master?.coordinator.statistics ?? new CheckpointStatisticsRecorder(0)).statistics,
      enumerators: master?.report.enumerators() ?? [],
      subtasks: master?.report.tasks() ?? [],
    };
  }

  /** Topics that the job wrote to, and those that nobody outside writes to. */
  private topics(): TopicOutcome[] {
    const { broker, journal, world } = this;
    const fed = new Set(world.topics.filter((topic) => topic.arrivals.length > 0).map((topic) => topic.name));
    return broker
      .topicNames()
      .filter((name) => !fed.has(name) || journal.wroteTo(name))
      .map((name) => ({ name, records: [...broker.uncommittedView(name)].sort(byVisibility) }));
  }
}

const NO_METRICS: RunMetrics = {
  job: {},
  checkpoints: new CheckpointStatisticsRecorder(0).statistics,
  enumerators: [],
  subtasks: [],
};

function plainResults(results: ReadonlyMap<string, unknown>): Record<string, unknown> {
  const plain = (result: unknown): unknown => (typeof result === "function" ? String(result) : JSON.parse(jsonText(result ?? null)));
  return Object.fromEntries([...results].map(([name, result]) => [name, plain(result)]));
}

type LogRow = ReturnType<LogBroker["uncommittedView"]>[number];

function byVisibility(a: LogRow, b: LogRow): number {
  const aMs = a.committedAtMs ?? Number.MAX_VALUE;
  const bMs = b.committedAtMs ?? Number.MAX_VALUE;
  return aMs - bMs || a.partition - b.partition || a.offset - b.offset;
}

/** Mistakes in a name: hosts find the name in the program, which says more than the place of the operator that stumbled over it. */
const NAMED_IN_THE_PROGRAM: ReadonlySet<string> = new Set(["KAFKA_UNKNOWN_TOPIC"]);

function placeOf(failure: TaskFailure, positionOf: RunOptions["positionOf"]): Partial<JobFailure> {
  const position = positionOf?.(failure.cause) ?? (NAMED_IN_THE_PROGRAM.has(failure.code) ? undefined : failure.position);
  return {
    ...(position === undefined ? {} : { position }),
    ...(failure.operator === undefined ? {} : { operator: failure.operator }),
    ...(failure.record === undefined ? {} : { record: failure.record }),
  };
}

function jobFailureOf(failure: TaskFailure, atMs: number, positionOf: RunOptions["positionOf"]): JobFailure {
  const place = placeOf(failure, positionOf);
  const recovery = failure.recovery === undefined ? {} : { recovery: failure.recovery };
  const common = { code: failure.code, message: failure.message, ...recovery, ...place, atMs };
  if (!(failure.cause instanceof Diagnostic)) return common;
  const { data } = failure.cause;
  // What an operator finds out by itself is shown where the program made that operator.
  return { ...common, diagnostic: data.span !== undefined || place.position === undefined ? data : { ...data, span: place.position } };
}
