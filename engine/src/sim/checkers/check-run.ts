/** The checkers that a job's promises ask for, in the order in which their answers help most. */
import type { CheckedRun, Checker, Violation } from "./checker.ts";
import { atLeastOnce, exactlyOnce, lastPerKey, orderPerKey } from "./delivery.ts";
import { cleansItsState, comesToItsEnd, endsItsTransactions, namesItsLoss } from "./ending.ts";
import { checkpointsAreWhole, timersWait, watermarksRise } from "./happenings.ts";
import { commitsCheckpointsOnce, publishesFilesOnce } from "./systems.ts";
import { mirrors, replaysTo, type TableName } from "./table-copies.ts";

/** What a job says about itself. */
export interface Promises {
  /**
   * `lastPerKey`: rows replace earlier ones of their key, so repeats do no harm. Absent: what comes out depends on the schedule, and `replays` or `mirrors` says what must hold.
   */
  readonly delivery?: "exactlyOnce" | "atLeastOnce" | "lastPerKey";
  /** Its rows are the changes of this table. */
  readonly replays?: TableName;
  /** It keeps a copy of a table. */
  readonly mirrors?: { readonly original: TableName; readonly copy: TableName };
  /** Its source may lose data for good; the job then ends with these words, and nothing else is asked of it. */
  readonly mayLose?: string;
  /** Rows of one key come in the order of the quiet run. Default false; only with `exactlyOnce`. */
  readonly ordersKeys?: boolean;
  /** Nothing stays in state when event time has ended. Default false. */
  readonly cleansState?: boolean;
  /** States, by name, that stay all the same. Default none; only with `cleansState`. */
  readonly keepsStates?: readonly string[];
}

const DELIVERY = { exactlyOnce, atLeastOnce, lastPerKey } as const;

export function checkersFor(promises: Promises): readonly Checker[] {
  return [
    promises.mayLose === undefined ? comesToItsEnd : namesItsLoss(promises.mayLose),
    ...(promises.delivery === undefined ? [] : [DELIVERY[promises.delivery]]),
    ...(promises.replays === undefined ? [] : [replaysTo(promises.replays)]),
    ...(promises.mirrors === undefined ? [] : [mirrors(promises.mirrors.original, promises.mirrors.copy)]),
    ...(promises.ordersKeys === true ? [orderPerKey] : []),
    endsItsTransactions,
    ...(promises.cleansState === true ? [cleansItsState(promises.keepsStates ?? [])] : []),
    watermarksRise,
    timersWait,
    checkpointsAreWhole,
    publishesFilesOnce,
    commitsCheckpointsOnce,
  ];
}

/** Everything that does not hold. A run that did not end is not asked for more. */
export function checkRun(run: CheckedRun, promises: Promises): Violation[] {
  const violations: Violation[] = [];
  for (const checker of checkersFor(promises)) {
    const message = checker.check(run);
    if (message !== null) violations.push({ checker: checker.name, message });
    if (run.outcome.status !== "finished") break;
  }
  return violations;
}
