/**
 * A learner's file as the judge runs it: types taken out, evaluated anew for every deployment, and its frames found in stack traces. So
 * tests can say on which line of the program a message must point.
 */
import { stripTypeScriptTypes } from "node:module";
import * as flink from "../../src/index.ts";
import { type RunOutcome, runWorld } from "../../src/sim.ts";
import { type TestWorld, worldOf } from "./run-job.ts";

const NAME = "solution.ts";
/** Lines that `new Function` puts in front of a body. */
const HEADER_LINES = 2;

interface Position {
  readonly line: number;
  readonly column: number;
}

/** Runs the program in a world; every position in the outcome is one of the program's own lines. */
export function runLearnerFile(text: string, world: TestWorld = {}): RunOutcome {
  const body = stripTypeScriptTypes(text).replaceAll(
    /import \{([^}]*)\} from "flink";/g,
    (_, names: string) => `const {${names}} = flink;`,
  );
  const evaluate = new Function("flink", `"use strict";${body}\n//# sourceURL=${NAME}`) as (api: typeof flink) => void;
  flink.setPositionProvider(() => positionIn(new Error().stack));
  try {
    return runWorld(
      flink.datastreamProgram(() => evaluate(flink)),
      worldOf(world),
      { positionOf: (cause) => (cause instanceof Error ? positionIn(cause.stack) : undefined) },
    );
  } finally {
    flink.setPositionProvider(() => undefined);
  }
}

function positionIn(stack: string | undefined): Position | undefined {
  const match = new RegExp(`${NAME.replace(".", "\\.")}:(\\d+):(\\d+)`).exec(stack ?? "");
  return match === null ? undefined : { line: Number(match[1]) - HEADER_LINES, column: Number(match[2]) };
}
