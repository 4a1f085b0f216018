import { CHANGE_JOBS } from "./changes.ts";
import { KEYED_JOBS } from "./keyed.ts";
import { OUTSIDE_JOBS } from "./outside.ts";
import { SEVERAL_INPUT_JOBS } from "./several-inputs.ts";
import { SINK_JOBS } from "./sinks.ts";
import { SQL_JOBS } from "./sql.ts";
import type { SwarmJob } from "./swarm-job.ts";
import { SYSTEM_JOBS } from "./systems.ts";
import { WINDOW_JOBS } from "./windows.ts";

export const SWARM_JOBS: readonly SwarmJob[] = [
  ...WINDOW_JOBS,
  ...KEYED_JOBS,
  ...SEVERAL_INPUT_JOBS,
  ...OUTSIDE_JOBS,
  ...SINK_JOBS,
  ...SYSTEM_JOBS,
  ...CHANGE_JOBS,
  ...SQL_JOBS,
];
