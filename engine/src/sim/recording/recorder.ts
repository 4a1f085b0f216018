/** Collects the events of a run up to a limit. */
import type { JobGraph } from "../../graph/job-graph.ts";
import type { SubtaskSample } from "../../runtime/metrics/subtask-metrics.ts";
import type { MetricSample, Recording } from "../outcome.ts";
import type { RecordingEvent } from "./events.ts";

const SAMPLE_INTERVAL_MS = 1000;

export class Recorder {
  private readonly events: RecordingEvent[] = [];
  private readonly maxEvents: number;
  private readonly samples: MetricSample[] = [];
  private nextSampleMs = Number.NEGATIVE_INFINITY;
  private truncated = false;
  /** Reads the load of all subtasks; it must not touch anything of the user's. */
  sampler: () => readonly SubtaskSample[] = () => [];

  constructor(maxEvents: number) {
    this.maxEvents = maxEvents;
  }

  add(event: RecordingEvent): void {
    if (event.t >= this.nextSampleMs) this.sample(event.t);
    if (this.events.length < this.maxEvents) this.events.push(event);
    else this.truncated = true;
  }

  /** At the first event of each second: recording brings nothing of its own onto the clock. */
  private sample(nowMs: number): void {
    this.nextSampleMs = (Math.floor(nowMs / SAMPLE_INTERVAL_MS) + 1) * SAMPLE_INTERVAL_MS;
    if (this.samples.length >= this.maxEvents) return;
    const subtasks = this.sampler();
    if (subtasks.length > 0) this.samples.push({ t: nowMs, subtasks });
  }

  finish(jobGraph: JobGraph | null): Recording {
    const vertices = (jobGraph?.vertices ?? []).map((vertex) => ({
      id: vertex.id,
      name: vertex.name,
      parallelism: vertex.parallelism,
      inputs: vertex.inputs.map((edge) => edge.source.id),
    }));
    return { format: 1, vertices, events: this.events, samples: this.samples, truncated: this.truncated };
  }
}
