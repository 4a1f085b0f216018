/** ST-1: a running job sends each key to the subtask that Flink sends it to, whatever the key's type and the number of key groups. */
import { describe, expect, it } from "vitest";
import { javaHashCode } from "../../src/base/java-hash.ts";
import { type StreamExecutionEnvironment, Tuple2, Tuple3 } from "../../src/index.ts";
import { vendoredCases } from "../conformance/run.ts";
import { runJob } from "./run-job.ts";

interface KeyGroupCase {
  readonly id: string;
  readonly pipeline: {
    readonly type: string;
    readonly keyType?: string;
    readonly maxParallelism: number;
    readonly parallelisms: readonly number[];
  };
  readonly input: readonly { readonly key: unknown }[];
  readonly expect: { readonly perStep: readonly { readonly operatorIndex: readonly number[] }[] };
}

/** A recorded key as a program would write it; undefined for types that a JavaScript number does not tell apart from int. */
const KEY_OF: Readonly<Record<string, (key: unknown) => unknown>> = {
  string: (key) => key,
  int: (key) => key,
  short: (key) => key,
  byte: (key) => key,
  boolean: (key) => key,
  long: (key) => (key === "MAX" ? 2n ** 63n - 1n : key === "MIN" ? -(2n ** 63n) : BigInt(key as string | number)),
  "tuple2<string,int>": (key) => Tuple2.of(...(key as [string, number])),
  "tuple2<long,string>": (key) => Tuple2.of(BigInt((key as [string, string])[0]), (key as [string, string])[1]),
  "tuple3<string,string,boolean>": (key) => Tuple3.of(...(key as [string, string, boolean])),
};

const cases = vendoredCases("datastream", "keygroups")
  .map(({ json }) => json as KeyGroupCase)
  .filter(({ pipeline }) => pipeline.type === "keyGroups" && (pipeline.keyType ?? "") in KEY_OF);

/** Subtask (counted from 0) in which each key's record arrived, by its number. */
function placesOf(keys: readonly unknown[], parallelism: number, maxParallelism: number): ReadonlyMap<number, number> {
  const job = (env: StreamExecutionEnvironment) => {
    env.setParallelism(parallelism).setMaxParallelism(maxParallelism);
    const numbered = env.fromData(keys.map((key, number) => ({ key, number })));
    numbered
      .keyBy(({ key }) => key)
      .reduce((_, last) => last)
      .map(({ number }) => number)
      .print("at");
  };
  const { status, failure, printed } = runJob(job, { cluster: { taskManagers: 1, slotsPerTaskManager: parallelism, parallelism: 1 } });
  if (status !== "finished") throw new Error(JSON.stringify(failure));
  return new Map(
    printed.map((line) => {
      const [, subtask, number] = /^at(?::(\d+))?> (\d+)$/.exec(line) as RegExpExecArray;
      return [Number(number), Number(subtask ?? 1) - 1];
    }),
  );
}

describe("where keys go", () => {
  it("finds the recorded cases", () => expect(cases.length).toBeGreaterThan(15));

  for (const { id, pipeline, input, expect: recorded } of cases) {
    it(`ST-1 ${id}`, () => {
      const keys = input.map(({ key }) => KEY_OF[pipeline.keyType as string](key));
      for (const parallelism of pipeline.parallelisms.filter((one) => one <= 4)) {
        const column = pipeline.parallelisms.indexOf(parallelism);
        const places = placesOf(keys, parallelism, pipeline.maxParallelism);
        expect(keys.map((_, number) => places.get(number))).toEqual(recorded.perStep.map(({ operatorIndex }) => operatorIndex[column]));
      }
    });
  }
});

describe("hash codes asked of Java", () => {
  it.each([
    [new Date(1700000000123), -807048720],
    [123456789012345678901234567890n, 1915528825],
    [-123456789012345678901234567890n, -1915528825],
    [["a", 1], Tuple2.of("a", 1).hashCode()],
    [
      new Map([
        ["a", 1],
        ["b", 2],
      ]),
      192,
    ],
    [{ a: 1, b: 2 }, 192],
    [new Set(["a", "b"]), 195],
    // As an int: a Java program would not tell -0 from 0 there, and neither would a Map here.
    [-0, 0],
    [Number.NaN, 2146959360],
  ])("%s", (value, hash) => {
    expect(javaHashCode(value)).toBe(hash);
  });
});
