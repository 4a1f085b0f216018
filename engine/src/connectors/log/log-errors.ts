/**
 * What can go wrong at the log broker: failures of the simulated world (the third kind of error), each with the meaning and, where
 * a client library would show it, the wording of the real one.
 */
import { nearestName } from "./nearest-name.ts";

/** Base of all broker failures; `code` is stable. */
export abstract class LogBrokerFailure extends Error {
  abstract readonly code: string;

  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/** A newer producer with the same transactional id took over; this one may never write again. */
export class ProducerFenced extends LogBrokerFailure {
  readonly code = "LOG_PRODUCER_FENCED";

  constructor(transactionalId: string, epoch: number, currentEpoch: number) {
    super(
      "ProducerFenced",
      `There is a newer producer with the transactional id "${transactionalId}" (epoch ${currentEpoch}) which fences this one (epoch ${epoch}).`,
    );
  }
}

/** The request does not fit the transaction's state, e.g. a commit of a transaction that is aborted or was never begun. */
export class InvalidTxnState extends LogBrokerFailure {
  readonly code = "LOG_INVALID_TXN_STATE";

  constructor(transactionalId: string, attempted: string, state: string) {
    super("InvalidTxnState", `Cannot ${attempted} transaction "${transactionalId}": it is ${state}.`);
  }
}

/** The broker aborted the transaction because it stayed open longer than `transaction.timeout.ms`; what was in it is lost. */
export class TransactionTimedOut extends LogBrokerFailure {
  readonly code = "LOG_TRANSACTION_TIMED_OUT";

  constructor(transactionalId: string, timeoutMs: number) {
    super(
      "TransactionTimedOut",
      `The broker aborted transaction "${transactionalId}": it was open for longer than transaction.timeout.ms (${timeoutMs} ms).`,
    );
  }
}

/** A producer asked for a longer transaction timeout than the broker's `transaction.max.timeout.ms`. */
export class InvalidTransactionTimeout extends LogBrokerFailure {
  readonly code = "LOG_INVALID_TRANSACTION_TIMEOUT";

  constructor(timeoutMs: number, maxTimeoutMs: number) {
    super(
      "InvalidTransactionTimeout",
      `The transaction timeout (transaction.timeout.ms = ${timeoutMs}) is larger than the maximum value allowed by the broker ` +
        `(as configured by transaction.max.timeout.ms = ${maxTimeoutMs}).`,
    );
  }
}

/** A producer could not deliver within its `delivery.timeout.ms`. */
export class DeliveryTimedOut extends LogBrokerFailure {
  readonly code = "LOG_DELIVERY_TIMED_OUT";

  constructor(topic: string, partition: number, timeoutMs: number) {
    super("DeliveryTimedOut", `Expiring record(s) for ${topic}-${partition}: ${timeoutMs} ms has passed since batch creation.`);
  }
}

/** The offset that a reader wants is no longer there: retention has removed it. */
export class OffsetOutOfRange extends LogBrokerFailure {
  readonly code = "LOG_OFFSET_OUT_OF_RANGE";

  constructor(topic: string, partition: number, offset: number, firstOffset: number) {
    super(
      "OffsetOutOfRangeException",
      `Fetch position ${offset} is out of range for partition ${topic}-${partition} (the log begins at ${firstOffset}), and no reset policy is configured.`,
    );
  }
}

/** A consumer group has committed no offset for the partition, and nothing says where to begin instead. */
export class NoOffsetForPartition extends LogBrokerFailure {
  readonly code = "LOG_NO_OFFSET_FOR_PARTITION";

  constructor(topic: string, partition: number) {
    super("NoOffsetForPartitionException", `Undefined offset with no reset policy for partitions: [${topic}-${partition}]`);
  }
}

/** A compacted topic takes only records with a key. */
export class InvalidRecord extends LogBrokerFailure {
  readonly code = "LOG_INVALID_RECORD";

  constructor(topic: string, partition: number) {
    super("InvalidRecordException", `Compacted topic cannot accept message without key in topic partition ${topic}-${partition}.`);
  }
}

/** An idempotent producer's batch does not follow the last one; something in between is missing. */
export class OutOfOrderSequence extends LogBrokerFailure {
  readonly code = "LOG_OUT_OF_ORDER_SEQUENCE";

  constructor(producerId: number, expected: number, found: number) {
    super("OutOfOrderSequence", `Producer ${producerId} sent sequence number ${found}, the broker expected ${expected}.`);
  }
}

/** The topic, or this partition of it, does not exist. */
export class UnknownTopic extends LogBrokerFailure {
  readonly code = "LOG_UNKNOWN_TOPIC";
  readonly topic: string;
  /** The existing topic with the most similar name, if one is similar. */
  readonly nearest: string | undefined;
  readonly known: readonly string[];

  constructor(topic: string, known: readonly string[]) {
    const nearest = nearestName(topic, known);
    super(
      "UnknownTopic",
      `Topic "${topic}" does not exist.` +
        (nearest === undefined
          ? known.length === 0
            ? " The broker has no topics."
            : ` There are: ${known.join(", ")}.`
          : ` Did you mean "${nearest}"?`),
    );
    this.topic = topic;
    this.nearest = nearest;
    this.known = known;
  }
}
