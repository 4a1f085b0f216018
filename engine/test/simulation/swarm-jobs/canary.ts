import type { SwarmJob } from "./swarm-job.ts";

/** A job that is broken on purpose. */
export interface Canary extends SwarmJob {
  /** The checker that has to complain. */
  readonly caughtBy: string;
}
