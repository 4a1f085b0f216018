import { Configuration, datastreamProgram, StreamExecutionEnvironment } from "../../src/index.ts";
import { type RunOutcome, runWorld } from "../../src/sim.ts";
import type { JobProgram } from "../../src/graph/stream-graph.ts";
import type { MetamorphicProgram } from "./program.ts";
import { BASELINE, type Variation, VARIATIONS } from "./variations.ts";
import { worldOf } from "./world.ts";

/** Committed rows by topic and, where the order inside a key counts, by key. */
type Result = ReadonlyMap<string, readonly string[]>;

const SETTINGS: Readonly<Record<string, string>> = {
  "execution.checkpointing.interval": "2 s",
  "restart-strategy.type": "fixed-delay",
  "restart-strategy.fixed-delay.attempts": "1000",
  "restart-strategy.fixed-delay.delay": "100 ms",
};

/** Runs a program on a seed's input in one variation. */
export function runVariation(program: MetamorphicProgram, seed: number, variation: Variation): RunOutcome {
  return runWorld(jobOf(program, variation.settings), worldOf(seed, variation.world));
}

/** The program with further configuration keys. */
export function jobOf(program: MetamorphicProgram, settings: Readonly<Record<string, string>>): JobProgram {
  return datastreamProgram(() => {
    const env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.configure(Configuration.fromMap({ ...SETTINGS, ...settings }));
    program.build(env);
    env.execute(program.name);
  });
}

/** Where an outcome differs from that of the undisturbed run with one subtask; null = nowhere. */
export function differenceFromBaseline(program: MetamorphicProgram, seed: number, outcome: RunOutcome): string | null {
  const expected = resultOf(program, runVariation(program, seed, BASELINE));
  const actual = resultOf(program, outcome);
  if (typeof expected === "string" || typeof actual === "string") return `expected ${String(expected)}, got ${String(actual)}`;
  return differenceOf(expected, actual);
}

/** Runs a program in all variations; null when all give the same, else where the first difference is. */
export function firstDifference(program: MetamorphicProgram, seed: number, variations: readonly Variation[] = VARIATIONS): string | null {
  const expected = resultOf(program, runVariation(program, seed, BASELINE));
  if (typeof expected === "string") return `${program.name}, ${BASELINE.name}, seed ${seed}: ${expected}`;
  if (expected.size === 0) return `${program.name}, ${BASELINE.name}, seed ${seed}: no rows`;
  for (const variation of variations) {
    if (variation.restarts && program.survivesRestart === false) continue;
    const outcome = runVariation(program, seed, variation);
    const actual = resultOf(program, outcome);
    const place = `${program.name}, ${variation.name}, seed ${seed}`;
    if (typeof actual === "string") return `${place}: ${actual}`;
    if (variation.restarts && outcome.restarts === 0) return `${place}: nothing was restarted`;
    const difference = differenceOf(expected, actual);
    if (difference !== null) return `${place}: ${difference}`;
  }
  return null;
}

function resultOf(program: MetamorphicProgram, outcome: RunOutcome): Result | string {
  if (outcome.status !== "finished") return `ended as ${outcome.status}: ${outcome.failure?.message ?? ""}`;
  const rows = new Map<string, string[]>();
  for (const { name, records } of outcome.topics) {
    for (const { key, value, committedAtMs } of records) {
      if (committedAtMs === null) continue;
      const group = program.orderedPerKey === false ? name : `${name}, key ${key}`;
      const list = rows.get(group);
      if (list === undefined) rows.set(group, [JSON.stringify(value)]);
      else list.push(JSON.stringify(value));
    }
  }
  if (program.orderedPerKey === false) for (const list of rows.values()) list.sort();
  return rows;
}

function differenceOf(expected: Result, actual: Result): string | null {
  for (const group of new Set([...expected.keys(), ...actual.keys()])) {
    const wanted = expected.get(group) ?? [];
    const got = actual.get(group) ?? [];
    for (let index = 0; index < Math.max(wanted.length, got.length); index++) {
      if (wanted[index] === got[index]) continue;
      const counts = wanted.length === got.length ? "" : ` (${wanted.length} rows against ${got.length})`;
      return `${group}, row ${index}: ${wanted[index] ?? "none"} with ${BASELINE.name}, ${got[index] ?? "none"} here${counts}`;
    }
  }
  return null;
}
