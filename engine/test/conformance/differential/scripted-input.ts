import type { Json, JsonObject } from "../datastream/case-format.ts";
import { boldRecord } from "./bold-values.ts";
import type { Choices } from "./choices.ts";

const EDGES_OF_TIME: readonly Json[] = [0, -1, 1, 4_503_599_627_370_496, 253_402_300_799_999];

/** What the steps of an operator case are drawn from. */
export interface ScriptOptions {
  readonly keys: readonly string[];
  readonly steps: number;
  readonly inputs: 1 | 2;
  /** The record without its timestamp; null = only clocks and restores. */
  record(input: 1 | 2): JsonObject;
  /** Scale of event time: records arrive about this far apart, watermarks and lateness follow. */
  readonly stepMs: number;
  readonly startMs: number;
  /** Percentages. */
  readonly late: number;
  readonly withoutTimestamp: number;
  readonly restore: number;
  readonly ttl: number;
  readonly idle: number;
  readonly processing: number;
  /** Where the second input goes to all subtasks, or records name their subtask. */
  readonly broadcastInput2?: boolean;
  readonly subtasks?: boolean;
  readonly parallelism: number;
  readonly rescale: boolean;
  /** A watermark may fall behind the last one (operators do not check). */
  readonly regress: number;
  /** A record may have the very timestamp of the one before it. */
  readonly tiesOf?: number;
}

/** Out-of-order, late, idle and restored input: event time wanders forwards with jitter, watermarks follow behind it. */
export function scriptedInput(choices: Choices, options: ScriptOptions): JsonObject[] {
  const steps: JsonObject[] = [];
  let eventMs = options.startMs;
  let jitterMs = 0;
  let watermarkMs = [options.startMs - 3 * options.stepMs, options.startMs - 3 * options.stepMs];
  let processingMs = 0;
  let ttlMs = 0;
  let parallelism = options.parallelism;
  // The recorder gives a broadcast record without a timestamp the smallest one: its own doing, not Flink's.
  const timeless = (input: number) => !(options.broadcastInput2 && input === 2) && choices.chance(options.withoutTimestamp);
  const inputOf = (): JsonObject => (options.inputs === 2 ? { input: choices.int(1, 2) } : {});
  while (steps.length < options.steps) {
    const kind = choices.weighted<string>([
      [58, "record"],
      [16, "watermark"],
      [options.processing, "processing"],
      [options.restore, "restore"],
      [options.ttl, "ttl"],
      [options.idle, "status"],
    ]);
    if (kind === "record") {
      const input = options.inputs === 2 ? choices.of([1, 2] as const) : 1;
      const tie = options.tiesOf !== undefined && choices.chance(options.tiesOf);
      if (!tie) {
        eventMs += choices.int(0, options.stepMs);
        jitterMs = choices.chance(options.late) ? -choices.int(0, 12 * options.stepMs) : choices.int(-options.stepMs, options.stepMs);
      }
      const step: JsonObject = { record: choices.bold ? boldRecord(choices, options.record(input)) : options.record(input) };
      if (!timeless(input)) step["ts"] = choices.bold && choices.chance(3) ? choices.of<Json>(EDGES_OF_TIME) : eventMs + jitterMs;
      if (options.inputs === 2) step["input"] = input;
      if (options.subtasks) step["subtask"] = choices.int(0, parallelism - 1);
      steps.push(step);
    } else if (kind === "watermark") {
      const target = inputOf();
      const index = target["input"] === 2 ? 1 : 0;
      const next = choices.chance(options.regress)
        ? watermarkMs[index] - choices.int(1, 2 * options.stepMs)
        : Math.max(watermarkMs[index], eventMs - choices.int(0, 3 * options.stepMs));
      watermarkMs = watermarkMs.map((value, position) => (position === index || options.inputs === 1 ? Math.max(value, next) : value));
      const watermark = choices.chance(1) ? choices.of(["MIN", "MAX"]) : next;
      const one: JsonObject = choices.bold && parallelism > 1 && choices.chance(20) ? { subtask: choices.int(0, parallelism - 1) } : {};
      steps.push({ watermark, ...(choices.chance(70) ? target : {}), ...one });
    } else if (kind === "processing") {
      processingMs += choices.int(0, 2 * options.stepMs);
      steps.push({ processingTime: processingMs });
    } else if (kind === "ttl") {
      ttlMs += choices.of([0, 1, 20, 49, 50, 51, 99, 100, 101, 250]);
      steps.push({ ttlTime: ttlMs });
    } else if (kind === "status") {
      steps.push({ status: choices.of(["idle", "active"]), ...inputOf() });
    } else {
      const step: JsonObject = { snapshotRestore: true };
      if (options.rescale && choices.chance(60)) {
        parallelism = choices.int(1, 4);
        step["parallelism"] = parallelism;
      }
      steps.push(step);
    }
  }
  if (choices.bold && choices.chance(20)) steps.push({ finish: true });
  if (choices.chance(60)) steps.push({ processingTime: processingMs + 20 * options.stepMs });
  if (choices.chance(70)) steps.push({ watermark: choices.chance(60) ? "MAX" : eventMs + 30 * options.stepMs });
  if (choices.chance(15)) steps.push({ endInput: true });
  return steps;
}
