import { Diagnostic } from "../../../src/base/diagnostic.ts";
import { doubleHashCode, javaHashCode } from "../../../src/base/java-hash.ts";
import { defaultMaxParallelism, keyGroupOf, keyGroupRange, subtaskForKeyGroup } from "../../../src/base/key-groups.ts";
import { murmurHash } from "../../../src/base/murmur.ts";
import { oldSubtasksOf, type SubtaskStateMapper } from "../../../src/runtime/checkpoint/channel-state-mapping.ts";
import { targetSubtasks } from "../../../src/runtime/channel-selector.ts";
import type { DataStreamCase, Json, JsonObject } from "./case-format.ts";
import { compareSteps } from "./compare-steps.ts";

export function runKeyGroups(testCase: DataStreamCase): string | null {
  const maxParallelism = testCase.pipeline["maxParallelism"] as number;
  const parallelisms = testCase.pipeline["parallelisms"] as number[];
  const keyType = testCase.pipeline["keyType"] as string;
  const steps = testCase.input.map((step) => {
    const key = javaKey(step["key"], keyType);
    const hashCode = javaHashCode(key);
    const keyGroup = keyGroupOf(key, maxParallelism);
    const operatorIndex = parallelisms.map((parallelism) => subtaskForKeyGroup(maxParallelism, parallelism, keyGroup));
    return { hashCode, murmur: murmurHash(hashCode), keyGroup, operatorIndex };
  });
  return compareObjects(testCase, steps);
}

/** A Java long is a bigint here: small longs hash otherwise than ints. */
function javaKey(key: Json, keyType: string): unknown {
  const fields = /^tuple\d+<(.*)>$/.exec(keyType)?.[1].split(",");
  if (fields !== undefined) return (key as Json[]).map((field, index) => javaKey(field, fields[index]));
  if (keyType === "long") return key === "MAX" ? 2n ** 63n - 1n : key === "MIN" ? -(2n ** 63n) : BigInt(key as string | number);
  // A number without a fraction is an integer here, so a Java double of that kind is stood in for by its hash.
  if (keyType === "double") return { hashCode: () => doubleHashCode(key as number) };
  return key;
}

export function runKeyGroupRanges(testCase: DataStreamCase): string | null {
  const steps = testCase.input.map((step): JsonObject => {
    const maxParallelism = step["maxParallelism"] as number | undefined;
    const parallelism = (step["parallelism"] ?? step["defaultMaxParallelismFor"]) as number;
    if (maxParallelism === undefined) return { maxParallelism: defaultMaxParallelism(parallelism) };
    const ranges = Array.from({ length: parallelism }, (_, subtask) => {
      const { start, end } = keyGroupRange(maxParallelism, parallelism, subtask);
      return [start, end];
    });
    return { ranges };
  });
  return compareObjects(testCase, steps);
}

/** Which upstream subtasks each downstream subtask of a pointwise connection reads; which old subtasks' channel state each new one reads. */
export function runStateRedistribution(testCase: DataStreamCase): string | null {
  return compareObjects(
    testCase,
    testCase.input.map((step) => ("pointwise" in step ? pointwise(step) : mapped(step))),
  );
}

function pointwise(step: JsonObject): JsonObject {
  const [senders, receivers] = step["pointwise"] as [number, number];
  const upstreamOfDownstream: number[][] = Array.from({ length: receivers }, () => []);
  for (let sender = 0; sender < senders; sender++) {
    const { first, count } = targetSubtasks({ kind: "rescale" }, sender, senders, receivers);
    for (let target = first; target < first + count; target++) upstreamOfDownstream[target].push(sender);
  }
  return { upstreamOfDownstream };
}

function mapped(step: JsonObject): JsonObject {
  const [mapper, before, now] = [step["mapper"] as SubtaskStateMapper, step["old"] as number, step["new"] as number];
  try {
    return { oldSubtasks: Array.from({ length: now }, (_, subtask) => [...oldSubtasksOf(mapper, subtask, before, now)]) };
  } catch (error) {
    if (!(error instanceof Diagnostic)) throw error;
    return { error: `UnsupportedOperationException: ${error.data.message}` };
  }
}

/** Each step gives one object, not a list of outputs. */
function compareObjects(testCase: DataStreamCase, steps: readonly JsonObject[]): string | null {
  const wrapped = (testCase.expect.perStep as unknown as JsonObject[]).map((step) => [step]);
  return compareSteps(
    { ...testCase, expect: { perStep: wrapped } },
    steps.map((step) => [step]),
  );
}
