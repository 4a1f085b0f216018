/**
 * A sink with transactions, written as five steps (Flink: `legacy.TwoPhaseCommitSinkFunction`).
 *
 *   beginTransaction → invoke* → preCommit (at the barrier) → commit (when the checkpoint is complete)
 *                                                           → abort  (when the task ends before the barrier)
 *
 * At each checkpoint the current transaction is flushed and put beside those that wait for a checkpoint to complete, and a new one begins;
 * all of them are in the snapshot. A completed checkpoint commits every transaction up to it. After a restart, what the snapshot says
 * was pre-committed is committed (perhaps again: `recoverAndCommit` must be idempotent), and the transaction that had just begun is
 * aborted, since its records will come again.
 *
 * Transactions are plain data; connections and buffers belong into fields of the function.
 */
import { Diagnostic } from "../base/diagnostic.ts";
import { type CheckpointStepReporter, inStep } from "./checkpoint-step.ts";
import { ListStateDescriptor } from "../state/descriptors.ts";
import type { ListState } from "../state/state.ts";
import {
  AbstractRichFunction,
  type CheckpointedFunction,
  type CheckpointListener,
  type FunctionInitializationContext,
  type FunctionSnapshotContext,
} from "./rich-function.ts";
import type { SinkFunctionContext } from "./sink-function.ts";

/** What the operator around the function lends it. */
export interface TransactionHost {
  /** Processing time in epoch ms, against which the transaction timeout is measured. */
  currentMs(): number;
  /** undefined = nobody waits for steps. */
  readonly steps: CheckpointStepReporter | undefined;
}

interface OpenTransaction<TXN> {
  readonly handle: TXN;
  readonly startMs: number;
}

interface StoredTransactions<TXN, CONTEXT> {
  readonly pendingTransaction: OpenTransaction<TXN> | null;
  readonly pendingCommitTransactions: readonly OpenTransaction<TXN>[];
  readonly context: CONTEXT | null;
}

type AnyTransactions = TwoPhaseCommitSinkFunction<unknown, unknown, unknown>;
let setHost: (fn: AnyTransactions, host: TransactionHost) => void;
let process: (fn: AnyTransactions, value: unknown, context: SinkFunctionContext) => void;

/** For the operator, before anything else. No method, since a program's class could have it instead. */
export function setTransactionHost(fn: AnyTransactions, host: TransactionHost): void {
  setHost(fn, host);
}

/** For the operator: writes a record into the open transaction. */
export function processInTransaction(fn: AnyTransactions, value: unknown, context: SinkFunctionContext): void {
  process(fn, value, context);
}

/**
 * Base of sinks with transactions; give it to `stream.addSink`. `TXN` names a transaction, `CONTEXT` is what all transactions of a subtask
 * share (most need none). New sinks rather implement `Sink` with a committer. (Flink: docs/learn-flink/fault_tolerance)
 */
