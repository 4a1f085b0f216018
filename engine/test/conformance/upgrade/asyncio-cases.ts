/** Cases of area asyncio: one async operator, its clock, its mailbox and a scripted outside, driven as Flink's operator harness is. */
import { Diagnostic } from "../../../src/base/diagnostic.ts";
import { type AsyncFunction, requestTimedOut, type ResultFuture } from "../../../src/flow/async-functions.ts";
import type { AsyncRetryStrategy } from "../../../src/flow/async-retry.ts";
import type { MailboxExecutor } from "../../../src/flow/mailbox-executor.ts";
import { OperatorMetricGroup } from "../../../src/flow/metrics/metric-group.ts";
import type { OperatorContext } from "../../../src/flow/operator.ts";
import { NO_PROBE } from "../../../src/flow/probe.ts";
import { StreamRecord } from "../../../src/flow/stream-record.ts";
import { AsyncRetryStrategies } from "../../../src/datastream/async/async-retry-strategies.ts";
import { RetryPredicates } from "../../../src/datastream/async/retry-predicates.ts";
import { AsyncWaitOperator } from "../../../src/operators/async/async-wait-operator.ts";
import type { OperatorSnapshot } from "../../../src/state/snapshot.ts";
import { decodeLong, encodeLongs, type Json, type JsonObject } from "../datastream/case-format.ts";
import { canonical } from "../datastream/compare-steps.ts";
import { FlinkTestClock } from "./flink-test-clock.ts";

interface AsyncCase {
  readonly pipeline: JsonObject;
  readonly input: readonly JsonObject[];
  readonly expect: { readonly perStep?: readonly (readonly JsonObject[])[]; readonly buildError?: JsonObject };
}

/** The message of a script that would hang. */
export const NOTHING_COMES = "the operator waits for something that the script does not bring";

/** Runs one case of area asyncio; null when it passes, else its first difference. */
export function runAsyncIo(caseJson: unknown): string | null {
  const { pipeline, input, expect } = caseJson as AsyncCase;
  const got = replayAsyncIo(pipeline, input);
  if (got.perStep === undefined || expect.perStep === undefined) {
    return canonical(got) === canonical(expect) ? null : `expected ${JSON.stringify(expect)}, got ${JSON.stringify(got)}`;
  }
  let restored = false;
  for (let index = 0; index < Math.max(got.perStep.length, expect.perStep.length); index++) {
    const step = input[index];
    const wanted = expect.perStep[index] ?? [];
    const log = got.perStep[index] ?? [];
    restored ||= "snapshotRestore" in step && pipeline["mode"] === "unordered";
    const openOrder = "endInput" in step || (restored && ("snapshotRestore" in step || "processingTime" in step));
    if (!sameStep(wanted, log, openOrder)) {
      return `step ${index} ${JSON.stringify(step)}: expected ${JSON.stringify(wanted)}, got ${JSON.stringify(log)}`;
    }
  }
  return null;
}

/** What the engine's operator does with these steps, in the form of a recording. A step that fails is the last. */
export function replayAsyncIo(pipeline: JsonObject, input: readonly JsonObject[]): AsyncCase["expect"] {
  let run: AsyncRun;
  try {
    run = new AsyncRun(pipeline);
  } catch (error) {
    return { buildError: describeError(error) };
  }
  const perStep: (readonly JsonObject[])[] = [];
  for (const step of input) {
    const { log, over } = run.step(step);
    perStep.push(log);
    if (over) break;
  }
  return { perStep };
}

/** The async function of the cases: it logs its calls, and leaves the answers to the script. */
class ScriptedFunction implements AsyncFunction<JsonObject, Json> {
  private readonly run: AsyncRun;

  constructor(run: AsyncRun) {
    this.run = run;
  }

  asyncInvoke(input: JsonObject, resultFuture: ResultFuture<Json>): void {
    const { pipeline, attempts, futures } = this.run;
    const id = String(input["value"]);
    const attempt = (attempts.get(id) ?? 0) + 1;
    attempts.set(id, attempt);
    this.run.log.push({ invoke: input["value"], attempt });
    futures.set(id, resultFuture);
    if (pipeline["throwOnInvoke"] === true) throw illegalState(`invoke failed for ${id}`);
    if (pipeline["synchronous"] === true) resultFuture.complete([input]);
  }

