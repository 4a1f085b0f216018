import type { Json, JsonObject } from "../datastream/case-format.ts";
import type { Choices } from "./choices.ts";
import type { GeneratedCase } from "./generated-case.ts";
import { boldValue } from "./bold-values.ts";
import { scriptedInput } from "./scripted-input.ts";
import { keysOf } from "./window-generator.ts";

const KEYED = new Set(["keyedProcess", "keyedCoProcess", "keyedBroadcastProcess"]);

/** What a handler of a random program may do. */
interface Scope {
  readonly choices: Choices;
  readonly states: JsonObject;
  readonly keyed: boolean;
  readonly timers: boolean;
  readonly clocks: boolean;
  readonly side: boolean;
  readonly onTimer: boolean;
  readonly broadcast: "none" | "read" | "write";
}

/** A random function in the action language: state of all kinds, timers of both domains, side outputs, broadcast state. */
export function processCase(choices: Choices): GeneratedCase {
  const type = choices.weighted<string>([
    [40, "keyedProcess"],
    [4, "process"],
    [18, "keyedCoProcess"],
    [4, "coProcess"],
    [3, "coMap"],
    [5, "coFlatMap"],
    [6, "broadcastProcess"],
    [14, "keyedBroadcastProcess"],
  ]);
  const keyed = KEYED.has(type) || ((type === "coFlatMap" || type === "coMap") && choices.chance(60));
  const broadcast = type === "broadcastProcess" || type === "keyedBroadcastProcess";
  const states = keyed ? declaredStates(choices) : {};
  const pipeline: JsonObject = { type };
  if (KEYED.has(type)) pipeline["keyBy"] = "key";
  else if (keyed) pipeline["keyed"] = true;
  pipeline["state"] = states;
  if (broadcast) pipeline["broadcastStates"] = ["rules", "other"];
  addHandlers(choices, pipeline, type, states, keyed);
  const parallelism = keyed && choices.chance(25) ? choices.int(2, 4) : 1;
  if (parallelism > 1) pipeline["parallelism"] = parallelism;
  if (choices.chance(12)) pipeline["maxParallelism"] = choices.of([4, 7, 16, 1000]);
  // RocksDB hands a null to the function of a folding state, the heap clears the state.
  const foldsNull = choices.bold && /reducing|aggregating/.test(JSON.stringify(states));
  if (choices.chance(15) && !foldsNull) pipeline["backend"] = "rocksdb";
  const ttl = JSON.stringify(states).includes('"ttl"');
  const keys = keysOf(choices, parallelism);
  const inputs = type === "process" || type === "keyedProcess" ? 1 : 2;
  const input = scriptedInput(choices, {
    keys,
    steps: choices.int(12, 40),
    inputs,
    record: (which): JsonObject =>
      broadcast && which === 2
        ? { name: choices.of(["x", "y", "z"]), value: choices.int(0, 9) }
        : { key: choices.of(keys), value: choices.int(0, 9), name: choices.of(["x", "y", "z"]) },
    stepMs: choices.of([20, 60]),
    startMs: 0,
    late: choices.of([0, 15]),
    withoutTimestamp: choices.of([0, 0, 30]),
    restore: choices.of([0, 3, 8]),
    ttl: ttl ? 18 : 0,
    idle: choices.of([0, 0, 5]),
    processing: 12,
    parallelism,
    broadcastInput2: broadcast,
    rescale: keyed && !(broadcast && type === "broadcastProcess"),
    regress: choices.of([0, 0, 0, 15]),
  });
  // The pace of cleaning in rounds follows the layout of Flink's hash tables.
  const informative = /incremental|default/.test(JSON.stringify(states)) ? { informative: true } : {};
  // applyToKeyedState visits keys in no particular order.
  const visitsKeys = JSON.stringify(pipeline["onBroadcast"] ?? "").includes("applyToKeyedState");
  const visits = input.flatMap((step, index) => (step["input"] === 2 && "record" in step ? [index] : []));
  const unordered = visitsKeys ? { unorderedSteps: visits } : {};
  const kinds = Object.values(states).map((state) => String((state as JsonObject)["kind"]));
  return { title: `${type}: random program over ${kinds.join(", ") || "no state"}`, pipeline, input, ...unordered, ...informative };
}

