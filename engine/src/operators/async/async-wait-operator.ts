/**
 * Starts a request for each record and emits the results when they are there (Flink: `AsyncWaitOperator`).
 *
 * Every element takes a place in a queue of limited capacity (stream-element-queue.ts); the queue says what may leave. Answers come as
 * mails. A record that finds the queue full waits in front of it, not yet asked for, and the operator holds the task's input until there
 * is room: in Flink the task's thread waits in the same place. So the queue is full when the outside is slow, the input fills, and
 * backpressure runs up the job. A single input may make several records (a flat map in front, in one chain): they wait together, in order.
 *
 * The end of the input waits for all answers. A snapshot holds the inputs of everything not emitted; after a restore they are asked for
 * again, in order, and their timeouts and attempts begin anew. An answer that was there but not emitted is asked for a second time too.
 */
import { Diagnostic } from "../../base/diagnostic.ts";
import { RingBuffer } from "../../base/ring-buffer.ts";
import { AbstractUdfStreamOperator } from "../../flow/abstract-udf-stream-operator.ts";
import { type AsyncFunction, requestTimedOut, type ResultFuture } from "../../flow/async-functions.ts";
import type { AsyncRetryStrategy } from "../../flow/async-retry.ts";
import type { MailboxExecutor } from "../../flow/mailbox-executor.ts";
import type { OneInputStreamOperator, OperatorContext } from "../../flow/operator.ts";
import type { ScheduledCallback } from "../../flow/processing-time.ts";
import type { StreamRecord } from "../../flow/stream-record.ts";
import { ResultTimestamp, TimestampedCollector } from "../../flow/timestamped-collector.ts";
import { ListStateDescriptor } from "../../state/descriptors.ts";
import type { OperatorSnapshot } from "../../state/snapshot.ts";
import { copyValue } from "../../types/value-codec.ts";
import { OrderedStreamElementQueue } from "./ordered-stream-element-queue.ts";
import { type AsyncOperations, ResultHandler } from "./result-handler.ts";
import { RetryableResultHandler, RetryState } from "./retryable-result-handler.ts";
import {
  type CompletedOutput,
  isStoredWatermark,
  type RecordEntry,
  type StoredElement,
  type StoredRecord,
  type StreamElementQueue,
} from "./stream-element-queue.ts";
import { UnorderedStreamElementQueue } from "./unordered-stream-element-queue.ts";

/** Flink: `AsyncDataStream.OutputMode`. */
export type OutputMode = "ORDERED" | "UNORDERED";

export interface AsyncWaitSettings {
  readonly outputMode: OutputMode;
  /** From the first attempt to the results, in milliseconds; 0 = no timeout. */
  readonly timeoutMs: number;
  /** Most records and watermarks under way. */
  readonly capacity: number;
  /** undefined = nothing is retried. */
  readonly retryStrategy: AsyncRetryStrategy<unknown> | undefined;
  /**
   * Called before `open`, for functions of the engine that ask through their operator's own means: clock, random numbers, systems outside. No method of the function,
   * because then a program's function could have it too.
   */
  readonly useOperator?: (context: OperatorContext) => void;
}

const IN_FLIGHT = new ListStateDescriptor<StoredElement>("_async_wait_operator_state_");

