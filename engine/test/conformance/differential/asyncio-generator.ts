import type { Json, JsonObject } from "../datastream/case-format.ts";
import { NOTHING_COMES, replayAsyncIo } from "../upgrade/asyncio-cases.ts";
import type { Choices } from "./choices.ts";
import type { GeneratedCase } from "./generated-case.ts";

/** Async operators of both modes: answers in any order, failures, timeouts, retries, full queues, watermarks, restores. */
export function asyncIoCase(choices: Choices): GeneratedCase {
  const pipeline = pipelineOf(choices);
  const script = new Script(choices, pipeline);
  for (let count = choices.int(8, 26); count > 0 && script.goesOn; count--) script.add();
  return { title: `async ${String(pipeline["mode"])}, random`, pipeline, input: script.input };
}

function pipelineOf(choices: Choices): JsonObject {
  const pipeline: JsonObject = { type: "asyncWait", mode: choices.of(["ordered", "unordered"]) };
  const retries = choices.chance(45);
  pipeline["timeoutMs"] = choices.of(retries ? [0, 50, 100, 1000] : [0, 0, 10, 100]);
  pipeline["capacity"] = choices.of([1, 2, 3, 10, 10]);
  if (choices.chance(60)) pipeline["onTimeout"] = choices.of(["default", "complete", "complete", "empty", "ignore", "throw"]);
  if (choices.chance(4)) pipeline["synchronous"] = true;
  if (choices.chance(2)) pipeline["throwOnInvoke"] = true;
  if (retries) pipeline["retry"] = retryOf(choices);
  return pipeline;
}

function retryOf(choices: Choices): JsonObject {
  const retry: JsonObject = choices.chance(60)
    ? { type: "fixedDelay", maxAttempts: choices.int(1, 4), delayMs: choices.of([1, 10, 30]) }
    : {
        type: "exponential",
        maxAttempts: choices.int(1, 5),
        initialDelayMs: choices.of([1, 10]),
        maxDelayMs: choices.of([10, 25, 100]),
        multiplier: choices.of([1, 1.5, 2, 3]),
      };
  if (choices.chance(20)) retry["onEmptyResult"] = choices.chance(50);
  if (choices.chance(20)) retry["onException"] = choices.chance(50);
  return retry;
}

/** Grows a script whose answers are for requests under way: the engine itself is asked which they are. */
class Script {
  readonly input: JsonObject[] = [];
  /** False when the operator has failed or its input has ended. */
  goesOn = true;
  private readonly choices: Choices;
  private readonly pipeline: JsonObject;
  private readonly retries: boolean;
  private open = new Set<string>();
  private nextValue = 1;
  private processingMs = 0;
  private watermarkMs = 0;

  constructor(choices: Choices, pipeline: JsonObject) {
    this.choices = choices;
    this.pipeline = pipeline;
    this.retries = pipeline["retry"] !== undefined;
  }

  add(): void {
    const { choices } = this;
    const step = choices.weighted<() => JsonObject | null>([
      [34, () => this.record()],
      [30, () => this.answer()],
      [6, () => this.batch()],
      [8, () => this.watermark()],
      [2, () => ({ status: choices.of(["idle", "active"]) })],
      [14, () => this.time()],
      [4, () => ({ snapshotRestore: true })],
      [2, () => ({ endInput: true })],
    ])();
    if (step === null) return;
    if (this.hangs(step)) this.bringAnswers(step);
    // A retry may still wait for its time; nothing helps then.
    if (this.hangs(step)) return;
    this.input.push(step);
    this.follow();
  }

  private hangs(step: JsonObject): boolean {
    const log = replayAsyncIo(this.pipeline, [...this.input, step]).perStep?.[this.input.length] ?? [];
    return log.some(({ thrown }) => JSON.stringify(thrown ?? null).includes(NOTHING_COMES));
  }

  private record(): JsonObject {
    const value = this.nextValue++;
    return { record: { key: "k", value }, ...(this.choices.chance(85) ? { ts: this.choices.int(0, 500) } : {}) };
  }

  private watermark(): JsonObject {
    this.watermarkMs += this.choices.int(0, 50);
    return { watermark: this.choices.chance(4) ? "MAX" : this.watermarkMs };
  }

  private time(): JsonObject {
    this.processingMs += this.choices.of([1, 5, 10, 20, 50, 100, 150]);
    return { processingTime: this.processingMs };
  }

  private answer(): JsonObject | null {
    if (this.open.size === 0) return null;
    const value = this.choices.of([...this.open]);
    if (this.choices.chance(this.retries ? 25 : 6)) return { fail: value, message: "boom" };
    const count = this.choices.weighted([
      [this.retries ? 4 : 1, 0],
      [6, 1],
      [1, 2],
    ]);
    return { complete: value, results: this.choices.list(count, (index): Json => ({ key: "k", r: Number(value) * 10 + index })) };
  }

  private batch(): JsonObject | null {
    if (this.open.size === 0) return null;
    return { batch: this.choices.list(this.choices.int(1, 3), () => this.answer() as JsonObject) };
  }

  /** When the queue is full, or the input ends, the step waits for answers. */
  private bringAnswers(step: JsonObject): void {
    const answers = [...this.open].map((value): JsonObject => ({ complete: value, results: [{ key: "k", late: Number(value) }] }));
    if (this.choices.chance(30)) answers.reverse();
    step["whileBlocked"] = answers;
  }

  /** What the engine says of the last step. */
  private follow(): void {
    const step = this.input[this.input.length - 1];
    const log = replayAsyncIo(this.pipeline, this.input).perStep;
    const last = log?.[this.input.length - 1];
    if (last === undefined || last.some((entry) => "taskFailed" in entry || "thrown" in entry)) this.goesOn = false;
    if ("snapshotRestore" in step) this.open.clear();
    if ("endInput" in step) this.goesOn = false;
    for (const entry of last ?? []) if ("invoke" in entry) this.open.add(String(entry["invoke"]));
  }
}
