import type { Json, JsonObject } from "../datastream/case-format.ts";
import type { Choices } from "./choices.ts";
import type { GeneratedCase } from "./generated-case.ts";

const ALPHABET = ["a", "B", "7", " ", "-", "é", "ß", "Ж", "漢", "😀", "\u0000", '"'];

/** Hash codes, key groups and subtasks of keys of every type the format knows, and key group ranges. */
export function keyGroupCase(choices: Choices): GeneratedCase {
  if (choices.chance(15)) {
    const input = choices.list(12, (): JsonObject => {
      if (choices.chance(30)) return { defaultMaxParallelismFor: choices.of([1, 2, 85, 86, 127, 128, 171, 1000, 21_845, 32_768]) };
      const maxParallelism = choices.int(1, 300);
      return { maxParallelism, parallelism: choices.int(1, Math.min(maxParallelism, 30)) };
    });
    return { title: "ranges of key groups", pipeline: { type: "keyGroupRanges" }, input };
  }
  const keyType = choices.of([
    "string",
    "int",
    "long",
    "double",
    "boolean",
    "byte",
    "short",
    "tuple2<string,int>",
    "tuple2<long,string>",
    "tuple3<string,string,boolean>",
  ]);
  const parallelisms = [2, 3, choices.int(4, 60)];
  const pipeline: JsonObject = { type: "keyGroups", keyType, maxParallelism: choices.of([64, 128, 1000, 32_768]), parallelisms };
  const input = choices.list(20, (): JsonObject => ({ key: keyOf(choices, keyType) }));
  return { title: `keys of type ${keyType}`, pipeline, input };
}

function keyOf(choices: Choices, keyType: string): Json {
  const fields = /^tuple\d+<(.*)>$/.exec(keyType)?.[1].split(",");
  if (fields !== undefined) return fields.map((field) => keyOf(choices, field));
  switch (keyType) {
    case "string":
      return choices.list(choices.int(0, 8), () => choices.of(ALPHABET)).join("");
    case "int":
      return choices.of([0, -1, 2_147_483_647, -2_147_483_648, choices.int(-1_000_000, 1_000_000)]);
    case "long":
      return choices.of<Json>([
        "MAX",
        "MIN",
        -1,
        choices.int(-10, 10),
        choices.int(-9_007_199_254_740_991, 9_007_199_254_740_991),
        choices.int(2_147_483_000, 2_147_484_000),
        "9223372036854775806",
      ]);
    case "double":
      return choices.of([0, 1, -1, 1.5, -0.25, 1e300, choices.int(-1000, 1000) / 8, 4_294_967_296.5]);
    case "boolean":
      return choices.chance(50);
    case "byte":
      return choices.int(-128, 127);
    default:
      return choices.int(-32_768, 32_767);
  }
}
