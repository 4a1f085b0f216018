/**
 * Runs a program in a world, from the start of the job to its end, on one event loop. Synchronous and deterministic: the world's seed is
 * the only source of chance, virtual time the only clock.
 */
import { Diagnostic } from "../base/diagnostic.ts";
import { InvariantViolation } from "../base/invariant.ts";
import { Prng } from "../base/prng.ts";
import { LogBroker } from "../connectors/log/log-broker.ts";
import { LOG, type StandardOutput, STDOUT } from "../connectors/outside.ts";
import { SimulatedServices } from "../connectors/service/simulated-services.ts";
import { OutsideSystems, SYSTEMS } from "../connectors/systems/outside-system.ts";
import { SYSTEM_FACTORIES } from "../connectors/systems/system-factories.ts";
import { SERVICES } from "../flow/external-service.ts";
import type { OutsideWorld } from "../flow/operator.ts";
import type { JobProgram } from "../graph/stream-graph.ts";
import { JobMaster } from "../runtime/cluster/job-master.ts";
import { EventLoop } from "../runtime/event-loop.ts";
import { RunLimitReached } from "../runtime/run-limit.ts";
import { type TaskFailure, taskFailureOf } from "../runtime/task-failure.ts";
import { ArrivalFeeder } from "./arrivals.ts";
import { costModelOf, timingOf } from "./cost-model.ts";
import { FaultPlan } from "./fault-plan.ts";
import type { JobFailure, RunOutcome, RunStatus, TopicOutcome } from "./outcome.ts";
import { jsonText } from "./recording/recorded-value.ts";
import { Recorder } from "./recording/recorder.ts";
import type { RunOptions } from "./run.ts";
import { RunJournal } from "./run-journal.ts";
import type { World } from "./world.ts";

const DEFAULT_MAX_EVENTS = 100_000;

/**
 * @throws InvariantViolation for a bug of the engine, and nothing else: whatever the program does wrong is in the outcome.
 */
export function runWorld(program: JobProgram, world: World, options: RunOptions = {}): RunOutcome {
  return new WorldRun(program, world, options).run();
}

interface Ending {
  readonly status: RunStatus;
  readonly failure: JobFailure | null;
}

class WorldRun {
  private readonly program: JobProgram;
  private readonly world: World;
  private readonly options: RunOptions;
  private readonly seed: Prng;
  private readonly loop: EventLoop;
  private readonly recorder: Recorder | null;
  private readonly journal: RunJournal;
  private readonly broker: LogBroker;
  private readonly systems: OutsideSystems;
  private readonly printed: string[] = [];
  private job: JobMaster | null = null;
  private stopRequested = false;

  constructor(program: JobProgram, world: World, options: RunOptions) {
    const defaults = { parallelism: world.cluster.parallelism };
    this.program = { instantiate: () => program.instantiate(defaults) };
    this.world = world;
    this.options = options;
    this.seed = new Prng(world.seed);
    this.loop = new EventLoop(world.startMs, this.seed.fork("scheduler"));
    this.recorder = options.record === true ? new Recorder(options.maxRecordingEvents ?? DEFAULT_MAX_EVENTS) : null;
    this.journal = new RunJournal(this.loop, this.recorder, { maxOutputRecords: world.limits.maxOutputRecords, onStep: options.onStep });
    this.broker = new LogBroker(this.loop, this.journal);
    for (const { name, partitions } of world.topics) this.broker.createTopic(name, partitions);
    const host = { clock: this.loop, random: this.seed.fork("systems"), observer: this.journal, broker: this.broker };
    this.systems = new OutsideSystems(world.systems ?? [], SYSTEM_FACTORIES, host);
  }

  run(): RunOutcome {
    return this.outcome(this.runToEnd());
  }

  private runToEnd(): Ending {
    try {
      this.job = this.submit();
    } catch (error) {
      if (error instanceof InvariantViolation) throw error;
      return {
        status: "rejected",
        failure: jobFailureOf(taskFailureOf(error, undefined, undefined), this.world.startMs, this.options.positionOf),
      };
    }
    try {
      return this.loopUntilEnd(this.job);
    } catch (error) {
      if (!(error instanceof RunLimitReached)) throw error;
      const last = this.job.failure;
      this.job.cancel();
      const message = error.code === "LIMIT_RESTARTS" && last !== null ? `${error.message} Last failure: ${last.message}` : error.message;
      return {
        status: "limit",
        failure: {
          ...(last === null ? {} : placeOf(last, this.options.positionOf)),
          code: error.code,
          message,
          atMs: this.loop.currentMs(),
        },
      };
    }
  }

