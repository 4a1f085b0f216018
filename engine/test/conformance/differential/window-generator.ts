import type { Json, JsonObject } from "../datastream/case-format.ts";
import { BOLD_KEYS } from "./bold-values.ts";
import type { Choices } from "./choices.ts";
import type { GeneratedCase } from "./generated-case.ts";
import { scriptedInput } from "./scripted-input.ts";

const KEYED_FUNCTIONS = [
  "count",
  "sumReduce",
  "sumReduceWithProcess",
  "avgAggregate",
  "aggregateWithProcess",
  "listProcess",
  "applyList",
  "eachWithSideSize",
  "firingCounter",
] as const;

/** Any assigner with any trigger, evictor, lateness, function, side output and restore, in both time domains. */
export function windowCase(choices: Choices): GeneratedCase {
  const keyed = !choices.chance(15);
  const time = choices.chance(72) ? "event" : "processing";
  const assigner = assignerOf(choices, time);
  const merging = assigner["type"] === "session" || assigner["type"] === "dynamicSession";
  const parallelism = keyed && choices.chance(25) ? choices.int(2, 4) : 1;
  const global = String(assigner["type"]).startsWith("global");
  const trigger = choices.chance(45) ? null : triggerOf(choices, { time, global, merging: merging && !choices.chance(4) }, 0);
  const evictor = choices.chance(22) ? evictorOf(choices) : null;
  // Without timestamps an evictor by time fails in the middle of a firing.
  const timeEvictor = evictor?.["type"] === "time";
  // Sessions without timestamps lie at the very beginning of time, where our numbers are too coarse, and continuous triggers fire from there on.
  const needsTimestamps = timeEvictor || (merging && time === "event") || JSON.stringify(trigger).includes("continuousEventTime");
  const windowsShareTimers = /ontinuous|processingTimeoutOf/.test(JSON.stringify(trigger));
  const functions = windowsShareTimers ? KEYED_FUNCTIONS.filter((name) => name !== "firingCounter") : KEYED_FUNCTIONS;
  const functionName = keyed ? choices.of(functions) : choices.of(["count", "sumReduce", "listProcess"]);
  const pipeline: JsonObject = { type: keyed ? "window" : "windowAll", ...(keyed ? { keyBy: "key" } : {}), assigner, trigger, evictor };
  pipeline["function"] = functionName;
  if (choices.chance(50)) pipeline["allowedLatenessMs"] = choices.of([0, 1, 500, 1000, 1500, 3000, 10_000, "MAX"]);
  pipeline["lateSideOutput"] = choices.chance(50);
  if (parallelism > 1 || (keyed && choices.chance(10))) pipeline["parallelism"] = parallelism;
  if (choices.chance(15)) pipeline["maxParallelism"] = choices.of([4, 7, 16, 1000]);
  if (choices.chance(8)) pipeline["backend"] = "rocksdb";
  if (choices.bold) beBold(choices, pipeline, assigner);
  const keys = keysOf(choices, parallelism);

  const outputNamesKey = keyed && functionName !== "avgAggregate";
  const input = scriptedInput(choices, {
    keys,
    steps: choices.int(12, 34),
    inputs: 1,
    record: () => ({
      key: choices.of(keys),
      value: choices.int(-5, 30),
      ...(assigner["type"] === "dynamicSession"
        ? { gap: choices.of<Json>(choices.bold ? [1, 500, "700", 2000, 0.5, 1e12, 0] : [1, 500, 1000, 2000]) }
        : {}),
    }),
    stepMs: choices.of([300, 700, 1500]),
    startMs: choices.weighted([
      [6, 0],
      [2, -4000],
      [2, 1_700_000_000_000],
    ]),
    late: choices.of([0, 10, 35]),
    withoutTimestamp: needsTimestamps
      ? 0
      : time === "processing" || assigner["type"] === "global"
        ? choices.of([0, 20, 100])
        : choices.chance(3)
          ? 10
          : 0,
    restore: choices.of([0, 3, 8]),
    ttl: 0,
    idle: choices.of([0, 0, 3]),
    processing: time === "processing" ? 16 : JSON.stringify(trigger).includes("rocessing") ? 10 : 2,
    parallelism,
    rescale: keyed,
    regress: choices.of([0, 0, 0, 15]),
  });
  const title = `${keyed ? "window" : "windowAll"}: ${String(assigner["type"])} (${time}), ${String(trigger?.["type"] ?? "default trigger")}, ${functionName}`;
  // Between timers of one timestamp the order is open; it can be sorted out by key only where records name theirs.
  const timed = input.flatMap((step, index) => ("watermark" in step || "processingTime" in step ? [index] : []));
  const unordered = !outputNamesKey && keyed && keys.length > 1 ? { unorderedSteps: timed } : {};
  return { title, pipeline, input, ...unordered };
}