export abstract class TwoPhaseCommitSinkFunction<IN, TXN, CONTEXT = void>
  extends AbstractRichFunction
  implements CheckpointedFunction, CheckpointListener
{
  static {
    setHost = (fn, host) => {
      fn.#host = host;
    };
    process = (fn, value, context) => fn.#process(value, context);
  }

  readonly #pending = new Map<number, OpenTransaction<TXN>>();
  #current: OpenTransaction<TXN> | null = null;
  #state: ListState<StoredTransactions<TXN, CONTEXT>> | undefined;
  #userContext: CONTEXT | null = null;
  #transactionTimeoutMs = Number.POSITIVE_INFINITY;
  #ignoresFailuresAfterTimeout = false;
  #finished = false;
  #host: TransactionHost = { currentMs: () => 0, steps: undefined };
  /** The checkpoint that the open transaction will be part of. */
  #nextCheckpointId = 1;

  /** Both serializers are accepted so that Flink's spelling works; transactions are plain data. */
  constructor(_transactionSerializer?: unknown, _contextSerializer?: unknown) {
    super();
  }

  /** Writes a record into the transaction. */
  protected abstract invoke(transaction: TXN, value: IN, context: SinkFunctionContext): void;

  /** Begins a transaction and names it. */
  protected abstract beginTransaction(): TXN;

  /** Phase one, at the barrier: everything must be durable, but not visible. Exceptions fail the checkpoint and the task. */
  protected abstract preCommit(transaction: TXN): void;

  /** Phase two: makes the transaction visible. May never give up what was pre-committed. */
  protected abstract commit(transaction: TXN): void;

  /** Throws the transaction away. */
  protected abstract abort(transaction: TXN): void;

  /** As `commit`, after a restart; the transaction may be committed already. */
  protected recoverAndCommit(transaction: TXN): void {
    this.commit(transaction);
  }

  /** As `abort`, after a restart; the transaction may be gone already. */
  protected recoverAndAbort(transaction: TXN): void {
    this.abort(transaction);
  }

  /** Called once per restored subtask with the transactions that were committed or aborted; only when there is a user context. */
  protected finishRecoveringContext(_handledTransactions: readonly TXN[]): void {}

  /** The input has ended; a last checkpoint will pre-commit this transaction, and none begins after it. */
  protected finishProcessing(_transaction: TXN | null): void {}

  /** What the transactions of this subtask share; null = nothing. Kept in the checkpoints. */
  protected initializeUserContext(): CONTEXT | null {
    return null;
  }

  protected getUserContext(): CONTEXT | null {
    return this.#userContext;
  }

  /** null after `close`, and after the last checkpoint of input that has ended. */
  protected currentTransaction(): TXN | null {
    return this.#current === null ? null : this.#current.handle;
  }

  /** Transactions that wait for their checkpoint to complete, by its id. */
  protected pendingTransactions(): ReadonlyMap<number, TXN> {
    return new Map([...this.#pending].map(([checkpointId, { handle }]) => [checkpointId, handle]));
  }

  /** How long the outside system keeps a transaction open, in milliseconds. Default: for ever. */
  protected setTransactionTimeout(transactionTimeoutMs: number): this {
    if (!(transactionTimeoutMs >= 0)) {
      throw new Diagnostic({
        code: "SINK_TRANSACTION_TIMEOUT_NEGATIVE",
        message: "transactionTimeout must not be negative",
        phase: "graph",
        found: String(transactionTimeoutMs),
        expected: "milliseconds, 0 or more",
      });
    }
    this.#transactionTimeoutMs = transactionTimeoutMs;
    return this;
  }

  /**
   * After a restart, gives up a transaction that cannot be committed and is older than the transaction timeout, instead of failing again
   * and again. Its records are lost.
   */
  protected ignoreFailuresAfterTransactionTimeout(): this {
    this.#ignoresFailuresAfterTimeout = true;
    return this;
  }

  #process(value: IN, context: SinkFunctionContext): void {
    if (this.#current === null) throw new Error("Two phase commit sink function with null transaction should not be invoked!");
    const { steps } = this.#host;
    steps?.before("write", this.#nextCheckpointId);
    this.invoke(this.#current.handle, value, context);
    steps?.after("write", this.#nextCheckpointId);
  }

  /** Called by the operator. */
  finish(): void {
    this.#finished = true;
    this.finishProcessing(this.currentTransaction());
  }

  /** Called by the runtime: commits what the checkpoint promised, aborts what it knows of and begins a transaction. */
  initializeState(context: FunctionInitializationContext): void {
    this.#state = context.getOperatorStateStore().getListState(new ListStateDescriptor<StoredTransactions<TXN, CONTEXT>>("state"));
    const restoredCheckpointId = context.getRestoredCheckpointId() ?? 0;
    this.#nextCheckpointId = restoredCheckpointId + 1;
    let recoveredUserContext = false;
    if (context.isRestored()) {
      for (const stored of this.#state.get()) {
        this.#userContext = stored.context;
        const handled: TXN[] = [];
        for (const transaction of stored.pendingCommitTransactions) {
          inStep(this.#host.steps, "commit", restoredCheckpointId, () => this.#recoverAndCommitTransaction(transaction));
          handled.push(transaction.handle);
        }
        const open = stored.pendingTransaction;
        if (open !== null) {
          inStep(this.#host.steps, "abort", this.#nextCheckpointId, () => this.recoverAndAbort(open.handle));
          handled.push(open.handle);
        }
        if (stored.context === null) continue;
        this.finishRecoveringContext(handled);
        recoveredUserContext = true;
      }
    }
    if (!recoveredUserContext) this.#userContext = this.initializeUserContext();
    this.#pending.clear();
    this.#current = this.#begin();
  }

  snapshotState(context: FunctionSnapshotContext): void {
    const checkpointId = context.getCheckpointId();
    const current = this.#current;
    if (current !== null) {
      inStep(this.#host.steps, "preCommit", checkpointId, () => this.preCommit(current.handle));
      this.#pending.set(checkpointId, current);
    }
    this.#nextCheckpointId = checkpointId + 1;
    this.#current = this.#finished ? null : this.#begin();
    const stored = {
      pendingTransaction: this.#current,
      pendingCommitTransactions: [...this.#pending.values()],
      context: this.#userContext,
    };
    this.#state?.update([stored]);
  }

  /** Commits everything up to this checkpoint, also what an earlier, lost notification was about. Tries all, then reports the first failure. */
  notifyCheckpointComplete(checkpointId: number): void {
    let failure: { readonly cause: unknown } | null = null;
    for (const [pendingId, transaction] of this.#pending) {
      if (pendingId > checkpointId) continue;
      this.#host.steps?.before("commit", pendingId);
      try {
        this.commit(transaction.handle);
      } catch (cause) {
        failure ??= { cause };
      }
      this.#host.steps?.after("commit", pendingId);
      this.#pending.delete(pendingId);
    }
    if (failure === null) return;
    const error = new Error("Committing one of transactions failed, logging first encountered failure", failure);
    error.name = "FlinkRuntimeException";
    throw error;
  }

  /** Called by the runtime; the transaction stays for the next checkpoint. */
  notifyCheckpointAborted(_checkpointId: number): void {}

  /** Called by the runtime: aborts the open transaction. */
  override close(): void {
    super.close();
    const transaction = this.#current;
    this.#current = null;
    if (transaction !== null) inStep(this.#host.steps, "abort", this.#nextCheckpointId, () => this.abort(transaction.handle));
  }

  #begin(): OpenTransaction<TXN> {
    return inStep(this.#host.steps, "begin", this.#nextCheckpointId, () => ({
      handle: this.beginTransaction(),
      startMs: this.#host.currentMs(),
    }));
  }

  #recoverAndCommitTransaction(transaction: OpenTransaction<TXN>): void {
    try {
      this.recoverAndCommit(transaction.handle);
    } catch (failure) {
      const elapsedMs = this.#host.currentMs() - transaction.startMs;
      if (!this.#ignoresFailuresAfterTimeout || elapsedMs <= this.#transactionTimeoutMs) throw failure;
    }
  }
}