  timeout(input: JsonObject, resultFuture: ResultFuture<Json>): void {
    this.run.log.push({ timeout: input["value"] });
    switch (this.run.pipeline["onTimeout"] ?? "default") {
      case "default":
        resultFuture.completeExceptionally(requestTimedOut());
        break;
      case "complete":
        resultFuture.complete([{ key: input["key"], timedOut: input["value"] }]);
        break;
      case "empty":
        resultFuture.complete([]);
        break;
      case "throw":
        throw illegalState("timeout handler failed");
      default:
    }
  }
}

class AsyncRun {
  readonly pipeline: JsonObject;
  /** What happened in the current step. */
  log: JsonObject[] = [];
  readonly attempts = new Map<string, number>();
  readonly futures = new Map<string, ResultFuture<Json>>();
  private clock = new FlinkTestClock();
  private mailbox = new ScriptedMailbox();
  private operator: AsyncWaitOperator<JsonObject, Json>;
  private outputs: JsonObject[] = [];
  private processingMs = 0;

  constructor(pipeline: JsonObject) {
    this.pipeline = pipeline;
    this.operator = this.start(null);
  }

  step(step: JsonObject): { readonly log: readonly JsonObject[]; readonly over: boolean } {
    const log: JsonObject[] = [];
    this.log = log;
    try {
      for (const action of (step["whileBlocked"] ?? []) as JsonObject[]) {
        this.mailbox.execute(() => {
          this.flush(log);
          this.act(action);
        });
      }
      this.drive(step);
      const blocked = this.mailbox.held;
      this.mailbox.drain();
      if (this.mailbox.held) throw new Error(NOTHING_COMES);
      this.flush(log);
      if (blocked) log.unshift({ blocked: true });
      const { failure } = this.mailbox;
      if (failure !== null) log.push({ taskFailed: describeError(failure.cause) });
      return { log, over: failure !== null };
    } catch (error) {
      this.flush(log);
      log.push({ thrown: describeError(error) });
      return { log, over: true };
    }
  }

  private drive(step: JsonObject): void {
    const { operator } = this;
    if ("record" in step) {
      operator.processElement(new StreamRecord<unknown>(step["record"], "ts" in step ? decodeLong(step["ts"]) : undefined));
    } else if ("watermark" in step) operator.processWatermark(decodeLong(step["watermark"]));
    else if ("status" in step) operator.processWatermarkStatus(step["status"] === "idle");
    else if ("complete" in step || "fail" in step) this.act(step);
    else if ("batch" in step) for (const action of step["batch"] as JsonObject[]) this.act(action);
    else if ("processingTime" in step) {
      this.processingMs = decodeLong(step["processingTime"]);
      this.clock.setCurrentMs(this.processingMs);
    } else if ("endInput" in step) operator.endInput(1);
    else if ("snapshotRestore" in step) this.restart();
    else throw new Error(`unknown step ${JSON.stringify(step)}`);
  }

  private act(action: JsonObject): void {
    const id = String(action["complete"] ?? action["fail"]);
    const future = this.futures.get(id);
    if (future === undefined) throw new Error(`no request for ${id}`);
    if ("complete" in action) future.complete((action["results"] ?? []) as Json[]);
    else future.completeExceptionally(illegalState(String(action["message"] ?? "boom")));
  }

  private restart(): void {
    const snapshot = this.operator.snapshotState(1);
    this.flush(this.log);
    this.futures.clear();
    this.attempts.clear();
    this.operator.close();
    this.operator = this.start(snapshot);
  }

  private start(snapshot: OperatorSnapshot | null): AsyncWaitOperator<JsonObject, Json> {
    const { pipeline } = this;
    const operator = new AsyncWaitOperator<JsonObject, Json>(new ScriptedFunction(this), {
      outputMode: pipeline["mode"] === "ordered" ? "ORDERED" : "UNORDERED",
      timeoutMs: Number(pipeline["timeoutMs"] ?? 0),
      capacity: Number(pipeline["capacity"] ?? 100),
      retryStrategy: retryStrategyOf(pipeline["retry"] as JsonObject | undefined),
    });
    this.mailbox = new ScriptedMailbox();
    this.clock = new FlinkTestClock();
    operator.setup(this.context());
    operator.initializeState(snapshot, snapshot === null ? undefined : 1);
    this.clock.setCurrentMs(this.processingMs);
    operator.open();
    return operator;
  }

  private flush(log: JsonObject[]): void {
    log.push(...this.outputs);
    this.outputs = [];
  }

