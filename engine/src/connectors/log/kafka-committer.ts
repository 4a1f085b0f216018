import type { Committer, CommitRequest } from "../../flow/sink.ts";
import type { LogBroker } from "./log-broker.ts";
import { InvalidTxnState, ProducerFenced, TransactionTimedOut } from "./log-errors.ts";
import type { KafkaCommittable } from "./kafka-writer.ts";

/**
 * Commits flushed transactions once their checkpoint is complete, and again after a restore (committing twice changes nothing).
 *
 * A transaction that the broker has already aborted cannot be saved: its records are lost. As in Flink that is reported and the job
 * goes on; it happens when `transaction.timeout.ms` is shorter than checkpoint duration plus downtime.
 */
export class KafkaCommitter implements Committer<KafkaCommittable> {
  readonly #broker: LogBroker;
  readonly #block: (durationMs: number) => void;

  /** @param block takes the time of a commit. */
  constructor(broker: LogBroker, block: (durationMs: number) => void) {
    this.#broker = broker;
    this.#block = block;
  }

  commit(requests: readonly CommitRequest<KafkaCommittable>[]): void {
    for (const request of requests) {
      const { transactionalId, producerId, epoch } = request.getCommittable();
      const latencyMs = this.#broker.requestLatencyMs();
      if (latencyMs > 0) this.#block(latencyMs);
      try {
        this.#broker.commitPrepared(transactionalId, producerId, epoch);
      } catch (failure) {
        if (!(failure instanceof ProducerFenced || failure instanceof InvalidTxnState || failure instanceof TransactionTimedOut)) {
          throw failure;
        }
        request.signalFailedWithKnownReason(failure);
      }
    }
  }

  close(): void {}
}