  private submit(): JobMaster {
    const { world, loop, journal } = this;
    const job = new JobMaster(this.program, loop, journal, this.seed.fork("job"), {
      defaults: { parallelism: world.cluster.parallelism },
      taskManagers: world.cluster.taskManagers,
      slotsPerTaskManager: world.cluster.slotsPerTaskManager,
      costOf: costModelOf(world.costsUs),
      timing: timingOf(world.costsUs, world.cluster.channelCapacity),
      outside: this.outside(),
    });
    const faults = new FaultPlan(world.faults, loop, (fault) => journal.fault(fault));
    journal.attach(job.jobGraph, faults);
    if (this.recorder !== null) this.recorder.sampler = () => job.sampleLoad();
    faults.arm(job, this.systems, this.broker);
    return job;
  }

  private outside(): OutsideWorld {
    const output: StandardOutput = {
      printLine: (line) => {
        this.printed.push(line);
        this.journal.countOutput();
      },
    };
    const services = new SimulatedServices(this.world.services ?? [], this.broker, this.loop, this.seed.fork("services"));
    const systems = new Map<string, unknown>([
      [LOG, this.broker],
      [STDOUT, output],
      [SERVICES, services],
      [SYSTEMS, this.systems],
    ]);
    return (system) => systems.get(system);
  }

  private loopUntilEnd(job: JobMaster): Ending {
    const { loop, world } = this;
    const { end, limits } = world;
    for (const { name, growth = [] } of world.topics) {
      for (const { atMs, partitions } of growth) loop.schedule(atMs, () => this.broker.addPartitions(name, partitions));
    }
    const arrivals = new ArrivalFeeder(world.topics, this.broker, loop);
    const lastUs = (world.startMs + limits.maxVirtualMs) * 1000;
    if (end.kind === "cancel") loop.schedule(end.atMs, () => job.cancel());
    if (end.kind === "stop") loop.schedule(end.atMs, () => this.requestStop());
    job.start();
    for (;;) {
      if (job.status === "finished") return { status: "finished", failure: null };
      if (job.status === "failed") {
        const { failure } = job;
        return { status: "failed", failure: failure === null ? null : jobFailureOf(failure, loop.currentMs(), this.options.positionOf) };
      }
      if (job.restarts > limits.maxRestarts)
        throw new RunLimitReached("LIMIT_RESTARTS", `The job restarted more than ${limits.maxRestarts} times.`);
      if (loop.steps >= limits.maxSteps) throw new RunLimitReached("LIMIT_STEPS", `The run took more than ${limits.maxSteps} steps.`);
      if (loop.idle) {
        if (this.stopRequested) job.stop(false);
        const nextUs = loop.nextDueUs();
        if (end.kind === "drain" && arrivals.done && nextUs > loop.nowUs && job.quiet) job.stop(true);
        else if (nextUs > lastUs) {
          throw new RunLimitReached("LIMIT_VIRTUAL_TIME", `The run did not end within ${limits.maxVirtualMs} ms of virtual time.`);
        }
      }
      loop.step();
    }
  }

  /** A job that is just restarting is stopped as soon as it runs again. */
  private requestStop(): void {
    this.stopRequested = true;
  }

  private outcome({ status, failure }: Ending): RunOutcome {
    const { job, journal, loop } = this;
    return {
      status,
      failure,
      endMs: loop.currentMs(),
      restarts: job?.restarts ?? 0,
      completedCheckpoints: job?.coordinator.completedCount ?? 0,
      topics: this.topics(),
      systems: this.systems.all().map((system) => ({ kind: system.kind, name: system.name, contents: system.outcome() })),
      printed: this.printed,
      stateSizes: job?.stateMeter.sizes() ?? [],
      peakStateBytes: job?.stateMeter.peakBytes ?? 0,
      counters: job?.counterTotals() ?? {},
      accumulators: plainResults(job?.accumulators ?? new Map()),
      metrics: {
        job: journal.jobMetrics.values(loop.currentMs()),
        enumerators: job?.enumeratorMetrics() ?? [],
        subtasks: job?.taskMetrics() ?? [],
      },
      recording: this.recorder?.finish(job?.jobGraph ?? null) ?? null,
      fingerprint: journal.hex(),
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