export class AsyncWaitOperator<IN, OUT>
  extends AbstractUdfStreamOperator<AsyncFunction<IN, OUT>>
  implements OneInputStreamOperator, AsyncOperations
{
  protected readonly capacity: number;
  private readonly timeoutMs: number;
  private readonly useOperator: AsyncWaitSettings["useOperator"];
  protected readonly queue: StreamElementQueue;
  private readonly retries: RetryState | null;
  /** What found the queue full. */
  private readonly waiting = new RingBuffer<StoredElement>();
  private recovered: readonly StoredElement[] = [];
  private mailbox!: MailboxExecutor;
  private completedOutput!: CompletedOutput;
  private inputEnded = false;
  private holding = false;

  /** @throws Diagnostic ASYNC_BAD_CAPACITY */
  constructor(asyncFunction: AsyncFunction<IN, OUT>, settings: AsyncWaitSettings) {
    super(asyncFunction);
    checkCapacity(settings.capacity);
    this.capacity = settings.capacity;
    this.timeoutMs = settings.timeoutMs;
    this.useOperator = settings.useOperator;
    this.queue = settings.outputMode === "ORDERED" ? new OrderedStreamElementQueue() : new UnorderedStreamElementQueue();
    const retries = settings.retryStrategy === undefined ? null : new RetryState(settings.retryStrategy, settings.timeoutMs);
    this.retries = retries?.enabled === true ? retries : null;
  }

  override setup(context: OperatorContext): void {
    super.setup(context);
    this.useOperator?.(context);
    this.mailbox = context.mailbox;
    const { output } = this;
    const resultTimestamp = new ResultTimestamp();
    this.completedOutput = {
      collector: new TimestampedCollector(output, resultTimestamp),
      resultTimestamp,
      emitWatermark: (timestampMs) => {
        output.emitWatermark(timestampMs);
        this.watermarkEmitted(timestampMs);
      },
    };
  }

  protected watermarkEmitted(_timestampMs: number): void {}

  override initializeState(restored: OperatorSnapshot | null, restoredCheckpointId?: number): void {
    super.initializeState(restored, restoredCheckpointId);
    this.recovered = this.restoreElements();
  }

  /** What a snapshot held, in order. */
  protected restoreElements(): readonly StoredElement[] {
    return [...(this.operatorStateBackend.getListState(IN_FLIGHT).get() ?? [])];
  }

  /** Puts what is under way, in order, into state. */
  protected storeElements(elements: readonly StoredElement[]): void {
    this.operatorStateBackend.getListState(IN_FLIGHT).update([...elements]);
  }

  override open(): void {
    super.open();
    for (const element of this.recovered) this.offer(element);
    this.recovered = [];
  }

  processElement(record: StreamRecord): void {
    this.offer({ value: copyValue(record.value), timestampMs: record.hasTimestamp ? record.timestamp : null });
  }

  override processWatermark(timestampMs: number): void {
    this.offer({ watermarkMs: timestampMs });
  }

  override snapshotState(checkpointId: number): OperatorSnapshot {
    this.storeElements([...this.queue.values(), ...this.waiting.toArray()]);
    return super.snapshotState(checkpointId);
  }

  override endInput(_input: number): void {
    this.inputEnded = true;
    const { retries } = this;
    if (retries !== null) {
      retries.disabled = true;
      for (const handler of retries.waiting) handler.retryAtOnce();
      retries.waiting.clear();
    }
    this.regulateInput();
  }

  /** Requests are under way: the operator waits for the outside. */
  get inFlight(): boolean {
    return this.queue.size > 0 || !this.waiting.isEmpty();
  }

  // ---- The way in ----

  private offer(element: StoredElement): void {
    if (this.waiting.isEmpty() && this.hasRoomFor(element)) this.admit(element);
    else this.waiting.push(element);
    this.regulateInput();
  }

  private admit(element: StoredElement): void {
    if (isStoredWatermark(element)) {
      this.queue.putWatermark(element);
      this.outputCompletedElement();
    } else {
      this.start(element);
    }
  }

  protected hasRoomFor(_element: StoredElement): boolean {
    return this.queue.size < this.capacity;
  }

  private start(record: StoredRecord): void {
    this.request(record, this.queue.putRecord(record));
  }

  /** Asks for a record that has its place in the queue. */
  protected request(record: StoredRecord, entry: RecordEntry): void {
    const { retries } = this;
    if (retries === null) {
      const handler = new ResultHandler(record, entry, this);
      if (this.timeoutMs > 0) handler.registerTimeout(this.timeoutMs);
      this.invoke(record.value, handler.future);
    } else {
      const handler = new RetryableResultHandler(record, entry, retries, this);
      handler.registerTimeout(this.timeoutMs);
      this.invoke(record.value, handler.future);
    }
  }

  /** Lets in what waits, as far as there is room, and holds the task's input while something still waits. */
  private admitWaiting(): void {
    for (;;) {
      const element = this.waiting.peek();
      if (element === undefined || !this.hasRoomFor(element)) break;
      this.waiting.shift();
      this.admit(element);
    }
    this.regulateInput();
  }

  private regulateInput(): void {
    const hold = !this.waiting.isEmpty() || (this.inputEnded && this.queue.size > 0);
    if (hold === this.holding) return;
    this.holding = hold;
    if (hold) this.mailbox.holdInput();
    else this.mailbox.releaseInput();
  }

  // ---- The way out ----

  /** One element per mail, so that answers do not keep timers and checkpoints waiting. */
  private outputCompletedElement(): void {
    const { queue } = this;
    if (!queue.hasCompletedElements()) return;
    queue.emitCompletedElement(this.completedOutput);
    if (queue.hasCompletedElements()) this.mailbox.execute(() => this.entryCompleted());
  }

  // ---- For the handlers ----

  entryCompleted(): void {
    this.outputCompletedElement();
    this.admitWaiting();
  }

  nowMs(): number {
    return this.context.processingTime.currentMs();
  }

  schedule(timestampMs: number, action: () => void): ScheduledCallback {
    return this.context.processingTime.schedule(timestampMs, action);
  }

  execute(action: () => void): void {
    this.mailbox.execute(action);
  }

  fail(cause: unknown): void {
    this.mailbox.fail(cause);
  }

  invoke(value: unknown, resultFuture: ResultFuture<unknown>): void {
    refusePromise(this.userFunction.asyncInvoke(value as IN, resultFuture as ResultFuture<OUT>), "asyncInvoke");
  }

  timeout(value: unknown, resultFuture: ResultFuture<unknown>): void {
    const { userFunction } = this;
    if (userFunction.timeout === undefined) resultFuture.completeExceptionally(requestTimedOut());
    else refusePromise(userFunction.timeout(value as IN, resultFuture as ResultFuture<OUT>), "timeout");
  }
}

/** @throws Diagnostic ASYNC_BAD_CAPACITY */
function checkCapacity(capacity: number): void {
  if (Number.isInteger(capacity) && capacity > 0) return;
  throw new Diagnostic({
    code: "ASYNC_BAD_CAPACITY",
    message: "The number of concurrent async operation should be greater than 0.",
    phase: "runtime",
    found: `capacity ${capacity}`,
    expected: "a whole number of at least 1; the default is 100",
  });
}

/** An `async` method has run up to its first await, and will never run on. */
function refusePromise(returned: unknown, method: string): void {
  if (!(returned instanceof Promise)) return;
  // What it fails with must not reach the host as an unhandled rejection; the diagnostic says what is wrong.
  returned.catch(() => {});
  throw new Diagnostic({
    code: "ASYNC_PROMISE",
    message: `${method} returned a promise. A job runs in virtual time, in which no promise is ever settled: nothing behind an await would run.`,
    phase: "runtime",
    found: `an async ${method}(…)`,
    expected: "service.request(key, (error, value) => resultFuture.complete([value]))",
    hint: "Take the word async away and complete the ResultFuture in the callback of the service.",
  });
}
