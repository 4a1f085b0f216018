/**
 * Programs and worlds that call most of what submissions call. What they compute is of no interest; they must finish. None of it comes from a pack: a
 * process that meets a submission must not hold anybody's solution.
 */
import type { World } from "@millrace/engine/sim";
import type { LoadRequest } from "../../compile/compile-submission.ts";
import { CONNECTED, TIMERS_AND_SIDES, WINDOWS_AND_STATE } from "./datastream.ts";
import { JOINS, RANKS, SQL_GIVEN, TUMBLE, WINDOWS } from "./sql.ts";
import { WORLDS } from "./worlds.ts";

export interface WarmUp {
  readonly load: LoadRequest;
  readonly worlds: readonly World[];
}

/** For V8's code that is kept in files: what nearly every program calls. */
export const COMMON: readonly WarmUp[] = [datastream(WINDOWS_AND_STATE), sql(TUMBLE)];

/** For a process that is to be fast. */
export const BROAD: readonly WarmUp[] = [
  ...COMMON,
  datastream(CONNECTED),
  sql(WINDOWS),
  datastream(TIMERS_AND_SIDES),
  sql(RANKS),
  sql(JOINS),
];

function datastream(script: string): WarmUp {
  return { load: { kind: "load", language: "datastream", code: { script, mappings: "" }, modules: {} }, worlds: WORLDS };
}

function sql(script: string): WarmUp {
  return {
    load: { kind: "load", language: "sql", script, given: SQL_GIVEN, topics: WORLDS[0]!.topics.map(({ name }) => name) },
    worlds: WORLDS,
  };
}
