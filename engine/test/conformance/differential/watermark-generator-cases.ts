import type { JsonObject } from "../datastream/case-format.ts";
import type { Choices } from "./choices.ts";
import type { GeneratedCase } from "./generated-case.ts";
import { scriptedInput } from "./scripted-input.ts";

/** Bare generators, the operator around them, the valve of a task's inputs, the multiplexer of a source's splits. */
export function watermarkCase(choices: Choices): GeneratedCase {
  return choices.of([generatorCase, operatorCase, valveCase, multiplexerCase])(choices);
}

function strategy(choices: Choices): JsonObject {
  const name = choices.of(["boundedOutOfOrderness", "monotonous", "none", "punctuated"]);
  return {
    strategy: name,
    ...(name === "boundedOutOfOrderness" ? { boundMs: choices.of([0, 1, 50, 1000]) } : {}),
    ...(choices.chance(45) ? { idleMs: choices.of([1, 100, 250]) } : {}),
  };
}

function generatorCase(choices: Choices): GeneratedCase {
  const pipeline: JsonObject = { type: "watermarkGenerator", ...strategy(choices) };
  const input = choices.list(choices.int(8, 25), (): JsonObject => {
    switch (choices.of(["event", "event", "periodic", "periodic", "advance"])) {
      case "event":
        return { event: choices.chance(40) ? { mark: choices.int(0, 500) } : {}, ts: choices.chance(4) ? "MIN" : choices.int(-100, 2000) };
      case "periodic":
        return { periodic: true };
      default:
        return { advanceMs: choices.of([1, 50, 99, 100, 101, 250]) };
    }
  });
  return { title: `generator ${String(pipeline["strategy"])}`, pipeline, input };
}

function operatorCase(choices: Choices): GeneratedCase {
  const pipeline: JsonObject = { type: "timestampsAndWatermarks", ...strategy(choices), autoWatermarkIntervalMs: 200 };
  if (choices.chance(60)) pipeline["timestampField"] = "value";
  const input = scriptedInput(choices, {
    keys: ["a"],
    steps: choices.int(10, 26),
    inputs: 1,
    record: () => ({ key: "a", value: choices.int(0, 3000), ...(choices.chance(30) ? { mark: choices.int(0, 3000) } : {}) }),
    stepMs: 100,
    startMs: 0,
    late: 10,
    withoutTimestamp: pipeline["timestampField"] ? 50 : 0,
    restore: 0,
    ttl: 0,
    idle: 8,
    processing: 40,
    parallelism: 1,
    rescale: false,
    regress: 0,
  });
  return { title: `assigner operator, ${String(pipeline["strategy"])}`, pipeline, input };
}

function valveCase(choices: Choices): GeneratedCase {
  const channels = choices.int(1, 4);
  const input = choices.list(choices.int(10, 40), (): JsonObject => {
    const channel = choices.int(0, channels - 1);
    return choices.chance(65)
      ? { watermark: choices.chance(3) ? "MAX" : choices.int(0, 60), channel }
      : { status: choices.of(["idle", "active"]), channel };
  });
  return { title: `valve with ${channels} channels`, pipeline: { type: "statusWatermarkValve", channels }, input };
}

function multiplexerCase(choices: Choices): GeneratedCase {
  const ids = ["p0", "p1", "p2"];
  const registered = new Set<string>();
  const input: JsonObject[] = [];
  for (let count = choices.int(10, 40); count > 0; count--) {
    const id = choices.of(ids);
    if (!registered.has(id)) {
      registered.add(id);
      input.push({ register: id });
      continue;
    }
    const via = choices.of(["immediate", "deferred"]);
    input.push(
      choices.weighted<() => JsonObject>([
        [30, () => ({ [via]: id, watermark: choices.int(0, 60) })],
        [12, () => ({ periodic: true })],
        [10, () => ({ [choices.of(["idle", "idle", "active"])]: id, via })],
        [3, () => ({ unregister: id })],
        [1, () => ({ unregister: "nobody" })],
      ])(),
    );
    if (input[input.length - 1]["unregister"] === id) registered.delete(id);
  }
  return { title: "multiplexer of split watermarks", pipeline: { type: "watermarkMultiplexer" }, input };
}
