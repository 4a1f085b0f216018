/**
 * Every moment at which a job could die, tried one after the other.
 *
 * A first run, in which nothing dies, tells of each step that the job manager and the tasks take: begin, write, barrier, flush, pre-commit,
 * snapshot, acknowledgement, completion, notification, commit. Then there is one run for each of these points, before and after the step, in
 * which exactly there a process dies: the task manager on which the task runs; for a step of the job manager, the job manager, and each task
 * manager in turn. Up to that point such a run is the first one, step by step, since nothing is left to chance; so no point can be missed.
 *
 * What comes of each is what consumers have read at the end, with `read_committed` and with `read_uncommitted`, against the first run.
 */
import type { CheckpointStep } from "../../flow/checkpoint-step.ts";
import { buildJobGraph } from "../../graph/job-graph-builder.ts";
import type { JobGraph } from "../../graph/job-graph.ts";
import type { JobProgram } from "../../graph/stream-graph.ts";
import { SlotPool } from "../../runtime/cluster/slot-pool.ts";
import type { StepPoint } from "../../runtime/run-observer.ts";
import type { JobFailure, RunStatus } from "../outcome.ts";
import { runWorld } from "../run.ts";
import type { Fault, World } from "../world.ts";
import { type MissingCondition, without } from "./conditions.ts";
import { type Expected, expectedOf, type Reading, readCommitted, readUncommitted } from "./readings.ts";

/** One moment, and who dies then. */
export interface CrashPoint {
  readonly step: CheckpointStep;
  readonly at: "before" | "after";
  readonly checkpoint: number;
  /** Name of the vertex and number of the subtask that takes the step (or acknowledges); null = the job manager's own. */
  readonly vertex: string | null;
  readonly subtask: number | null;
  /** The how-manieth such point, from 1: a task writes many records for one checkpoint. */
  readonly occurrence: number;
  /** A task manager counted from 0, or the job manager. */
  readonly victim: number | "job manager";
}

/** What came of a crash. */
export interface CrashResult {
  readonly point: CrashPoint;
  readonly status: RunStatus;
  readonly failure: JobFailure | null;
  readonly restarts: number;
  /** What a consumer with isolation level `read_committed` has got. */
  readonly committed: Reading;
  /** What a consumer with isolation level `read_uncommitted` has got. */
  readonly uncommitted: Reading;
}

/** All crash points of a job in a world. */
export interface CrashPointReport {
  readonly missing: MissingCondition;
  /** Records that a consumer has to get. */
  readonly expectedRecords: number;
  readonly results: readonly CrashResult[];
  /** Points that `maxRuns` left out, the last ones; 0 = all were tried. */
  readonly leftOut: number;
}

/** How to go about it. */
export interface CrashPointOptions {
  /** Run the job without one of the conditions of exactly-once. Default: with all. */
  readonly missing?: MissingCondition;
  /** Crash points to be tried at most. Default 10,000. */
  readonly maxRuns?: number;
}

/** The job could not even be run without a crash. */
export class CrashPointsImpossible extends Error {
  readonly failure: JobFailure | null;

  constructor(status: RunStatus, failure: JobFailure | null) {
    super(`Without any crash the run ended as ${status}: ${failure?.message ?? "without a cause"}`);
    this.name = "CrashPointsImpossible";
    this.failure = failure;
  }
}

/**
 * Crashes the job at each of its points. The world's own faults strike as well, so a world without any says most.
 *
 * @throws CrashPointsImpossible when the job does not finish by itself.
 */
export function crashPoints(program: JobProgram, world: World, options: CrashPointOptions = {}): CrashPointReport {
  const { missing = "none", maxRuns = 10_000 } = options;
  const changed = without(program, missing);
  const graph = buildJobGraph(changed.instantiate(defaultsOf(world)));
  const { points, expected } = firstRun(changed, world);
  const crashes = points.flatMap((point) => crashesAt(point, graph, world));
  const results = crashes.slice(0, maxRuns).map(({ point, fault }) => crashed(changed, world, expected, point, fault));
  const expectedRecords = [...expected.values()].reduce((sum, count) => sum + count, 0);
  return { missing, expectedRecords, results, leftOut: crashes.length - results.length };
}

interface NumberedPoint extends StepPoint {
  readonly occurrence: number;
}

function defaultsOf({ cluster: { parallelism, configuration } }: World) {
  return { parallelism, ...(configuration === undefined ? {} : { configuration }) };
}

function firstRun(program: JobProgram, world: World): { readonly points: readonly NumberedPoint[]; readonly expected: Expected } {
  const points: NumberedPoint[] = [];
  const seen = new Map<string, number>();
  const onStep = (point: StepPoint) => {
    const name = JSON.stringify(point);
    const occurrence = (seen.get(name) ?? 0) + 1;
    seen.set(name, occurrence);
    points.push({ ...point, occurrence });
  };
  const outcome = runWorld(program, world, { onStep });
  if (outcome.status !== "finished") throw new CrashPointsImpossible(outcome.status, outcome.failure);
  return { points, expected: expectedOf(outcome) };
}

interface Crash {
  readonly point: CrashPoint;
  readonly fault: Fault;
}

function crashesAt(point: NumberedPoint, graph: JobGraph, world: World): Crash[] {
  const { step, at, checkpoint, v, s, occurrence } = point;
  const { taskManagers, slotsPerTaskManager } = world.cluster;
  const vertex = v === null ? null : graph.vertices[v];
  const place = { step, at, checkpoint, vertex: vertex?.name ?? null, subtask: s, occurrence };
  const when = {
    kind: "step",
    step,
    at,
    checkpoint,
    occurrence,
    ...(v === null ? {} : { vertex: v }),
    ...(s === null ? {} : { subtask: s }),
  } as const;
  const ofTaskManager = (taskManager: number): Crash => ({
    point: { ...place, victim: taskManager },
    fault: { kind: "crashTaskManager", taskManager, when },
  });
  if (vertex === null || s === null || step === "ack") {
    const jobManager: Crash = { point: { ...place, victim: "job manager" }, fault: { kind: "crashJobManager", when } };
    return [jobManager, ...Array.from({ length: taskManagers }, (_, taskManager) => ofTaskManager(taskManager))];
  }
  const slots = new SlotPool(taskManagers, slotsPerTaskManager, graph);
  return [ofTaskManager(slots.taskManagerOf(vertex, s))];
}

function crashed(program: JobProgram, world: World, expected: Expected, point: CrashPoint, fault: Fault): CrashResult {
  const outcome = runWorld(program, { ...world, faults: [...world.faults, fault] });
  const { status, failure, restarts } = outcome;
  return {
    point,
    status,
    failure,
    restarts,
    committed: readCommitted(outcome, expected),
    uncommitted: readUncommitted(outcome, expected),
  };
}
