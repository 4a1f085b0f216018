/** Door of the engine for tests: operators and functions step by step, without a cluster. */
export { ManualClock } from "./testing/manual-clock.ts";
export {
  type HarnessInspection,
  type HarnessOutput,
  OneInputOperatorHarness,
  type OperatorHarnessOptions,
  TwoInputOperatorHarness,
} from "./testing/operator-harness.ts";
export { SourceHarness, type SourceHarnessOptions, type SourceSnapshot } from "./testing/source-harness.ts";
