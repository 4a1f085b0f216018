/** What a function says about its arguments and its result. */
import type { TypeLike } from "./data-types.ts";

/**
 * One way of calling a function, Flink's `@FunctionHint`. As TypeScript's types are gone when a program runs, a function says its types in a static
 * field: `static functionHint = { input: ["STRING", "INT"], output: "STRING" }`; an array of hints where it can be called in several ways.
 * (Flink: docs/dev/table/functions/udfs, "Type Inference")
 */
export interface FunctionHint {
  /** Types of the arguments; default: any number of any type. */
  readonly input?: readonly TypeLike[];
  /** Names of the arguments, for calls such as `f(a => 1)`. Only where there is one hint, without `isVarArgs`. */
  readonly argumentNames?: readonly string[];
  /** Per argument whether it may be left out, behind and in calls by name; it is null then. Default: none may. */
  readonly isOptional?: readonly boolean[];
  /** The last argument may be given several times, or not at all. Default false. */
  readonly isVarArgs?: boolean;
  /** Type of the result; of a table function the ROW that it collects, or the one column's type. */
  readonly output: TypeLike;
  /** Type of an aggregate function's accumulator. Only for readers: it may be any plain data. */
  readonly accumulator?: TypeLike;
}
