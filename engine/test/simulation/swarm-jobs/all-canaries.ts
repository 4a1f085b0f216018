/**
 * Jobs that are broken on purpose. Each promises what it cannot keep, and the simulation has to find out; one that is not caught means that
 * the simulation has gone blind.
 */
import { CLUSTER_CANARIES } from "./canaries.ts";
import type { Canary } from "./canary.ts";
import { AT_LEAST_ONCE_IN_SQL } from "./sql.ts";
import { SYSTEM_CANARIES } from "./system-canaries.ts";

const SQL_CANARY: Canary = { ...AT_LEAST_ONCE_IN_SQL, name: "canary: windows in SQL without transactions", caughtBy: "exactly once" };

export const CANARIES: readonly Canary[] = [...CLUSTER_CANARIES, ...SYSTEM_CANARIES, SQL_CANARY];
