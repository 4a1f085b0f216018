import type { JsonObject } from "../datastream/case-format.ts";
import type { Choices } from "./choices.ts";
import type { GeneratedCase } from "./generated-case.ts";
import { scriptedInput } from "./scripted-input.ts";
import { assignerOf, evictorOf, keysOf, triggerOf } from "./window-generator.ts";

/** Interval joins with every kind of bound, and window joins and co-groups over every assigner. */
export function joinCase(choices: Choices): GeneratedCase {
  return choices.chance(50) ? intervalJoinCase(choices) : windowedCase(choices);
}

function intervalJoinCase(choices: Choices): GeneratedCase {
  const lowerMs = choices.of([-2000, -500, -1, 0, 300]);
  const upperMs = lowerMs + choices.of(choices.bold ? [-1, 0, 1, 500, 1e12] : [0, 1, 500, 2500]);
  const pipeline: JsonObject = { type: "intervalJoin", keyBy: "key", lowerMs, upperMs };
  if (choices.chance(25)) pipeline["lowerExclusive"] = true;
  if (choices.chance(25)) pipeline["upperExclusive"] = true;
  if (choices.chance(40)) pipeline["sideOutputLeftLate"] = true;
  if (choices.chance(40)) pipeline["sideOutputRightLate"] = true;
  return { title: `interval join [${lowerMs}, ${upperMs}]`, pipeline, input: twoInputs(choices, pipeline, false, 4) };
}

function windowedCase(choices: Choices): GeneratedCase {
  const type = choices.of(["windowJoin", "coGroup"]);
  const time = choices.chance(75) ? "event" : "processing";
  const assigner = assignerOf(choices, time);
  const merging = assigner["type"] === "session" || assigner["type"] === "dynamicSession";
  const global = String(assigner["type"]).startsWith("global");
  let trigger = choices.chance(60) ? null : triggerOf(choices, { time, global, merging }, 0);
  // The reference value of a delta trigger is a record, and here records are wrapped.
  if ((choices.bold ? /delta/ : /delta|ontinuous|processingTimeoutOf/).test(JSON.stringify(trigger))) trigger = null;
  let evictor = choices.chance(15) ? evictorOf(choices) : null;
  if (evictor?.["type"] === "delta") evictor = null;
  const pipeline: JsonObject = { type, keyBy: "key", assigner, trigger, evictor };
  if (choices.chance(40)) pipeline["allowedLatenessMs"] = choices.of([0, 500, 1500, 3000]);
  return {
    title: `${type}: ${String(assigner["type"])} (${time})`,
    pipeline,
    input: twoInputs(choices, pipeline, assigner["type"] === "dynamicSession", time === "event" ? 2 : 16),
  };
}

function twoInputs(choices: Choices, pipeline: JsonObject, gaps: boolean, processing: number): JsonObject[] {
  const parallelism = choices.chance(20) ? choices.int(2, 3) : 1;
  if (parallelism > 1) pipeline["parallelism"] = parallelism;
  if (choices.chance(10)) pipeline["backend"] = "rocksdb";
  const keys = choices.bold ? keysOf(choices, parallelism) : choices.of([["a"], ["a", "b"], ["a", "b", "c", "d"]]);
  let next = 0;
  const steps = scriptedInput(choices, {
    keys,
    steps: choices.int(14, 36),
    inputs: 2,
    record: () => ({ key: choices.of(keys), value: next++, ...(gaps ? { gap: choices.of([500, 1000, 2000]) } : {}) }),
    stepMs: choices.of([300, 700]),
    startMs: choices.of([0, 0, -3000]),
    late: choices.of([0, 10, 30]),
    withoutTimestamp: 0,
    restore: choices.of([0, 3, 8]),
    ttl: 0,
    idle: 0,
    processing,
    parallelism,
    rescale: true,
    regress: 0,
  });
  // Windowed joins are one stream behind a union, which has one watermark.
  return pipeline["type"] === "intervalJoin" ? steps : steps.map((step) => ("record" in step ? step : withoutInput(step)));
}

function withoutInput({ input: _input, ...step }: JsonObject): JsonObject {
  return step;
}
