/**
 * Jobs that are broken on purpose. Each promises what it cannot keep, and the simulation has to find out; one that is not caught means that
 * the simulation has gone blind.
 */
import { CLUSTER_CANARIES } from "./canaries.ts";
import type { Canary } from "./canary.ts";
import { SYSTEM_CANARIES } from "./system-canaries.ts";

export const CANARIES: readonly Canary[] = [...CLUSTER_CANARIES, ...SYSTEM_CANARIES];
