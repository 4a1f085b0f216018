import type { JsonObject } from "../datastream/case-format.ts";
import type { Choices } from "./choices.ts";
import type { GeneratedCase } from "./generated-case.ts";

/** Two-phase-commit sinks and sinks of version 2 through checkpoints, aborts, failing commits, crashes and restores. */
export function sinkCase(choices: Choices): GeneratedCase {
  return choices.chance(50) ? twoPhaseCommitCase(choices) : sinkV2Case(choices);
}

/** Ids of checkpoints: taken ones, mostly the newest; now and then one that never was. */
class Checkpoints {
  private readonly choices: Choices;
  readonly taken: number[] = [];
  private next = 0;

  constructor(choices: Choices) {
    this.choices = choices;
  }

  take(): number {
    this.next += this.choices.weighted([
      [9, 1],
      [1, 3],
    ]);
    this.taken.push(this.next);
    return this.next;
  }

  some(): number {
    if (this.taken.length === 0) return this.choices.of([1, 0]);
    if (this.choices.chance(55)) return this.taken[this.taken.length - 1];
    return this.choices.chance(92) ? this.choices.of(this.taken) : this.next + 1;
  }

  /** 0 = from scratch. */
  toRestore(): number {
    return this.taken.length === 0 || this.choices.chance(10)
      ? 0
      : this.choices.chance(75)
        ? this.taken[this.taken.length - 1]
        : this.choices.of(this.taken);
  }
}

function twoPhaseCommitCase(choices: Choices): GeneratedCase {
  const pipeline: JsonObject = { type: "twoPhaseCommitSink" };
  // The recorder runs on the wall clock: only timeouts that never come are the same every time.
  if (choices.chance(15)) pipeline["transactionTimeoutMs"] = 1_000_000_000;
  if (choices.chance(10)) pipeline["ignoreFailuresAfterTransactionTimeout"] = true;
  const rescales = choices.chance(40);
  const checkpoints = new Checkpoints(choices);
  let parallelism = 1;
  let value = 0;
  const input: JsonObject[] = [];
  for (let count = choices.int(8, 24); count > 0; count--) {
    input.push(
      ...choices.weighted<() => JsonObject[]>([
        [30, () => [{ record: { key: "k", value: value++ }, ...(parallelism > 1 ? { subtask: choices.int(0, parallelism - 1) } : {}) }]],
        [22, () => [{ checkpoint: checkpoints.take() }]],
        [18, () => [{ notifyComplete: checkpoints.some() }]],
        [5, () => [{ notifyAborted: checkpoints.some() }]],
        // Which subtask fails first is open once they are several.
        [rescales ? 0 : 5, () => [{ failCommit: choices.chance(60) }]],
        [1, () => [{ finish: true }]],
        [
          9,
          () => {
            parallelism = rescales ? choices.int(1, 3) : 1;
            const restore: JsonObject = { restore: checkpoints.toRestore(), ...(parallelism > 1 ? { parallelism } : {}) };
            return choices.chance(85) ? [{ [choices.chance(80) ? "crash" : "close"]: true }, restore] : [restore];
          },
        ],
      ])(),
    );
  }
  if (choices.chance(30))
    input.push({ finish: true }, ...(choices.chance(50) ? [{ checkpoint: checkpoints.take() }] : []), { close: true });
  return {
    title: `two-phase commit${rescales ? ", rescaled" : ""}`,
    pipeline,
    input,
    ...(rescales ? { compare: "unorderedSources" } : {}),
  };
}

function sinkV2Case(choices: Choices): GeneratedCase {
  const onePerRecord = choices.chance(50);
  const pipeline: JsonObject = { type: "sinkV2", ...(onePerRecord || choices.chance(20) ? { onePerRecord } : {}) };
  const checkpoints = new Checkpoints(choices);
  let next = 1;
  let written: number[] = [];
  /** Committables that the script may speak of: those that exist and the next one. */
  let committables: string[] = [];
  const pending = () => (onePerRecord ? written.map(String) : written.length === 0 ? [] : [`[${written.join(",")}]`]);
  const input: JsonObject[] = [];
  for (let count = choices.int(8, 26); count > 0; count--) {
    input.push(
      ...choices.weighted<() => JsonObject[]>([
        [
          30,
          () => {
            written.push(next);
            return [{ record: { key: "k", value: next++ }, ...(choices.chance(80) ? { ts: choices.int(-50, 500) } : {}) }];
          },
        ],
        [5, () => [{ watermark: choices.chance(5) ? "MAX" : choices.int(-100, 600) }]],
        [
          22,
          () => {
            committables = [...committables, ...pending()];
            written = [];
            return [{ checkpoint: checkpoints.take() }];
          },
        ],
        [20, () => [{ notifyComplete: checkpoints.some() }]],
        [4, () => [{ notifyAborted: checkpoints.some() }]],
        [3, () => [{ processingTime: input.length * 100 }]],
        [
          10,
          () => {
            const known = [...committables.slice(-3), ...pending()];
            return known.length === 0 ? [] : [{ outcome: choices.of(known), outcomes: outcomesOf(choices) }];
          },
        ],
        [2, () => [{ endInput: true }]],
        [
          7,
          () => {
            written = [];
            const restore = { restore: checkpoints.toRestore() };
            return choices.chance(85) ? [{ [choices.chance(80) ? "crash" : "close"]: true }, restore] : [restore];
          },
        ],
      ])(),
    );
  }
  return { title: `sink with committer${onePerRecord ? ", a committable per record" : ""}`, pipeline, input };
}

function outcomesOf(choices: Choices): string[] {
  return choices.list(choices.int(1, choices.chance(8) ? 14 : 3), () =>
    choices.weighted<string>([
      [6, "retryLater"],
      [4, "updateAndRetryLater"],
      [2, "alreadyCommitted"],
      [2, "failedKnown"],
      [1, "failedUnknown"],
      [1, "throw"],
      [2, "ok"],
    ]),
  );
}
