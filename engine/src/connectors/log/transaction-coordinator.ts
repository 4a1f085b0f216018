/**
 * The broker's book of transactional ids: which producer epoch owns each id, and what became of its last transaction.
 *
 * Rules (Kafka's transaction coordinator, KIP-98, KIP-360):
 * - An id keeps its producer id; every `initTransactions` raises the epoch by one, fences all older epochs and aborts the transaction
 *   that one of them left open.
 * - A transaction starts with `begin` on the client; the broker learns of it with the first record, and the timeout counts from then.
 * - After `timeoutMs` the broker aborts the transaction and raises the epoch, so that the slow producer is fenced. It does not matter
 *   whether the producer had flushed and promised to commit (pre-commit is the client's notion): its data are lost.
 * - Commit and abort are idempotent for the epoch that last used the id.
 */
import { invariant } from "../../base/invariant.ts";
import type { LogBrokerClock, LogBrokerObserver } from "./log-broker.ts";
import { InvalidTransactionTimeout, InvalidTxnState, ProducerFenced, TransactionTimedOut } from "./log-errors.ts";
import type { LogPartition } from "./log-partition.ts";
import { type AbortReason, LogTransaction, type TransactionFilter } from "./log-transaction.ts";

interface TransactionalIdState {
  readonly transactionalId: string;
  readonly producerId: number;
  epoch: number;
  timeoutMs: number;
  open: LogTransaction | null;
  last: LogTransaction | null;
  /** Epoch whose transaction the broker aborted for its age, or -1. */
  timedOutEpoch: number;
  timer: { cancel(): void } | null;
}

export class TransactionCoordinator {
  private readonly clock: LogBrokerClock;
  private readonly observer: LogBrokerObserver;
  private readonly maxTimeoutMs: number;
  private readonly ids = new Map<string, TransactionalIdState>();
  private transactionCount = 0;
  private producerCount = 0;

  constructor(clock: LogBrokerClock, observer: LogBrokerObserver, maxTimeoutMs: number) {
    this.clock = clock;
    this.observer = observer;
    this.maxTimeoutMs = maxTimeoutMs;
  }

  newProducerId(): number {
    return this.producerCount++;
  }

  initialize(transactionalId: string, timeoutMs: number): { readonly producerId: number; readonly epoch: number } {
    if (timeoutMs > this.maxTimeoutMs) throw new InvalidTransactionTimeout(timeoutMs, this.maxTimeoutMs);
    const state = this.ids.get(transactionalId);
    if (state === undefined) {
      const fresh: TransactionalIdState = {
        transactionalId,
        producerId: this.newProducerId(),
        epoch: 0,
        timeoutMs,
        open: null,
        last: null,
        timedOutEpoch: -1,
        timer: null,
      };
      this.ids.set(transactionalId, fresh);
      return fresh;
    }
    if (state.open !== null) this.finish(state, state.open, "aborted", "fenced");
    state.epoch++;
    state.timeoutMs = timeoutMs;
    return { producerId: state.producerId, epoch: state.epoch };
  }

  /** Called with the first record of a transaction. */
  begin(transactionalId: string, epoch: number, origin: unknown): LogTransaction {
    const state = this.owned(transactionalId, epoch);
    invariant(state.open === null, `transaction "${transactionalId}" was begun twice`);
    const nowMs = this.clock.currentMs();
    const transaction = new LogTransaction(++this.transactionCount, transactionalId, state.producerId, epoch, nowMs, origin);
    state.open = transaction;
    state.timer = this.clock.schedule(nowMs + state.timeoutMs, () => this.timeOut(state, transaction));
    this.observer.transactionOpened(transaction);
    return transaction;
  }

  join(transaction: LogTransaction, partition: LogPartition): void {
    this.owned(transaction.transactionalId, transaction.epoch);
    if (transaction.state !== "open") {
      throw new InvalidTxnState(transaction.transactionalId, "append to", transaction.state);
    }
    transaction.partitions.add(partition);
  }

  preCommit(transaction: LogTransaction): void {
    this.owned(transaction.transactionalId, transaction.epoch);
    transaction.preCommitted = true;
    this.observer.preCommitted(transaction);
  }

  /** Commits or aborts what this epoch has open; doing the same again changes nothing. */
  end(transactionalId: string, producerId: number, epoch: number, how: "committed" | "aborted"): void {
    const verb = how === "committed" ? "commit" : "abort";
    const state = this.owned(transactionalId, epoch);
    if (state.producerId !== producerId) throw new InvalidTxnState(transactionalId, verb, "of another producer id");
    if (state.open !== null) {
      this.finish(state, state.open, how, "producer");
      return;
    }
    if (state.last === null || state.last.epoch !== epoch) throw new InvalidTxnState(transactionalId, verb, "not open");
    if (state.last.state !== how) throw new InvalidTxnState(transactionalId, verb, state.last.state);
  }

  /** Transactional ids with an open transaction, in the order in which the broker first heard of them. */
  openTransactionalIds(prefix: string): readonly string[] {
    const found: string[] = [];
    for (const state of this.ids.values()) {
      if (state.open !== null && state.transactionalId.startsWith(prefix)) found.push(state.transactionalId);
    }
    return found;
  }

  /** What would happen if another process took the ids over: their producers are fenced, their open transactions aborted. */
  fence(filter: TransactionFilter): void {
    for (const state of this.ids.values()) {
      if (state.open !== null ? !matches(state.open, filter) : !isNew(state, filter)) continue;
      if (state.open !== null) this.finish(state, state.open, "aborted", "fenced");
      state.epoch++;
    }
  }

  /** What would happen if the timeout of these transactions had passed. */
  expire(filter: TransactionFilter): void {
    for (const state of this.ids.values()) if (state.open !== null && matches(state.open, filter)) this.timeOut(state, state.open);
  }

  private timeOut(state: TransactionalIdState, transaction: LogTransaction): void {
    this.finish(state, transaction, "aborted", "timeout");
    state.timedOutEpoch = state.epoch;
    state.epoch++;
  }

  private owned(transactionalId: string, epoch: number): TransactionalIdState {
    const state = this.ids.get(transactionalId);
    if (state === undefined) throw new InvalidTxnState(transactionalId, "continue", "unknown to the broker");
    if (epoch === state.epoch) return state;
    if (epoch === state.timedOutEpoch) throw new TransactionTimedOut(transactionalId, state.timeoutMs);
    throw new ProducerFenced(transactionalId, epoch, state.epoch);
  }

  private finish(state: TransactionalIdState, transaction: LogTransaction, how: "committed" | "aborted", reason: AbortReason): void {
    transaction.state = how;
    state.open = null;
    state.last = transaction;
    state.timer?.cancel();
    state.timer = null;
    if (how === "committed") this.observer.committed(transaction);
    else this.observer.aborted(transaction, reason);
    const nowMs = this.clock.currentMs();
    for (const partition of transaction.partitions) partition.transactionEnded(transaction, nowMs);
  }
}

function matches(transaction: LogTransaction, { transactionalIdPrefix = "", transactions }: TransactionFilter): boolean {
  if (!transaction.transactionalId.startsWith(transactionalIdPrefix)) return false;
  return transactions === undefined || transaction.preCommitted === (transactions === "prepared");
}

/** A producer that has not written yet. */
function isNew(state: TransactionalIdState, { transactionalIdPrefix = "", transactions }: TransactionFilter): boolean {
  if (transactions === "prepared" || !state.transactionalId.startsWith(transactionalIdPrefix)) return false;
  return state.last === null || state.last.epoch < state.epoch;
}