/** Operator state of a function without keys, rescaled. */
export function operatorStateCase(choices: Choices): GeneratedCase {
  const kind = choices.of(["list", "union", "broadcast"]);
  const store: Json =
    kind === "broadcast"
      ? [
          ["bput", "s", ["get", "name"], ["get", "value"]],
          ["if", ["==", ["get", "value"], 0], [["bremove", "s", ["get", "name"]]], []],
        ]
      : choices.of<Json>([
          [["append", "s", ["get", "value"]]],
          [
            ["append", "s", ["get", "value"]],
            ["if", ["==", ["get", "value"], 0], [["clear", "s"]], []],
          ],
          [["addAll", "s", ["array", ["get", "value"], ["get", "name"]]]],
          [["if", ["==", ["get", "value"], 0], [["update", "s", ["array", ["get", "name"]]]], [["append", "s", ["get", "value"]]]]],
        ]);
  const dump: Json = [["emit", kind === "broadcast" ? { b: ["bmap", "s"] } : { s: ["list", "s"] }]];
  const parallelism = choices.int(1, 4);
  const pipeline: JsonObject = {
    type: "operatorState",
    state: { s: { kind } },
    onElement: [["if", ["==", ["get", "name"], "dump"], dump, store]],
    parallelism,
  };
  const input: JsonObject[] = [];
  let current = parallelism;
  const dumpAll = () => {
    for (let subtask = 0; subtask < current; subtask++) input.push({ record: { name: "dump" }, subtask });
  };
  // Merged elements have no order, so what is dropped later would be left to chance.
  const drops = /clear|update/.test(JSON.stringify(store));
  for (let round = drops ? 1 : choices.int(1, 3); round > 0; round--) {
    for (let count = choices.int(0, 9); count > 0; count--) {
      const subtask = choices.int(0, current - 1);
      // Broadcast state must agree on all subtasks, or its contents after a restore depend on who is asked.
      const record = { name: choices.of(["x", "y", "z"]), value: choices.int(0, 9) };
      if (kind !== "broadcast") input.push({ record, subtask });
      else for (let target = 0; target < current; target++) input.push({ record, subtask: target });
    }
    dumpAll();
    current = choices.int(1, 5);
    input.push({ snapshotRestore: true, parallelism: current });
    dumpAll();
  }
  return {
    title: `operator state (${kind}) through restores`,
    pipeline,
    input,
    ...(kind === "broadcast" ? {} : { compare: "unorderedSources" }),
  };
}

function declaredStates(choices: Choices): JsonObject {
  const states: JsonObject = {};
  const kinds = ["value", "list", "map", "reducing", "aggregating"];
  for (let index = choices.int(1, 3); index > 0; index--) {
    const kind = choices.of(kinds);
    const state: JsonObject = { kind };
    if (kind === "reducing") state["fn"] = choices.of(["sum", "max"]);
    if (kind === "aggregating") state["fn"] = "avg";
    // When rounds of cleaning reach a map shows in isEmpty, and their pace is Flink's own affair.
    if (choices.chance(40)) state["ttl"] = ttlOf(choices, kind === "map");
    states[`${kind[0]}${index}`] = state;
  }
  return states;
}

function ttlOf(choices: Choices, ofMap: boolean): JsonObject {
  const ttl: JsonObject = { ms: choices.of([50, 100]) };
  if (choices.chance(60)) ttl["update"] = choices.of(["OnCreateAndWrite", "OnReadAndWrite", "OnReadAndWrite", "Disabled"]);
  if (choices.chance(60)) ttl["visibility"] = choices.of(["NeverReturnExpired", "ReturnExpiredIfNotCleanedUp"]);
  ttl["cleanup"] = choices.weighted([
    [4, "none"],
    [3, "fullSnapshot"],
    [ofMap ? 0 : 2, "default"],
    [ofMap ? 0 : 1, "incremental"],
  ]);
  if (ttl["cleanup"] === "incremental" || ttl["cleanup"] === "default") ttl["visibility"] = "NeverReturnExpired";
  if (ttl["cleanup"] === "incremental") {
    ttl["cleanupSize"] = choices.int(1, 10);
    ttl["runForEveryRecord"] = choices.chance(30);
  }
  return ttl;
}

