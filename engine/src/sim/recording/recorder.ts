/** Collects the events of a run up to a limit. */
import { type JobGraph, shipStrategyOf } from "../../graph/job-graph.ts";
import type { SubtaskSample } from "../../runtime/metrics/subtask-metrics.ts";
import { NO_CAUSE } from "../../runtime/run-observer.ts";
import type { MetricSample, Recording } from "../outcome.ts";
import type { RecordingEvent } from "./events.ts";
import { QueueRecorder } from "./queues.ts";
import { recordedWatermarks } from "./recorded-watermarks.ts";

const SAMPLE_INTERVAL_MS = 1000;

export class Recorder {
  private readonly events: RecordingEvent[] = [];
  private readonly maxEvents: number;
  private readonly samples: MetricSample[] = [];
  private nextSampleMs = Number.NEGATIVE_INFINITY;
  private truncated = false;
  readonly queues: QueueRecorder;
  /** What is being worked on; see `RecordingEvent`. */
  cause = NO_CAUSE;
  /** Reads the load of all subtasks; it must not touch anything of the user's. */
  sampler: () => readonly SubtaskSample[] = () => [];

  constructor(maxEvents: number) {
    this.maxEvents = maxEvents;
    this.queues = new QueueRecorder(maxEvents);
  }

  /** Its `seq`, or `NO_CAUSE` when there is no more room. */
  add(event: RecordingEvent): number {
    if (event.t >= this.nextSampleMs) this.sample(event.t);
    if (this.events.length < this.maxEvents) {
      this.queues.tell(this.events.length - 1);
      return this.events.push(event) - 1;
    }
    this.truncated = true;
    return NO_CAUSE;
  }

  /** To be spread into an event that has one. */
  get caused(): { readonly cause?: number } {
    return this.cause === NO_CAUSE ? {} : { cause: this.cause };
  }

  /** At the first event of each second: recording brings nothing of its own onto the clock. */
  private sample(nowMs: number): void {
    this.nextSampleMs = (Math.floor(nowMs / SAMPLE_INTERVAL_MS) + 1) * SAMPLE_INTERVAL_MS;
    if (this.samples.length >= this.maxEvents) return;
    const subtasks = this.sampler();
    if (subtasks.length > 0) this.samples.push({ t: nowMs, subtasks });
  }

  finish(jobGraph: JobGraph | null, taskManagers: number): Recording {
    const vertices = (jobGraph?.vertices ?? []).map((vertex) => ({
      id: vertex.id,
      name: vertex.name,
      parallelism: vertex.parallelism,
      inputs: vertex.inputs.map((edge) => edge.source.id),
      operators: vertex.operators.map(({ name }) => name),
      ...recordedWatermarks(vertex),
    }));
    const edges = (jobGraph?.edges ?? []).map(({ source, target, edge, pattern }) => ({
      source: source.id,
      target: target.id,
      ship: shipStrategyOf(edge.partitioning),
      pattern,
    }));
    const { events, samples, truncated } = this;
    if (!truncated) this.queues.tell(events.length - 1);
    return { format: 1, taskManagers, vertices, edges, events, samples, truncated, queues: this.queues.finish() };
  }
}
