import type { ComputationState } from "./computation-state.ts";
import type { IterativeConditionContext } from "./conditions.ts";
import type { SharedBuffer } from "./shared-buffer.ts";
import { invariant } from "../../base/invariant.ts";

/** Events by pattern name. */
export type Match = Map<string, unknown[]>;

const NO_EVENTS: readonly unknown[] = [];

/** What conditions see of the run they are asked for. One object serves all; the events so far are looked up only when asked for. */
export class RunContext implements IterativeConditionContext<unknown> {
  readonly #current: CurrentRun;
  readonly #processingTime: () => number;

  constructor(current: CurrentRun, processingTime: () => number) {
    this.#current = current;
    this.#processingTime = processingTime;
  }

  getEventsForPattern(name: string): readonly unknown[] {
    return this.#current.matched().get(name) ?? NO_EVENTS;
  }

  timestamp(): number {
    return this.#current.timestampMs;
  }

  currentProcessingTime(): number {
    return this.#processingTime();
  }
}

/** The run that conditions are asked for. */
export class CurrentRun {
  timestampMs = 0;
  private readonly buffer: SharedBuffer;
  private run: ComputationState | null = null;
  private events: Match | null = null;

  constructor(buffer: SharedBuffer) {
    this.buffer = buffer;
  }

  set(run: ComputationState, timestampMs: number): void {
    this.run = run;
    this.timestampMs = timestampMs;
    this.events = null;
  }

  matched(): Match {
    this.events ??= eventsOfRun(this.buffer, this.run);
    return this.events;
  }
}

/** The events that a run has taken. */
export function eventsOfRun(buffer: SharedBuffer, run: ComputationState | null): Match {
  if (run === null || run.previousNode === null) return new Map();
  const paths = buffer.extractPatterns(run.previousNode, run.version);
  invariant(paths.length <= 1, "a run has more than one path through the shared buffer");
  return paths.length === 0 ? new Map() : buffer.materialize(paths[0]);
}
