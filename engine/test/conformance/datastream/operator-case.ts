import type { HarnessOutput, OneInputOperatorHarness, TwoInputOperatorHarness } from "../../../src/testing.ts";
import { type DataStreamCase, decodeLong, encodeLongs, type Json, type JsonObject } from "./case-format.ts";
import { canonical, compareSteps } from "./compare-steps.ts";

/** The operator of a case, ready to be driven; `LATE` is the id of its late side output. */
export type CaseHarness =
  | {
      readonly inputs: 1;
      readonly harness: OneInputOperatorHarness;
      /** For two streams that were put into one: what flows of a record of this input. */
      readonly wrap?: (input: 1 | 2, value: unknown) => unknown;
    }
  | { readonly inputs: 2; readonly harness: TwoInputOperatorHarness; readonly broadcastInput2: boolean };

/** Id of the late side output; cases print it as `late`. */
export const LATE = "\u0000late";

const INSPECTED = ["stateEntries", "eventTimeTimers", "processingTimeTimers"] as const;

/** Runs the steps of an operator case and compares outputs, and state and timer counts where they were recorded. */
export function runOperatorCase(testCase: DataStreamCase, build: () => CaseHarness): string | null {
  let driven: CaseHarness;
  try {
    driven = build();
  } catch (error) {
    return testCase.expect.buildError === undefined ? `could not be built: ${String(error)}` : null;
  }
  if (testCase.expect.buildError !== undefined) return `expected a build error: ${JSON.stringify(testCase.expect.buildError)}`;
  const steps: JsonObject[][] = [];
  const inspections: Record<(typeof INSPECTED)[number], Json[]> = { stateEntries: [], eventTimeTimers: [], processingTimeTimers: [] };
  for (const step of testCase.input) {
    const failure = attempt(() => runStep(driven, step));
    const outputs = driven.harness.takeOutput().map((output) => printed(output, driven.harness.parallelism > 1));
    if (failure !== null) outputs.push({ error: failure });
    steps.push(outputs);
    if (failure !== null) break;
    for (const counter of INSPECTED) inspections[counter].push(driven.harness.inspect().map((instance) => instance[counter]));
  }
  return compareSteps(testCase, steps) ?? (testCase.informative ? null : compareInspections(testCase, inspections));
}

/** Does what a step of a case says. */
export function runStep(driven: CaseHarness, step: JsonObject): void {
  const { harness } = driven;
  const input = step["input"] === undefined ? undefined : (step["input"] as 1 | 2);
  if ("record" in step) {
    const broadcast = driven.inputs === 2 && driven.broadcastInput2 && input === 2;
    // The recorder gives broadcast records without a timestamp the smallest one.
    const timestamp = step["ts"] ?? (broadcast ? "MIN" : null);
    const timestampMs = timestamp === null ? undefined : decodeLong(timestamp);
    const value = step["record"];
    const subtask = step["subtask"] as number | undefined;
    if (driven.inputs === 1) driven.harness.processElement(driven.wrap?.(input ?? 1, value) ?? value, timestampMs, subtask);
    else driven.harness.processElement(input ?? 1, value, timestampMs, broadcast ? "all" : subtask);
  } else if ("watermark" in step) {
    const subtask = step["subtask"] as number | undefined;
    if (driven.inputs === 1) driven.harness.processWatermark(decodeLong(step["watermark"]), subtask);
    else driven.harness.processWatermark(decodeLong(step["watermark"]), input, subtask);
  } else if ("status" in step) {
    if (driven.inputs === 1) driven.harness.processWatermarkStatus(step["status"] === "idle");
    else driven.harness.processWatermarkStatus(step["status"] === "idle", input ?? 1);
  } else if ("processingTime" in step) {
    harness.setProcessingTime(decodeLong(step["processingTime"]));
  } else if ("ttlTime" in step) {
    harness.setTtlTime(decodeLong(step["ttlTime"]));
  } else if ("endInput" in step) {
    harness.endInput(input ?? 1);
  } else if ("finish" in step) {
    harness.finish();
  } else if ("snapshotRestore" in step) {
    harness.restore(harness.snapshot(), (step["parallelism"] as number | undefined) ?? harness.parallelism);
  } else {
    throw new Error(`unknown step ${JSON.stringify(step)}`);
  }
}

function attempt(action: () => void): string | null {
  try {
    action();
    return null;
  } catch (error) {
    return String(error);
  }
}

/** An output as cases print it. */
export function printed(output: HarnessOutput, withSubtask: boolean): JsonObject {
  const subtask: JsonObject = withSubtask ? { subtask: output.subtask } : {};
  switch (output.kind) {
    case "record":
      return { record: encodeLongs(output.value), ts: encodeLongs(output.timestamp), ...subtask };
    case "side":
      return output.tag === LATE
        ? { late: encodeLongs(output.value), ts: encodeLongs(output.timestamp), ...subtask }
        : { side: output.tag, record: encodeLongs(output.value), ts: encodeLongs(output.timestamp), ...subtask };
    case "watermark":
      return { watermark: encodeLongs(output.timestampMs), ...subtask };
    case "status":
      return { status: output.idle ? "idle" : "active", ...subtask };
  }
}

function compareInspections(testCase: DataStreamCase, inspections: Record<(typeof INSPECTED)[number], Json[]>): string | null {
  for (const counter of INSPECTED) {
    // Entries are counted by the HashMap backend only.
    if (counter === "stateEntries" && testCase.pipeline["backend"] === "rocksdb") continue;
    const expected = testCase.expect[counter];
    if (expected === undefined) continue;
    for (let step = 0; step < Math.min(expected.length, inspections[counter].length); step++) {
      const got = inspections[counter][step] as number[];
      const wanted = expected[step];
      if (canonical(typeof wanted === "number" ? [wanted] : wanted) === canonical(got)) continue;
      return `step ${step} ${JSON.stringify(testCase.input[step])}: expected ${counter} ${JSON.stringify(wanted)}, got ${JSON.stringify(got)}`;
    }
  }
  return null;
}
