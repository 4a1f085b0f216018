/** The checkers that a job's promises ask for, in the order in which their answers help most. */
import type { CheckedRun, Checker, Violation } from "./checker.ts";
import { atLeastOnce, exactlyOnce, lastPerKey, orderPerKey } from "./delivery.ts";
import { cleansItsState, comesToItsEnd, endsItsTransactions } from "./ending.ts";
import { checkpointsAreWhole, timersWait, watermarksRise } from "./happenings.ts";

/** What a job says about itself. */
export interface Promises {
  /** `lastPerKey`: rows replace earlier ones of their key, so repeats do no harm. */
  readonly delivery: "exactlyOnce" | "atLeastOnce" | "lastPerKey";
  /** Rows of one key come in the order of the quiet run. Default false; only with `exactlyOnce`. */
  readonly ordersKeys?: boolean;
  /** Nothing stays in state when event time has ended. Default false. */
  readonly cleansState?: boolean;
}

const DELIVERY = { exactlyOnce, atLeastOnce, lastPerKey } as const;

export function checkersFor(promises: Promises): readonly Checker[] {
  return [
    comesToItsEnd,
    DELIVERY[promises.delivery],
    ...(promises.ordersKeys === true ? [orderPerKey] : []),
    endsItsTransactions,
    ...(promises.cleansState === true ? [cleansItsState] : []),
    watermarksRise,
    timersWait,
    checkpointsAreWhole,
  ];
}

/** Everything that does not hold. A run that did not end is not asked for more. */
export function checkRun(run: CheckedRun, promises: Promises): Violation[] {
  const violations: Violation[] = [];
  for (const checker of checkersFor(promises)) {
    const message = checker.check(run);
    if (message === null) continue;
    violations.push({ checker: checker.name, message });
    if (checker === comesToItsEnd) break;
  }
  return violations;
}
