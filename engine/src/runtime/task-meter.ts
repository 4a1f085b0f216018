/**
 * What one task measures while it works, shared by everything inside it: the virtual cost of the current step, which operator of the chain
 * is at work (for messages when it throws), and Flink's task metrics.
 */
export class TaskMeter {
  /** Microseconds of virtual time used since the step began. */
  costUs = 0;
  /** Index in the chain of the operator that runs user code right now. */
  activeOperator = 0;
  numRecordsIn = 0;
  numRecordsOut = 0;
  busyUs = 0;
  backPressuredUs = 0;
}
