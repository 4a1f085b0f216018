import { SWARM_JOBS } from "./swarm-jobs/all.ts";
import { CANARIES } from "./swarm-jobs/all-canaries.ts";
import type { SwarmJob } from "./swarm-jobs/swarm-job.ts";

/** Jobs whose names have this part; a canary only by its whole name. */
export function jobsNamed(name: string): readonly SwarmJob[] {
  const exact = [...SWARM_JOBS, ...CANARIES].filter((job) => job.name === name);
  return exact.length > 0 ? exact : SWARM_JOBS.filter((job) => job.name.includes(name));
}

/** Seeds take the jobs in turn. */
export function jobOfSeed(jobs: readonly SwarmJob[], seed: number): SwarmJob {
  return jobs[seed % jobs.length];
}
