/** Runs a program in a world. Implemented by the simulated cluster; see ARCHITECTURE.md. */
import type { JobProgram } from "../graph/stream-graph.ts";
import type { RunOutcome } from "./outcome.ts";
import type { World } from "./world.ts";

export interface RunOptions {
  /** Keep a recording (default false). */
  readonly record?: boolean;
  /** Most events kept in a recording (default 100,000). */
  readonly maxRecordingEvents?: number;
}

export declare function runWorld(program: JobProgram, world: World, options?: RunOptions): RunOutcome;
