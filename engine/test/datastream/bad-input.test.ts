import { describe, expect, it } from "vitest";
import type { DiagnosticData } from "../../src/index.ts";
import type { JobFailure, RunOutcome } from "../../src/sim.ts";
import type { BadProgram } from "./bad-input/bad-program.ts";
import { FAILING_FUNCTIONS } from "./bad-input/failing-functions.ts";
import { GRAPH_MISTAKES } from "./bad-input/graph-mistakes.ts";
import { KEY_MISTAKES } from "./bad-input/key-mistakes.ts";
import { STATE_MISTAKES } from "./bad-input/state-mistakes.ts";
import { TIME_MISTAKES } from "./bad-input/time-mistakes.ts";
import { VALUE_MISTAKES } from "./bad-input/value-mistakes.ts";
import { WINDOW_MISTAKES } from "./bad-input/window-mistakes.ts";
import { runLearnerFile } from "./learner-file.ts";

const CLUSTER = { taskManagers: 2, slotsPerTaskManager: 4, parallelism: 1 };

function failureOf({ program }: BadProgram): { readonly status: RunOutcome["status"]; readonly failure: JobFailure } {
  const { status, failure } = runLearnerFile(program, { cluster: CLUSTER, end: { kind: "drain" } });
  if (failure === null) throw new Error("the job did not fail");
  return { status, failure };
}

/** A code of the usual form, something to do about it, and no Java in it. */
function expectHelp(data: DiagnosticData): void {
  expect(data.code).toMatch(/^[A-Z]+(_[A-Z]+)+$/);
  expect(data.expected ?? data.hint ?? "").not.toBe("");
  expect(`${data.message} ${data.found} ${data.hint}`).not.toMatch(/\[object Object\]|org\.apache/);
}

/** Line of the mark `// <-`, undefined when the program has none: the mistake has no place. */
function markedLine(program: string): number | undefined {
  const index = program.split("\n").findIndex((line) => line.includes("// <-"));
  return index < 0 ? undefined : index + 1;
}

function lineOf({ diagnostic, position }: JobFailure): number | undefined {
  return (diagnostic?.span ?? position)?.line;
}

// Rules BAD-1 and BAD-2 of SEMANTICS.md.
describe("a mistake in the program that shows while the job is built", () => {
  it.each([...GRAPH_MISTAKES, ...WINDOW_MISTAKES])("$mistake: $code", (bad) => {
    const { status, failure } = failureOf(bad);
    expect({ status, code: failure.code, line: lineOf(failure) }).toEqual({
      status: "rejected",
      code: bad.code,
      line: markedLine(bad.program),
    });
    expect(failure.message).toMatch(bad.says);
    if (bad.code !== "JOB_USER_EXCEPTION") expectHelp(failure.diagnostic as DiagnosticData);
  });
});

// Rules BAD-1 and BAD-3.
describe("a mistake in the program that shows while it runs", () => {
  it.each([...KEY_MISTAKES, ...STATE_MISTAKES, ...TIME_MISTAKES, ...VALUE_MISTAKES, ...FAILING_FUNCTIONS])("$mistake: $code", (bad) => {
    const { failure } = failureOf(bad);
    expect({ code: failure.code, line: lineOf(failure) }).toEqual({ code: bad.code, line: markedLine(bad.program) });
    expect(failure.message).toMatch(bad.says);
    if (bad.code !== "JOB_USER_EXCEPTION") expectHelp(failure.diagnostic as DiagnosticData);
  });
});