function addHandlers(choices: Choices, pipeline: JsonObject, type: string, states: JsonObject, keyed: boolean): void {
  const scope: Scope = {
    choices,
    states,
    keyed,
    timers: KEYED.has(type) || choices.chance(3),
    clocks: type !== "coFlatMap",
    side: type !== "coFlatMap",
    onTimer: false,
    broadcast: "none",
  };
  switch (type) {
    case "coMap":
      pipeline["map1"] = { one: ["get", "value"], key: ["get", "key"], more: ["+", ["get", "value"], 1] };
      for (const name of Object.keys(states)) (pipeline["map1"] as JsonObject)[name] = read(name, states, choices);
      pipeline["map2"] = choices.of<Json>([["rec"], { two: ["*", ["get", "value"], 3], key: ["get", "key"] }]);
      return;
    case "process":
    case "keyedProcess":
      pipeline["onElement"] = statements(scope, 3);
      break;
    case "broadcastProcess":
    case "keyedBroadcastProcess":
      pipeline["onElement"] = statements({ ...scope, broadcast: "read" }, 3);
      pipeline["onBroadcast"] = broadcastStatements({ ...scope, keyed: false, timers: false, broadcast: "write" });
      break;
    default:
      pipeline["onElement1"] = statements(scope, 3);
      pipeline["onElement2"] = statements(scope, 3);
  }
  if (KEYED.has(type)) {
    const broadcast = type === "keyedBroadcastProcess" ? "read" : "none";
    pipeline["onTimer"] = [
      ["emit", { fired: ["timer"], key: ["key"], domain: ["domain"], ts: ["ts"], wm: ["wm"], pt: ["pt"] }],
      ...statements({ ...scope, onTimer: true, broadcast }, 2),
    ];
  }
}

function broadcastStatements(scope: Scope): Json[] {
  const { choices, states } = scope;
  const result: Json[] = [["bput", choices.of(["rules", "other"]), ["get", "name"], ["get", "value"]]];
  if (choices.chance(50)) result.push(["if", ["<", ["get", "value"], 3], [["bremove", "rules", ["get", "name"]]], []]);
  if (choices.chance(50)) result.push(["emit", { rules: ["bmap", "rules"], ts: ["ts"], wm: ["wm"] }]);
  if (choices.chance(20)) result.push(["side", "tap", { rule: ["get", "name"] }]);
  const names = Object.keys(states);
  if (names.length > 0 && choices.chance(50)) {
    const name = choices.of(names);
    const body: Json[] = [["emit", { key: ["key"], has: read(name, states) }]];
    if (choices.chance(30)) body.push(["if", [">", ["get", "value"], 6], [["clear", name]], []]);
    result.push(["applyToKeyedState", name, body]);
  }
  return result;
}

function statements(scope: Scope, depth: number): Json[] {
  return scope.choices.list(scope.choices.int(1, depth === 3 ? 5 : 3), () => statement(scope, depth));
}

function statement(scope: Scope, depth: number): Json {
  const { choices, states } = scope;
  const names = scope.keyed ? Object.keys(states) : [];
  const kind = choices.weighted<string>([
    [22, "emit"],
    [names.length > 0 ? 40 : 0, "state"],
    [scope.timers ? 24 : 0, "timer"],
    [depth > 1 ? 12 : 0, "if"],
    [scope.side ? 4 : 0, "side"],
    [scope.broadcast === "read" ? 1 : 0, "forbidden"],
  ]);
  switch (kind) {
    case "emit":
      return ["emit", emitted(scope)];
    case "side":
      return ["side", choices.of(["left", "right"]), emitted(scope)];
    case "if":
      return ["if", condition(scope), statements(scope, depth - 1), choices.chance(40) ? statements(scope, depth - 1) : []];
    case "timer":
      return timer(scope);
    case "forbidden":
      return ["bput", "rules", "never", 1];
    default:
      return stateStatement(scope, choices.of(names));
  }
}

function timer(scope: Scope): Json {
  const { choices } = scope;
  const name = choices.weighted<string>([
    [5, "etimer"],
    [4, "ptimer"],
    [2, "delEtimer"],
    [2, "delPtimer"],
  ]);
  const delta = choices.of([-10, 0, 1, 25, 50, 100]);
  if (scope.onTimer) {
    // Timers that always set a later one would never end when time does.
    const later: Json = [name, ["+", ["timer"], Math.max(delta, 1)]];
    return name.startsWith("del") ? later : ["if", ["<", ["timer"], 400], [later], []];
  }
  const base: Json = name === "ptimer" || name === "delPtimer" ? ["pt"] : ["ts"];
  return [name, choices.chance(25) ? choices.of([50, 100, 200]) : ["+", base, delta]];
}

function stateStatement(scope: Scope, name: string): Json {
  const { choices, states } = scope;
  const value = choices.bold && choices.chance(35) ? boldExpression(scope) : number(scope);
  if (choices.chance(12)) return ["clear", name];
  const field: Json = scope.onTimer ? choices.of(["x", "y"]) : ["get", "name"];
  switch ((states[name] as JsonObject)["kind"]) {
    case "value":
      return ["set", name, choices.chance(8) ? null : value];
    case "list":
      return choices.of<Json>([
        ["append", name, value],
        ["append", name, value],
        ["addAll", name, ["array", value, number(scope)]],
        ["update", name, choices.chance(25) ? ["array"] : ["array", value]],
      ]);
    case "map":
      return choices.of<Json>([
        ["put", name, field, value],
        ["put", name, field, value],
        ["put", name, value, field],
        ["remove", name, field],
      ]);
    default:
      return ["add", name, value];
  }
}

