import type { JsonObject } from "../datastream/case-format.ts";
import type { Choices } from "./choices.ts";
import type { GeneratedCase } from "./generated-case.ts";

/** Which channel a record goes to; who reads whom on pointwise connections, and whose channel state after a change of parallelism. */
export function partitionerCase(choices: Choices): GeneratedCase {
  if (choices.chance(40)) {
    const input = choices.list(10, (): JsonObject => {
      const [from, to] = [choices.int(1, 12), choices.int(1, 12)];
      if (choices.chance(50)) return { pointwise: [from, to] };
      return { mapper: choices.of(["ARBITRARY", "FIRST", "FULL", "RANGE", "ROUND_ROBIN", "UNSUPPORTED"]), old: from, new: to };
    });
    return { title: "who reads whose channels", pipeline: { type: "stateRedistribution" }, input };
  }
  const kind = choices.of(["rebalance", "rescale", "broadcast", "forward", "global", "custom", "hash", "hash"]);
  const channels = choices.int(1, 9);
  const pipeline: JsonObject = { type: "partitioner", kind, channels };
  if (kind === "hash" && choices.chance(50)) pipeline["maxParallelism"] = choices.of([channels, 10, 128, 1000]);
  const key = () => choices.of(["", "a", "user-7", "ключ", "鍵", "🔑", String(choices.int(-9999, 9999))]);
  const input = choices.list(choices.int(3, 20), (index): JsonObject => ({ record: { key: key(), value: index } }));
  return { title: `partitioner ${kind} over ${channels}`, pipeline, input };
}
