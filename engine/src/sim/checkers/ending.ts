/** How a run must have ended: finished in time, with nothing left open and nothing left in state. */
import type { DatabaseOutcome } from "../../connectors/database/database.ts";
import type { Checker } from "./checker.ts";

/** Liveness: once faults have stopped, the job has read everything and ended. */
export const comesToItsEnd: Checker = {
  name: "comes to its end",
  check({ outcome }) {
    if (outcome.status === "finished") return null;
    return `the run ended as ${outcome.status}: ${outcome.failure?.code ?? ""} ${outcome.failure?.message ?? "without a cause"}`.trimEnd();
  },
};

/**
 * For jobs whose source can lose data for good: a job that has met such a loss says so and goes no further. One that did not meet it comes to its
 * end as any other.
 *
 * @param cause part of the message, of the job's failure or in its exception history, in which the loss is named.
 */
export function namesItsLoss(cause: string): Checker {
  return {
    name: "names its loss",
    check(run) {
      const { status, failure, exceptions } = run.outcome;
      // It may have been named before, and the last attempt have met something else.
      const messages = [failure?.message ?? "", ...exceptions.entries.map(({ message }) => message)];
      if (status === "finished" || messages.some((message) => message.includes(cause))) return null;
      return `the run ended as ${status} without a word of "${cause}": ${failure?.message ?? "no cause"}`;
    },
  };
}

/** No transaction is left that holds readers of committed data back until it times out, or rows until somebody ends it. */
export const endsItsTransactions: Checker = {
  name: "ends its transactions",
  check({ outcome }) {
    for (const { name, records } of outcome.topics) {
      const open = records.find(({ transaction, committedAtMs, aborted }) => transaction > 0 && committedAtMs === null && !aborted);
      if (open !== undefined) return `transaction ${open.transaction} is still open in ${name}: ${JSON.stringify(open.value)}`;
    }
    for (const { kind, name, contents } of outcome.systems) {
      const [prepared] = kind === "postgres" ? (contents as DatabaseOutcome).preparedTransactions : [];
      if (prepared !== undefined) return `transaction ${prepared} is still prepared in ${name}`;
    }
    return null;
  },
};

/** For jobs that keep nothing beyond event time: when that has ended, keyed state is empty. */
export function cleansItsState(exceptFor: readonly string[]): Checker {
  return {
    name: "cleans its state",
    check({ outcome }) {
      const left = outcome.stateSizes.find(({ entries, stateName }) => entries > 0 && !exceptFor.includes(stateName));
      return left === undefined ? null : `${left.entries} entries are left in state "${left.stateName}" of operator ${left.operatorId}`;
    },
  };
}
