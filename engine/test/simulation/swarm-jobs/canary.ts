import type { SwarmJob } from "./swarm-job.ts";

/** A job that is broken on purpose. */
export type Canary = SwarmJob & {
  /** The checker that has to complain. */
  readonly caughtBy: string;
};
