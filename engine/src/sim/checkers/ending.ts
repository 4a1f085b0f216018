/** How a run must have ended: finished in time, with nothing left open and nothing left in state. */
import type { Checker } from "./checker.ts";

/** Liveness: once faults have stopped, the job has read everything and ended. */
export const comesToItsEnd: Checker = {
  name: "comes to its end",
  check({ outcome }) {
    if (outcome.status === "finished") return null;
    return `the run ended as ${outcome.status}: ${outcome.failure?.code ?? ""} ${outcome.failure?.message ?? "without a cause"}`.trimEnd();
  },
};

/** No transaction is left that would hold readers of committed data back until it times out. */
export const endsItsTransactions: Checker = {
  name: "ends its transactions",
  check({ outcome }) {
    for (const { name, records } of outcome.topics) {
      const open = records.find(({ transaction, committedAtMs, aborted }) => transaction > 0 && committedAtMs === null && !aborted);
      if (open !== undefined) return `transaction ${open.transaction} is still open in ${name}: ${JSON.stringify(open.value)}`;
    }
    return null;
  },
};

/** For jobs that keep nothing beyond event time: when that has ended, keyed state is empty. */
export const cleansItsState: Checker = {
  name: "cleans its state",
  check({ outcome }) {
    const left = outcome.stateSizes.find(({ entries }) => entries > 0);
    return left === undefined ? null : `${left.entries} entries are left in state "${left.stateName}" of operator ${left.operatorId}`;
  },
};