export function keysOf(choices: Choices, parallelism: number): readonly string[] {
  if (choices.bold && choices.chance(40)) return choices.of(BOLD_KEYS);
  return parallelism > 1 ? ["a", "b", "c", "d", "user-1", "user-2"] : choices.of([["a"], ["a", "b"], ["a", "b", "c"]]);
}

/** Sizes that do not fit each other, or are refused. */
function beBold(choices: Choices, pipeline: JsonObject, assigner: JsonObject): void {
  if (choices.chance(10) && assigner["sizeMs"] !== undefined) assigner["sizeMs"] = choices.of([0, -1, 1, 7, 3_600_000]);
  if (choices.chance(10) && assigner["slideMs"] !== undefined) assigner["slideMs"] = choices.of([0, -1, 333, 1000, 5000]);
  if (choices.chance(10) && assigner["sizeMs"] !== undefined) assigner["offsetMs"] = choices.of([1000, 5000, -5000, 999, -999]);
  if (choices.chance(1) && assigner["slideMs"] !== undefined && assigner["time"] === "event") assigner["sizeMs"] = 1e13;
  if (choices.chance(10) && assigner["gapMs"] !== undefined) assigner["gapMs"] = choices.of([0, -1, 3, 86_400_000, 9_000_000_000_000]);
  if (choices.chance(5)) pipeline["allowedLatenessMs"] = choices.of<Json>([-1, 1_000_000_000_000, "9007199254740993"]);
}

export function assignerOf(choices: Choices, time: string): JsonObject {
  const type = choices.weighted<string>([
    [26, "tumbling"],
    [24, "sliding"],
    [26, "session"],
    [8, "dynamicSession"],
    [12, "global"],
    [4, "globalEndOfStream"],
  ]);
  switch (type) {
    case "tumbling": {
      const sizeMs = choices.of([1, 1000, 2000, 5000]);
      return { type, time, sizeMs, offsetMs: choices.chance(70) ? 0 : choices.int(-sizeMs + 1, sizeMs - 1) };
    }
    case "sliding": {
      const slideMs = choices.of([500, 1000, 2000]);
      const sizeMs = choices.of([1000, 2000, 2500, 3000]);
      return { type, time, sizeMs, slideMs, offsetMs: choices.chance(70) ? 0 : choices.int(-slideMs + 1, slideMs - 1) };
    }
    case "session":
      return { type, time, gapMs: choices.of([1, 500, 1000, 2000]) };
    case "dynamicSession":
      return { type, time };
    default:
      return { type };
  }
}

/** What a trigger must fit. */
interface TriggerSetting {
  readonly time: string;
  /** Global windows have no end: triggers that want one do not compile there, and continuous ones would fire until the end of time. */
  readonly global: boolean;
  readonly merging: boolean;
}

export function triggerOf(choices: Choices, setting: TriggerSetting, depth: number): JsonObject {
  const { time, global, merging } = setting;
  const type = choices.weighted<string>([
    [global ? 0 : 8, time === "event" ? "eventTime" : "processingTime"],
    [global ? 0 : 2, time === "event" ? "processingTime" : "eventTime"],
    [12, "count"],
    [global ? 0 : 10, "continuousEventTime"],
    [global ? 0 : 9, "continuousProcessingTime"],
    [10, "earlyAndLate"],
    [3, "never"],
    [depth === 0 ? 12 : 0, "purging"],
    [depth === 0 && !merging ? 8 : 0, "processingTimeoutOf"],
    [merging ? 0 : 6, "purgingCount"],
    [merging ? 0 : 8, "delta"],
  ]);
  switch (type) {
    case "count":
    case "purgingCount":
      return { type, n: choices.int(1, 4) };
    case "continuousEventTime":
    case "continuousProcessingTime":
      return { type, intervalMs: choices.of([100, 400, 1000, 1500]) };
    case "delta":
      return { type, threshold: choices.of([0, 3, 8]) };
    case "earlyAndLate":
      return { type, earlyEvery: choices.int(1, 4), purgeOnTime: choices.chance(50) };
    case "purging":
      return { type, of: triggerOf(choices, setting, depth + 1) };
    case "processingTimeoutOf":
      return {
        type,
        of: triggerOf(choices, setting, depth + 1),
        timeoutMs: choices.of([100, 500, 1000]),
        resetTimerOnNewRecord: choices.chance(50),
        shouldClearOnTimeout: choices.chance(50),
      };
    default:
      return { type };
  }
}

export function evictorOf(choices: Choices): JsonObject {
  const doEvictAfter = choices.chance(40);
  switch (choices.of(["count", "time", "delta"])) {
    case "count":
      return { type: "count", maxCount: choices.int(1, 4), doEvictAfter };
    case "time":
      return { type: "time", windowMs: choices.of([0, 300, 1000]), doEvictAfter };
    default:
      return { type: "delta", threshold: choices.of([0, 5, 12]), doEvictAfter };
  }
}
