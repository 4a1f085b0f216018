/** Runs a program in a world; see ARCHITECTURE.md. */
import type { SourcePosition } from "../graph/stream-graph.ts";
import type { RestoreSettings } from "../runtime/checkpoint/savepoint.ts";
import type { StepPoint } from "../runtime/run-observer.ts";

export interface RunOptions {
  /** Keep a recording (default false). Recording changes nothing in what the run does. */
  readonly record?: boolean;
  /** Most events kept in a recording (default 100,000). */
  readonly maxRecordingEvents?: number;
  /** Start the job from this savepoint (default: empty). */
  readonly startFrom?: RestoreSettings;
  /** Give the last savepoint back in the outcome (default false). */
  readonly keepSavepoint?: boolean;
  /** False: `RunOutcome.metrics` is that of a job which never ran. Default true. */
  readonly metrics?: boolean;
  /** Measure what is in each key group as well; see `RunOutcome.keyGroupSizes` (default false). */
  readonly measureKeyGroups?: boolean;
  /** Told of every point at which a fault can strike, those inside tasks included; changes nothing in what the run does. */
  readonly onStep?: (point: StepPoint) => void;
  /** Hosts that know where the user's code is (by parsing a stack trace) tell where an exception came from; asked for failures only. */
  readonly positionOf?: (cause: unknown) => SourcePosition | undefined;
}

export { runWorld } from "./run-world.ts";
