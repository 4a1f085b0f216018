/** Functions that ask something outside: the task goes on with further rows while answers are on their way. */
import { UserDefinedFunction } from "./user-defined-function.ts";

/**
 * Completes one call of an asynchronous function; the first completion counts. (Flink: `CompletableFuture` of `AsyncScalarFunction.eval`;
 * docs/dev/table/functions/udfs, "Asynchronous Scalar Functions")
 */
export interface AsyncResult<T> {
  /** The call's result. */
  complete(value: T): void;
  /** The call failed: it is tried again as the session's options say, then the job fails over. */
  completeExceptionally(error: unknown): void;
}

/**
 * Values in, one value out, later. Up to `table.exec.async-scalar.max-concurrent-operations` (10) calls are under way at a time, results keep the order of their
 * rows. A call that fails is tried again every `…retry-delay` (100 ms) up to `…max-attempts` (3) times; one that takes longer than `…timeout` (3 min) fails the job.
 *
 * ```ts
 * class Country extends AsyncScalarFunction<string> {
 *   static functionHint = { input: ["STRING"], output: "STRING" };
 *   private users!: ExternalService<{ country: string }>;
 *   override open(context: FunctionContext) { this.users = context.getExternalService("users"); }
 *   eval(result: AsyncResult<string | null>, user: string) {
 *     this.users.request(user, (error, found) => (error === null ? result.complete(found?.country ?? null) : result.completeExceptionally(error)));
 *   }
 * }
 * ```
 * (Flink: docs/dev/table/functions/udfs, "Asynchronous Scalar Functions")
 */
export abstract class AsyncScalarFunction<T = unknown> extends UserDefinedFunction {
  /** Starts the call; `result` is completed here or later. */
  abstract eval(result: AsyncResult<T>, ...args: never[]): void;
}

/**
 * Values in, any number of rows out, later: `result` is completed with all of them. Used behind LATERAL TABLE; options `table.exec.async-table.*`, as for
 * `AsyncScalarFunction`. (Flink: docs/dev/table/functions/udfs, "Asynchronous Table Functions")
 */
export abstract class AsyncTableFunction<T = unknown> extends UserDefinedFunction {
  /** Starts the call; `result` is completed here or later. */
  abstract eval(result: AsyncResult<Iterable<T>>, ...args: never[]): void;
}