/** Calls with values of any kind, and ones whose value is seldom asked for in their place. */
function boldExpression(scope: Scope): Json {
  const { choices } = scope;
  const any = () =>
    choices.of<() => Json>([
      () => ["get", "value"],
      () => constant(boldValue(choices)),
      () => (scope.onTimer ? null : ["rec"]),
      () => ["ts"],
      () => ["key"],
      () => ["timer"],
      () => ["domain"],
    ])();
  return choices.weighted<() => Json>([
    [3, any],
    [2, () => [choices.of(["+", "-", "*"]), any(), any()]],
    [2, () => [choices.of(["==", "<", ">"]), any(), any()]],
    [1, () => [choices.of(["not", "isNull"]), any()]],
    [1, () => ["array", any(), any()]],
    [1, () => ({ left: any(), right: any() })],
  ])();
}

/** A list among expressions is a call. */
function constant(value: Json): Json {
  if (Array.isArray(value)) return ["array", ...value.map(constant)];
  return value;
}

function emitted(scope: Scope): Json {
  const { choices, states } = scope;
  if (choices.bold && choices.chance(15)) return boldExpression(scope);
  const result: JsonObject = { at: choices.int(0, 99) };
  if (knowsKey(scope)) result["key"] = ["key"];
  else result["key"] = ["get", "key"];
  if (scope.clocks && choices.chance(40)) result["ts"] = ["ts"];
  if (scope.clocks && choices.chance(30)) result["wm"] = ["wm"];
  if (scope.clocks && choices.chance(30)) result["pt"] = ["pt"];
  if (scope.broadcast !== "none")
    result["rules"] = choices.of<Json>([
      ["bmap", "rules"],
      ["bget", "other", ["get", "name"]],
    ]);
  if (scope.keyed) for (const name of Object.keys(states)) if (choices.chance(65)) result[name] = read(name, states, choices);
  return result;
}

/** coFlatMap and coMap see their key in the record only. */
function knowsKey(scope: Scope): boolean {
  return scope.keyed && scope.clocks;
}

function read(name: string, states: JsonObject, choices?: Choices): Json {
  switch ((states[name] as JsonObject)["kind"]) {
    case "value":
      return ["value", name];
    case "list":
      return ["list", name];
    case "map":
      return choices === undefined
        ? ["map", name]
        : choices.of<Json>([
            ["map", name],
            ["mapEmpty", name],
            ["mapGet", name, "x"],
            ["mapContains", name, "y"],
          ]);
    case "reducing":
      return ["red", name];
    default:
      return ["agg", name];
  }
}

function number(scope: Scope): Json {
  const { choices, states } = scope;
  const values = scope.keyed ? Object.keys(states).filter((name) => (states[name] as JsonObject)["kind"] !== "list") : [];
  return choices.weighted<Json>([
    [8, scope.onTimer ? choices.int(1, 9) : ["get", "value"]],
    [2, choices.int(0, 9)],
    [3, values.length > 0 ? ["+", numberRead(choices.of(values), states), 1] : 1],
    [2, ["+", scope.onTimer ? ["timer"] : ["get", "value"], choices.int(1, 5)]],
  ]);
}

function numberRead(name: string, states: JsonObject): Json {
  return (states[name] as JsonObject)["kind"] === "map" ? 7 : read(name, states);
}

function condition(scope: Scope): Json {
  const { choices, states } = scope;
  const values = scope.keyed
    ? Object.keys(states).filter((name) => !["list", "map"].includes(String((states[name] as JsonObject)["kind"])))
    : [];
  if (choices.bold && choices.chance(25)) return boldExpression(scope);
  const maps = scope.keyed ? Object.keys(states).filter((name) => (states[name] as JsonObject)["kind"] === "map") : [];
  return choices.weighted<Json>([
    [
      6,
      scope.onTimer
        ? ["==", ["domain"], choices.of(["EVENT_TIME", "PROCESSING_TIME"])]
        : ["==", ["get", "name"], choices.of(["x", "y", "z"])],
    ],
    [3, scope.onTimer ? [">", ["timer"], choices.of([50, 100, 150])] : [choices.of(["<", ">"]), ["get", "value"], choices.int(1, 8)]],
    [3, values.length > 0 ? ["isNull", read(choices.of(values), states)] : ["not", ["isNull", ["get", "value"]]]],
    [2, maps.length > 0 ? ["mapContains", choices.of(maps), "x"] : ["isNull", ["get", "nothing"]]],
  ]);
}
