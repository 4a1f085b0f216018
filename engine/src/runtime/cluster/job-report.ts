/** What a job's tasks and enumerators say of themselves: now, or when the attempt ended that they belonged to. */
import { accumulatorResults } from "../../flow/accumulators/accumulator-registry.ts";
import type { JobGraph } from "../../graph/job-graph.ts";
import type { OperatorMetrics, SubtaskMetrics, SubtaskSample, TaskMetrics } from "../metrics/subtask-metrics.ts";
import type { Subtask } from "../subtask.ts";
import type { SourceCoordinators } from "./source-coordinators.ts";

/** Whose reports they are. */
export interface ReportingJob {
  readonly jobGraph: JobGraph;
  tasks(): readonly Subtask[];
}

export class JobReport {
  private readonly job: ReportingJob;
  private readonly sources: SourceCoordinators;
  /** Of a batch job: tasks of stages that have ended. */
  private earlier: readonly TaskMetrics[] = [];
  private lastTasks: readonly SubtaskMetrics[] = [];
  private lastEnumerators: readonly OperatorMetrics[] = [];
  /** Accumulator results of the attempt that ended last, by name. */
  accumulators: ReadonlyMap<string, unknown> = new Map();

  constructor(job: ReportingJob, sources: SourceCoordinators) {
    this.job = job;
    this.sources = sources;
  }

  /** Those of the subtasks. Tasks whose process is gone report nothing. */
  tasks(): readonly SubtaskMetrics[] {
    if (this.job.tasks().length === 0) return this.lastTasks;
    return this.reporting().map((metrics) => metrics.report());
  }

  /** Those of the enumerators. */
  enumerators(): readonly OperatorMetrics[] {
    return this.sources.metrics(this.job.jobGraph) ?? this.lastEnumerators;
  }

  /** The load of all subtasks; asks nothing of the user's. */
  load(): readonly SubtaskSample[] {
    return this.reporting().map((metrics) => metrics.sample());
  }

  reporting(): readonly TaskMetrics[] {
    const current = this.job.tasks().flatMap(({ closed, metrics }) => (closed || metrics === null ? [] : [metrics]));
    return this.earlier.length === 0 ? current : [...this.earlier, ...current];
  }

  /** The tasks are about to go. */
  attemptEnds(): void {
    this.lastTasks = this.tasks();
    this.lastEnumerators = this.enumerators();
    this.accumulators = accumulatorResults(this.reporting().map(({ accumulators }) => accumulators));
  }

  /** These, of stages that have ended, stay in the report. */
  keep(tasks: readonly TaskMetrics[]): void {
    this.earlier = tasks;
  }
}
