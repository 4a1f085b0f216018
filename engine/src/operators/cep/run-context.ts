import type { ComputationState } from "./computation-state.ts";
import type { IterativeConditionContext } from "./conditions.ts";
import type { SharedBuffer } from "./shared-buffer.ts";
import { invariant } from "../../base/invariant.ts";

/** Events by pattern name. */
export type Match = Map<string, unknown[]>;

const NO_EVENTS: readonly unknown[] = [];

/** What conditions see of the run they are asked for. One object serves all; the events so far are looked up only when asked for. */
export class RunContext implements IterativeConditionContext<unknown> {
  private readonly buffer: SharedBuffer;
  private readonly processingTime: () => number;
  private run: ComputationState | null = null;
  private timestampMs = 0;
  private matched: Match | null = null;

  constructor(buffer: SharedBuffer, processingTime: () => number) {
    this.buffer = buffer;
    this.processingTime = processingTime;
  }

  of(run: ComputationState, timestampMs: number): void {
    this.run = run;
    this.timestampMs = timestampMs;
    this.matched = null;
  }

  getEventsForPattern(name: string): readonly unknown[] {
    this.matched ??= eventsOfRun(this.buffer, this.run);
    return this.matched.get(name) ?? NO_EVENTS;
  }

  timestamp(): number {
    return this.timestampMs;
  }

  currentProcessingTime(): number {
    return this.processingTime();
  }
}

/** The events that a run has taken. */
export function eventsOfRun(buffer: SharedBuffer, run: ComputationState | null): Match {
  if (run === null || run.previousNode === null) return new Map();
  const paths = buffer.extractPatterns(run.previousNode, run.version);
  invariant(paths.length <= 1, "a run has more than one path through the shared buffer");
  return paths.length === 0 ? new Map() : buffer.materialize(paths[0]);
}