  private context(): OperatorContext {
    return {
      operatorId: "async",
      name: "async",
      jobName: "case",
      subtaskIndex: 0,
      parallelism: 1,
      maxParallelism: 128,
      attemptNumber: 0,
      output: {
        collect: ({ value, hasTimestamp, timestamp }) =>
          this.outputs.push({ record: encodeLongs(value), ts: hasTimestamp ? encodeLongs(timestamp) : null }),
        collectSide() {},
        emitWatermark: (timestampMs) => this.outputs.push({ watermark: encodeLongs(timestampMs) }),
        emitWatermarkStatus: (idle) => this.outputs.push({ status: idle ? "idle" : "active" }),
      },
      processingTime: this.clock,
      mailbox: this.mailbox,
      probe: NO_PROBE,
      stateBackend: "hashmap",
      ttlClock: () => this.clock.currentMs(),
      autoWatermarkIntervalMs: 0,
      checkpointingMode: "EXACTLY_ONCE",
      outside: () => undefined,
      keySelectors: [undefined],
      random: () => 0,
      counter: () => ({ inc() {}, count: 0 }),
      metricGroup: new OperatorMetricGroup(null),
    };
  }
}

class ScriptedMailbox implements MailboxExecutor {
  held = false;
  failure: { readonly cause: unknown } | null = null;
  private readonly mails: (() => void)[] = [];

  execute(action: () => void): void {
    this.mails.push(action);
  }

  /** The environment that the cases were recorded in takes one failure and complains about a second. */
  fail(cause: unknown): void {
    if (this.failure !== null) throw illegalState("");
    this.failure = { cause };
  }

  holdInput(): void {
    this.held = true;
  }

  releaseInput(): void {
    this.held = false;
  }

  spendUs(): void {}

  readonly waiting = false;

  waitForAnswer(): (withAnswer: () => void) => void {
    return (withAnswer) => this.execute(withAnswer);
  }

  drain(): void {
    for (let mail = this.mails.shift(); mail !== undefined; mail = this.mails.shift()) mail();
  }
}

function retryStrategyOf(retry: JsonObject | undefined): AsyncRetryStrategy<unknown> | undefined {
  if (retry === undefined || retry === null) return undefined;
  const { FixedDelayRetryStrategyBuilder, ExponentialBackoffDelayRetryStrategyBuilder } = AsyncRetryStrategies;
  const attempts = Number(retry["maxAttempts"]);
  const builder =
    retry["type"] === "fixedDelay"
      ? new FixedDelayRetryStrategyBuilder<unknown>(attempts, Number(retry["delayMs"]))
      : new ExponentialBackoffDelayRetryStrategyBuilder<unknown>(
          attempts,
          Number(retry["initialDelayMs"]),
          Number(retry["maxDelayMs"]),
          Number(retry["multiplier"]),
        );
  if (retry["onEmptyResult"] !== false) builder.ifResult(RetryPredicates.EMPTY_RESULT_PREDICATE);
  if (retry["onException"] !== false) builder.ifException(() => true);
  return builder.build();
}

function illegalState(message: string): Error {
  const error = new Error(message);
  error.name = "IllegalStateException";
  return error;
}

interface ErrorText extends JsonObject {
  error: string;
  message: string;
  chain: string[];
}

/** An exception as the recordings write it: class and message of its root, and the chain of causes. Ours are called as Java's are. */
function describeError(thrown: unknown): ErrorText {
  const chain: string[] = [];
  let root = { error: "", message: "" };
  for (let error = thrown; error instanceof Error; error = error.cause) {
    const name = error instanceof Diagnostic ? "IllegalArgumentException" : error.name === "Error" ? "Exception" : error.name;
    const message = error.message.split("\n", 1)[0];
    root = { error: name, message };
    chain.push(message === "" ? name : `${name}: ${message}`);
  }
  return { ...root, chain };
}

/**
 * In Flink requests under way lie in hash sets, so it is open in which order an unordered operator asks again after a restore, in which
 * order their timers (all begun then) fire, and in which order the end of the input makes pending retries.
 */
function sameStep(wanted: readonly JsonObject[], got: readonly JsonObject[], openOrder: boolean): boolean {
  if (canonical(wanted) === canonical(got)) return true;
  return openOrder && canonical(wanted.map(canonical).sort()) === canonical(got.map(canonical).sort());
}
