import type { LogPartition } from "./log-partition.ts";

/** One transaction from begin to commit or abort. Only the coordinator changes it. */
export class LogTransaction {
  /** 1, 2, 3 … over the whole broker; 0 stands for "no transaction" in views. */
  readonly number: number;
  readonly transactionalId: string;
  readonly producerId: number;
  readonly epoch: number;
  readonly openedAtMs: number;
  /** Who opened it; handed back to the observer untouched. */
  readonly origin: unknown;
  readonly partitions = new Set<LogPartition>();
  state: "open" | "committed" | "aborted" = "open";
  /** All its records have been flushed and its owner promised to commit it. The broker treats it as open all the same. */
  preCommitted = false;

  constructor(number: number, transactionalId: string, producerId: number, epoch: number, openedAtMs: number, origin: unknown) {
    this.number = number;
    this.transactionalId = transactionalId;
    this.producerId = producerId;
    this.epoch = epoch;
    this.openedAtMs = openedAtMs;
    this.origin = origin;
  }
}

/** Which open transactions are meant. Kafka knows no difference; it matters to whoever promised to commit. */
export interface TransactionFilter {
  /** Beginning of the transactional id; absent = any. */
  readonly transactionalIdPrefix?: string;
  /** `writing` = nobody has promised to commit it; `prepared` = it has been flushed for a checkpoint. Absent = both. */
  readonly transactions?: "writing" | "prepared";
}

/** Why a transaction was aborted: by its producer, by a newer producer taking over the id, or by the broker for its age. */
export type AbortReason = "producer" | "fenced" | "timeout";
