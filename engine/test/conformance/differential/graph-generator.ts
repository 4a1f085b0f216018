import type { Json, JsonObject } from "../datastream/case-format.ts";
import type { Choices } from "./choices.ts";
import type { GeneratedCase } from "./generated-case.ts";

const PARTITIONS = ["rebalance", "rescale", "broadcast", "shuffle", "forward", "global", "custom", "keyBy"];
const ONE_INPUT = ["map", "map", "map", "filter", "process", "assignWatermarks", "keyedReduce", "window", "windowAll", "reinterpretKeyed"];

/** Random job graphs of every operation, partitioner, parallelism, chaining and slot setting, in both execution modes. */
export function graphCase(choices: Choices): GeneratedCase {
  const pipeline: JsonObject = { type: "jobGraph", parallelism: choices.of([1, 2, 2, 3, 4]) };
  if (choices.chance(15)) pipeline["maxParallelism"] = choices.of([1, 2, 8, 64]);
  if (choices.chance(12)) pipeline["disableOperatorChaining"] = true;
  if (choices.chance(18)) pipeline["mode"] = "batch";
  const settings = { parallelism: choices.of([0, 20, 60]), chaining: choices.of([0, 10, 30]), slots: choices.of([0, 0, 20]) };
  const ops: JsonObject[] = [];
  const unread = new Set<string>();
  const streams: string[] = [];
  const operators: string[] = [];
  const add = (op: JsonObject, kind: "operator" | "stream" | "sink") => {
    for (const name of (op["in"] ?? []) as string[]) unread.delete(name);
    ops.push(op);
    if (kind === "sink") return;
    const id = op["id"] as string;
    unread.add(id);
    streams.push(id);
    if (kind === "operator") operators.push(id);
  };
  for (let index = choices.int(1, 3); index > 0; index--)
    add({ id: `s${index}`, op: "source", ...settingsOf(choices, settings, true) }, "operator");
  for (let index = choices.int(0, 7); index > 0; index--) {
    const id = `n${index}`;
    const op = choices.weighted<string>([
      [14, choices.of(ONE_INPUT)],
      [3, "connectMap"],
      [3, "union"],
      [2, "sideOutput"],
    ]);
    if (op === "sideOutput") add({ id, op, in: [choices.of(operators)] }, "stream");
    else if (op === "union")
      add({ id, op, in: choices.list(choices.int(1, 3), () => choices.of(streams)), ...partition(choices) }, "stream");
    else if (op === "connectMap")
      add(
        { id, op, in: [choices.of(streams), choices.of(streams)], ...partition(choices), ...settingsOf(choices, settings, true) },
        "operator",
      );
    else {
      const parallel = op !== "windowAll" || choices.chance(3);
      add({ id, op, in: [choices.of(streams)], ...partition(choices), ...settingsOf(choices, settings, parallel) }, "operator");
    }
  }
  for (const [index, name] of [...unread].entries()) {
    const op = choices.chance(15) ? "committingSink" : "sink";
    add({ id: `k${index}`, op, in: [name], ...partition(choices), ...settingsOf(choices, settings, true) }, "sink");
  }
  return { title: `job graph: ${ops.map(({ op }) => op).join(", ")}`, pipeline: { ...pipeline, ops }, input: [] };
}

function partition(choices: Choices): JsonObject {
  return choices.chance(40) ? { partition: choices.of(PARTITIONS) } : {};
}

function settingsOf(
  choices: Choices,
  settings: Readonly<Record<"parallelism" | "chaining" | "slots", number>>,
  parallel: boolean,
): JsonObject {
  const op: Record<string, Json> = {};
  if (parallel && choices.chance(settings.parallelism)) op["parallelism"] = choices.of([1, 1, 2, 3, 4]);
  if (choices.chance(5)) op["maxParallelism"] = choices.of([4, 8, 128]);
  if (choices.chance(settings.chaining)) op["disableChaining"] = true;
  if (choices.chance(settings.chaining)) op["startNewChain"] = true;
  if (choices.chance(settings.slots)) op["slotSharingGroup"] = choices.of(["default", "one", "two"]);
  return op;
}
