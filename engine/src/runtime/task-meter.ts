import { MIN_TIMESTAMP } from "../base/long.ts";
import type { RateSteps } from "../flow/metrics/metric-group.ts";

/**
 * What one task measures while it works, shared by everything inside it: the virtual cost of the current step, which operator of the chain
 * is at work (for messages when it throws), and Flink's task metrics.
 */
export class TaskMeter {
  /** Microseconds of virtual time used since the step began. */
  costUs = 0;
  /** The part of it in which the step waited for something outside. */
  blockedUs = 0;
  /** Index in the chain of the operator that runs user code right now. */
  activeOperator = 0;
  numRecordsIn = 0;
  /** Watermarks that have arrived at the head, by logical input. */
  inputWatermark1Ms = MIN_TIMESTAMP;
  inputWatermark2Ms = MIN_TIMESTAMP;
  /** Moved on by the task before it works; see flow/metrics/windowed-rate.ts. */
  readonly rates: RateSteps;
  busyUs = 0;
  backPressuredUs = 0;

  constructor(rates: RateSteps) {
    this.rates = rates;
  }
}
