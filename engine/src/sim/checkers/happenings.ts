/** What must hold on the way, read from the recording: watermarks rise, timers wait for them, checkpoints are whole. */
import type { RecordingEvent } from "../recording/events.ts";
import type { Checker } from "./checker.ts";

type CheckpointEvent = Extract<RecordingEvent, { readonly kind: "checkpoint" }>;

/** A subtask's watermark never falls while the task lives. */
export const watermarksRise: Checker = {
  name: "watermarks rise",
  check({ outcome }) {
    const highest = new Map<string, number>();
    for (const event of outcome.recording?.events ?? []) {
      if (startsAnew(event)) highest.clear();
      if (event.kind !== "watermark") continue;
      const place = `${event.v}/${event.s}`;
      const before = highest.get(place) ?? Number.NEGATIVE_INFINITY;
      if (event.watermarkMs < before)
        return `the watermark of vertex ${event.v}, subtask ${event.s} fell from ${before} to ${event.watermarkMs}`;
      highest.set(place, event.watermarkMs);
    }
    return null;
  },
};

/** No timer fires before its time has come: the watermark's in event time, the clock's in processing time. */
export const timersWait: Checker = {
  name: "timers wait for their time",
  check({ outcome }) {
    const watermarks = new Map<string, number>();
    for (const event of outcome.recording?.events ?? []) {
      if (startsAnew(event)) watermarks.clear();
      if (event.kind === "watermark") watermarks.set(`${event.v}/${event.s}`, event.watermarkMs);
      if (event.kind !== "timer") continue;
      const { v, s, domain, timestampMs } = event;
      const nowMs = domain === "processing" ? event.t : (watermarks.get(`${v}/${s}`) ?? Number.NEGATIVE_INFINITY);
      if (timestampMs > nowMs) return `a timer of ${domain} time ${timestampMs} fired at ${nowMs} in vertex ${v}, subtask ${s}`;
    }
    return null;
  },
};

/**
 * Checkpoints are numbered upwards; one completes at most once, after it was triggered and only while it was not given up; every task
 * that passed its barrier is in it; and a restart takes the last one that completed.
 */
export const checkpointsAreWhole: Checker = {
  name: "checkpoints are whole",
  check({ outcome }) {
    const story = new CheckpointStory();
    for (const event of outcome.recording?.events ?? []) {
      if (event.kind !== "checkpoint") continue;
      const problem = story.next(event);
      if (problem !== null) return problem;
    }
    return null;
  },
};

class CheckpointStory {
  private newest = 0;
  private completed = 0;
  private readonly pending = new Map<number, { readonly barriers: Set<string>; readonly snapshots: Set<string> }>();

  next({ what, checkpoint, v, s }: CheckpointEvent): string | null {
    const pending = this.pending.get(checkpoint);
    const place = `${v}/${s}`;
    switch (what) {
      case "triggered":
        if (checkpoint <= this.newest) return `checkpoint ${checkpoint} was triggered after checkpoint ${this.newest}`;
        this.newest = checkpoint;
        this.pending.set(checkpoint, { barriers: new Set(), snapshots: new Set() });
        return null;
      case "barrier":
        pending?.barriers.add(place);
        return null;
      case "snapshot":
        if (pending === undefined) return `a snapshot of checkpoint ${checkpoint} was taken in though the checkpoint was over`;
        if (pending.snapshots.has(place)) return `${place} acknowledged checkpoint ${checkpoint} twice`;
        pending.snapshots.add(place);
        return null;
      case "completed": {
        if (pending === undefined) return `checkpoint ${checkpoint} completed without being under way`;
        const missing = [...pending.barriers].find((task) => !pending.snapshots.has(task));
        if (missing !== undefined) return `checkpoint ${checkpoint} completed without the snapshot of ${missing}`;
        if (checkpoint < this.completed) return `checkpoint ${checkpoint} completed after checkpoint ${this.completed}`;
        this.pending.delete(checkpoint);
        this.completed = checkpoint;
        return null;
      }
      case "aborted":
        this.pending.delete(checkpoint);
        return null;
      case "restored":
        this.pending.clear();
        return checkpoint === this.completed
          ? null
          : `checkpoint ${checkpoint} was restored though ${this.completed} was the last to complete`;
    }
  }
}

/** New tasks know nothing of the watermarks of those before them. */
function startsAnew(event: RecordingEvent): boolean {
  return event.kind === "job" && (event.what === "restarting" || event.what === "running");
}
