/** What a world can do to the log broker. */
import type { LogBroker } from "./log-broker.ts";
import type { TransactionFilter } from "./log-transaction.ts";

export type BrokerAction =
  /**
   * Another process takes over transactional ids, as a second job with the same prefix does: their producers may never write again, what
   * they had open is aborted. A fenced writer fails its job; a fenced transaction that was `prepared` is lost, though promised.
   */
  | ({ readonly what: "fenceProducer" } & TransactionFilter)
  /** Transactions are aborted as if `transaction.timeout.ms` had passed; those that were `prepared` are lost, though promised. */
  | ({ readonly what: "expireTransactions" } & TransactionFilter)
  /**
   * A partition, or every one of the topic, has no leader for so long. Readers get nothing from it, and no error either; writers wait when
   * they flush, and fail when it takes longer than `delivery.timeout.ms`.
   */
  | { readonly what: "partitionUnavailable"; readonly topic: string; readonly partition?: number; readonly forMs: number }
  /** Every request takes so long: fetches of readers, flushes and commits of writers. */
  | { readonly what: "slow"; readonly latencyMs: number; readonly forMs: number };

/** @throws UnknownTopic, or an Error for an action that does not exist. */
export function strikeBroker(broker: LogBroker, action: BrokerAction): void {
  switch (action.what) {
    case "fenceProducer":
      broker.fenceProducers(action);
      break;
    case "expireTransactions":
      broker.expireTransactions(action);
      break;
    case "partitionUnavailable":
      for (let index = 0; index < broker.partitionCount(action.topic); index++) {
        if (action.partition === undefined || action.partition === index) broker.makeUnavailable(action.topic, index, action.forMs);
      }
      break;
    case "slow":
      broker.conditions.strike(action);
      break;
    default:
      throw new Error(`The log broker knows no fault "${(action as { readonly what: string }).what}".`);
  }
}
