/** Collects the events of a run up to a limit. */
import type { JobGraph } from "../../graph/job-graph.ts";
import type { Recording } from "../outcome.ts";
import type { RecordingEvent } from "./events.ts";

export class Recorder {
  private readonly events: RecordingEvent[] = [];
  private readonly maxEvents: number;
  private truncated = false;

  constructor(maxEvents: number) {
    this.maxEvents = maxEvents;
  }

  add(event: RecordingEvent): void {
    if (this.events.length < this.maxEvents) this.events.push(event);
    else this.truncated = true;
  }

  finish(jobGraph: JobGraph | null): Recording {
    const vertices = (jobGraph?.vertices ?? []).map((vertex) => ({
      id: vertex.id,
      name: vertex.name,
      parallelism: vertex.parallelism,
      inputs: vertex.inputs.map((edge) => edge.source.id),
    }));
    return { format: 1, vertices, events: this.events, truncated: this.truncated };
  }
}
