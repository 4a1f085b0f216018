import type { Json, JsonObject } from "../datastream/case-format.ts";
import type { Choices } from "./choices.ts";
import type { GeneratedCase } from "./generated-case.ts";
import { scriptedInput } from "./scripted-input.ts";
import { keysOf } from "./window-generator.ts";

const KINDS = ["a", "b", "c", "d"];

/** Patterns of every relation, quantifier and skip strategy, within times of both kinds, timeouts, late events and restores. */
export function cepCase(choices: Choices): GeneratedCase {
  const event = choices.chance(75);
  const stages = stagesOf(choices);
  const names = stages.filter((stage) => !String(stage["rel"]).startsWith("not")).map((stage) => stage["name"]);
  const pipeline: JsonObject = { type: "cep", keyBy: "key", time: event ? "event" : "processing", pattern: stages };
  if (choices.chance(65)) pipeline["skip"] = skipOf(choices, names);
  const endsWithNot = stages[stages.length - 1]["rel"] === "notFollowedBy";
  if (endsWithNot ? choices.chance(95) : choices.chance(45)) {
    pipeline["withinMs"] = choices.of([1, 20, 50, 100]);
    if (choices.chance(35)) pipeline["withinType"] = choices.of(["previousAndCurrent", "firstAndLast"]);
  }
  if (choices.chance(55)) pipeline["timeoutSideOutput"] = true;
  if (event && choices.chance(30)) pipeline["lateSideOutput"] = true;
  const keys = choices.bold ? keysOf(choices, 1) : choices.of([["k"], ["k"], ["k"], ["k", "l"], ["k", "l", "m"]]);
  const parallelism = keys.length > 1 && choices.chance(40) ? choices.int(2, 3) : 1;
  if (parallelism > 1) pipeline["parallelism"] = parallelism;
  let next = 0;
  const input = scriptedInput(choices, {
    keys,
    steps: choices.int(8, 22),
    inputs: 1,
    record: () => ({ key: choices.of(keys), name: choices.of(KINDS), value: choices.int(0, 6), id: `e${next++}` }),
    stepMs: choices.of([5, 15]),
    startMs: choices.of([0, 0, -100]),
    late: choices.of([0, 20]),
    withoutTimestamp: event ? 0 : 30,
    restore: choices.of([0, 4, 10]),
    ttl: 0,
    idle: choices.of([0, 0, 3]),
    processing: event ? 2 : 25,
    parallelism,
    rescale: keys.length > 1,
    regress: 0,
    tiesOf: choices.of([0, 0, 40]),
  });
  // Matches name no key, so between keys there is nothing to sort them by.
  const unordered = keys.length > 1 ? { unorderedSteps: input.map((_, index) => index) } : {};
  return { title: `cep: ${stages.map((stage) => stage["rel"]).join(", ")}`, pipeline, input, ...unordered };
}

function stagesOf(choices: Choices): JsonObject[] {
  const stages: JsonObject[] = [];
  const count = choices.weighted([
    [1, 1],
    [4, 2],
    [4, 3],
    [2, 4],
  ]);
  for (let index = 0; index < count; index++) {
    const afterNot = String(stages[index - 1]?.["rel"]).startsWith("not");
    const rel =
      index === 0
        ? "begin"
        : choices.weighted<string>([
            [5, "next"],
            [7, "followedBy"],
            [5, "followedByAny"],
            // Two nots in a row are refused.
            [afterNot ? 0 : 2, "notNext"],
            [afterNot ? 0 : 2, "notFollowedBy"],
          ]);
    const name = choices.chance(3) && index > 0 ? stages[0]["name"] : ["A", "B", "C", "D"][index];
    const stage: JsonObject = { name, rel };
    if (choices.chance(92)) stage["where"] = conditionOf(choices, name as string);
    if (stage["where"] !== undefined && choices.chance(10)) stage["or"] = conditionOf(choices, name as string);
    const quantifiers = quantifiersOf(choices, !rel.startsWith("not") || choices.chance(2));
    if (quantifiers.length > 0) stage["quantifiers"] = quantifiers;
    stages.push(stage);
  }
  return stages;
}

function conditionOf(choices: Choices, name: string): Json {
  return choices.weighted<() => Json>([
    [10, () => ["==", ["get", "name"], choices.of(KINDS)]],
    [3, () => ["not", ["==", ["get", "name"], choices.of(KINDS)]]],
    [3, () => [choices.of(["<", ">"]), ["get", "value"], choices.int(1, 5)]],
    [2, () => ["sumOfLess", choices.chance(75) ? name : choices.of(["A", "B"]), choices.int(3, 12)]],
    [
      1,
      () =>
        choices.bold
          ? choices.of<Json>([["get", "value"], ["isNull", ["get", "value"]], ["==", ["get", "value"], 1], 1, "true", null])
          : true,
    ],
  ])();
}

function quantifiersOf(choices: Choices, allowed: boolean): Json[] {
  if (!allowed || choices.chance(40)) return [];
  const loop = choices.weighted<() => Json | null>([
    [4, () => null],
    [5, () => "oneOrMore"],
    [3, () => ["times", choices.int(1, 3)]],
    [3, () => ["times", choices.int(0, 2), choices.int(2, 3)]],
    [2, () => ["timesOrMore", choices.int(1, 2)]],
  ])();
  if (loop === null) return ["optional"];
  const more: Json[] = [];
  const endless = loop === "oneOrMore" || (loop as Json[])[0] === "timesOrMore";
  if (endless && choices.chance(25)) more.push(["until", conditionOf(choices, "A")]);
  if (choices.chance(30)) more.push("optional");
  if (choices.chance(25)) more.push("greedy");
  if (choices.chance(35)) more.push(choices.of(["consecutive", "consecutive", "allowCombinations"]));
  return choices.chance(10) && more.includes("optional")
    ? ["optional", loop, ...more.filter((name) => name !== "optional")]
    : [loop, ...more];
}

function skipOf(choices: Choices, names: readonly Json[]): JsonObject {
  const type = choices.of(["noSkip", "skipToNext", "skipPastLastEvent", "skipToFirst", "skipToLast"]);
  return type.startsWith("skipTo") && type !== "skipToNext" ? { type, name: choices.of(names) } : { type };
}
