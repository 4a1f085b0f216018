/** Every function interface and base class that a learner's program may use, under Flink's names. */
export type { AggregateFunction, ReduceFunction, ReduceFunctionLike } from "../state/folding-functions.ts";
export { toReduceFunction } from "../state/folding-functions.ts";
export * from "./element-functions.ts";
export * from "./process-functions.ts";
export * from "./rich-function.ts";
export type * from "./runtime-context.ts";
export * from "./window-functions.ts";
