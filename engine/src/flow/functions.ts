/** Every function interface and base class that a learner's program may use, under Flink's names. */
export type { AggregateFunction, ReduceFunction, ReduceFunctionLike } from "../state/folding-functions.ts";
export { toReduceFunction } from "../state/folding-functions.ts";
export {
  type AsyncFunction,
  type AsyncFunctionLike,
  type ResultFuture,
  RichAsyncFunction,
  TimeoutException,
} from "./async-functions.ts";
export type * from "./async-retry.ts";
export * from "./element-functions.ts";
export { type ExternalService, ExternalServiceError } from "./external-service.ts";
export * from "./join-functions.ts";
export * from "./process-functions.ts";
export * from "./rich-function.ts";
export type * from "./runtime-context.ts";
export * from "./sink-function.ts";
export { TwoPhaseCommitSinkFunction } from "./two-phase-commit-sink-function.ts";
export * from "./window-functions.ts";
