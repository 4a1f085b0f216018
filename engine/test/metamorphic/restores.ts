/**
 * Operators under restores: a random case of the differential generators is played as it is, and again on both state backends, with a snapshot and
 * restore after every step, into as many or into other numbers of subtasks. What comes out at each step must be the same.
 */
import type { JsonObject } from "../conformance/datastream/case-format.ts";
import { canonical } from "../conformance/datastream/compare-steps.ts";
import { type CaseHarness, printed, runStep } from "../conformance/datastream/operator-case.ts";
import { buildProcessHarness } from "../conformance/datastream/process-pipeline.ts";
import { buildWindowHarness } from "../conformance/datastream/window-pipeline.ts";
import { Choices } from "../conformance/differential/choices.ts";
import type { GeneratedCase } from "../conformance/differential/generated-case.ts";
import { processCase } from "../conformance/differential/process-generator.ts";
import { windowCase } from "../conformance/differential/window-generator.ts";

export const RESTORED_AREAS = ["windows", "process"] as const;
export type RestoredArea = (typeof RESTORED_AREAS)[number];

/** Numbers of subtasks after each step; 0 = as many as before. */
const RESCALINGS = { "as many subtasks": [0], "other numbers of subtasks": [2, 3, 1, 4] } as const;

/** What a step gives that throws. */
const FAILED = "error";

/** The first difference of a case; null = none, undefined = the case is not one to be restored at will. */
export function restoreDifference(area: RestoredArea, seed: number): string | null | undefined {
  const choices = new Choices(seed, `${area}/restores`);
  const testCase = area === "windows" ? windowCase(choices) : withoutWatermarks(processCase(choices));
  const fits = area === "windows" ? windowSurvives(testCase) : processSurvives(testCase);
  if (!fits) return undefined;
  const steps = risingWatermarks(testCase.input.filter((step) => !("snapshotRestore" in step) && !("status" in step)));
  const expected = play(testCase, steps, undefined);
  for (const backend of ["hashmap", "rocksdb"] as const) {
    const onBackend = { ...testCase, pipeline: { ...testCase.pipeline, backend } };
    for (const [name, parallelisms] of Object.entries(RESCALINGS)) {
      if (name !== "as many subtasks" && !canRescale(testCase)) continue;
      const actual = play(onBackend, steps, parallelisms);
      for (const [index, outputs] of expected.entries()) {
        // A failed operator would be thrown away; what it has left behind in state is nobody's promise.
        if (outputs === FAILED && actual[index] === FAILED) break;
        if (outputs === actual[index]) continue;
        const where = `${area}, ${backend}, ${name}, seed ${seed}, step ${index} ${JSON.stringify(steps[index])}`;
        return `${where}: ${outputs} without restores, ${actual[index]} with`;
      }
    }
  }
  return null;
}

/** What comes out at each step, as a multiset: between timers of one time the order is open. */
function play(testCase: GeneratedCase, steps: readonly JsonObject[], parallelisms: readonly number[] | undefined): string[] {
  const driven = build(testCase.pipeline);
  const watermarks: JsonObject[] = [];
  return steps.map((step, index) => {
    try {
      runStep(driven, step);
    } catch {
      return FAILED;
    }
    if ("watermark" in step) watermarks.push(step);
    const rows = rowsOf(driven);
    if (parallelisms !== undefined) {
      const parallelism = parallelisms[index % parallelisms.length];
      runStep(driven, { snapshotRestore: true, ...(parallelism === 0 ? {} : { parallelism }) });
      // A restored operator knows no watermark; upstream sends the next one, here the one it had. Nothing is due at it any more.
      if (testCase.pipeline["assigner"] !== undefined && watermarks.length > 0) runStep(driven, watermarks[watermarks.length - 1]);
      rows.push(...rowsOf(driven));
    }
    return rows.map(canonical).sort().join("\n");
  });
}

function rowsOf(driven: CaseHarness): JsonObject[] {
  return driven.harness
    .takeOutput()
    .filter((output) => output.kind === "record" || output.kind === "side")
    .map((output) => printed(output, false));
}

function build(pipeline: JsonObject): CaseHarness {
  const type = pipeline["type"];
  return type === "window" || type === "windowAll" ? buildWindowHarness(pipeline) : buildProcessHarness(pipeline);
}

/** Every subtask answers a broadcast record, so their number shows. */
function canRescale({ pipeline }: GeneratedCase): boolean {
  return pipeline["keyBy"] !== undefined && pipeline["type"] !== "keyedBroadcastProcess";
}

/** Watermarks that rise, on both inputs at once: after a restore an operator has to hear of both before it believes either. */
function risingWatermarks(steps: readonly JsonObject[]): JsonObject[] {
  let highest = Number.NEGATIVE_INFINITY;
  return steps.flatMap((step) => {
    if (!("watermark" in step)) return [step];
    const { watermark } = step;
    const time = watermark === "MAX" ? Number.POSITIVE_INFINITY : Number(watermark);
    if (time <= highest) return [];
    highest = time;
    return [{ watermark }];
  });
}

/** Continuous triggers set timers in the past, which fire with the next watermark; and a merging trigger may be refused. */
function windowSurvives({ pipeline }: GeneratedCase): boolean {
  const text = JSON.stringify(pipeline);
  return !/continuousEventTime|firingCounter/.test(text) && !(/ession/.test(text) && text.includes('"delta"'));
}

/** The watermark is no part of a snapshot: a program that shows it shows the restore. */
function withoutWatermarks(testCase: GeneratedCase): GeneratedCase {
  const pipeline = JSON.parse(JSON.stringify(testCase.pipeline).replaceAll('["wm"]', "0")) as JsonObject;
  return { ...testCase, pipeline };
}

/** What has expired may go earlier than it would otherwise. */
function processSurvives({ pipeline }: GeneratedCase): boolean {
  const text = JSON.stringify(pipeline);
  return pipeline["keyBy"] !== undefined && !/ReturnExpired|mapEmpty|incremental|default/.test(text);
}
