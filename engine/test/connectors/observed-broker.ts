import { LogBroker, type LogBrokerObserver, type LogBrokerOptions } from "../../src/connectors/log/log-broker.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** A broker on a hand-moved clock that writes down what its observer is told. */
export function observedBroker(options?: LogBrokerOptions) {
  const clock = new VirtualClock();
  const seen: string[] = [];
  const observer: LogBrokerObserver = {
    written: (partition, record, origin) =>
      void seen.push(`written ${partition.topic}-${partition.index}@${record.offset} by ${origin ?? "-"}`),
    transactionOpened: (transaction) =>
      void seen.push(`opened ${transaction.number} ${transaction.transactionalId} by ${transaction.origin}`),
    preCommitted: (transaction) => void seen.push(`preCommitted ${transaction.number}`),
    committed: (transaction) => void seen.push(`committed ${transaction.number}`),
    aborted: (transaction, reason) => void seen.push(`aborted ${transaction.number} ${reason}`),
  };
  const broker = new LogBroker(clock, observer, options);
  return { clock, seen, broker };
}

export function write(value: unknown, key: string | null = null) {
  return { key, value, timestampMs: null };
}
