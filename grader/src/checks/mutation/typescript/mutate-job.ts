/** All mistakes that can be put into a job in TypeScript. Add a family: its file, and one line here. */
import ts from "typescript";
import type { Change } from "../mutant.ts";
import { conditions } from "./conditions.ts";
import { delivery, twoPhases } from "./delivery.ts";
import { extremes } from "./extremes.ts";
import { type JobText, type Mutator, parseJob } from "./job-text.ts";
import { keys } from "./keys.ts";
import { queries } from "./queries.ts";
import { requests } from "./requests.ts";
import { spans } from "./spans.ts";
import { merges, operatorState, stateUpdates, timers, timeToLive, uids } from "./state.ts";
import { tableApi } from "./table-api.ts";
import { watermarks } from "./watermarks.ts";
import { windowExtras } from "./window-extras.ts";
import { windows } from "./windows.ts";

const FAMILIES: readonly Mutator[] = [
  watermarks,
  windows,
  windowExtras,
  spans,
  conditions,
  extremes,
  keys,
  timeToLive,
  stateUpdates,
  merges,
  operatorState,
  timers,
  uids,
  delivery,
  twoPhases,
  requests,
  tableApi,
  queries,
];

/** @param given given.ts; names the fields that records have. */
export function changesOfJob(text: string, given: string, kind: string): Change[] {
  const job: JobText = parseJob(text, given, kind);
  const changes: Change[] = [];
  const visit = (node: ts.Node): void => {
    for (const family of FAMILIES) changes.push(...family(node, job));
    ts.forEachChild(node, visit);
  };
  visit(job.source);
  return changes;
}
