/** What all functions of users share. */
import type { ExternalService } from "../../flow/external-service.ts";
import type { MetricGroup } from "../../flow/metrics/metric-group.ts";
import type { TaskInfo } from "../../flow/runtime-context.ts";

/** What a function can ask when it is opened. (Flink: docs/dev/table/functions/udfs, "Runtime Integration") */
export interface FunctionContext {
  /** A parameter of the job (`pipeline.global-job-parameters`), or the default. */
  getJobParameter(key: string, defaultValue: string): string;
  /** Where the function registers its metrics. */
  getMetricGroup(): MetricGroup;
  /** A client of a system outside, by the name that the world has for it. Throws Diagnostic SERVICE_UNKNOWN. */
  getExternalService<V = unknown>(name: string): ExternalService<V>;
  /** Which subtask of what the function runs in. Throws Diagnostic FUNCTION_WITHOUT_TASK where a constant is evaluated ahead of the job. */
  getTaskInfo(): TaskInfo;
}

/**
 * Base of all user-defined functions. Its class says in a static field `functionHint` how it may be called (see `FunctionHint`). A function is made anew for every operator that calls it: fields are set in `open`.
 * (Flink: docs/dev/table/functions/udfs)
 */
export abstract class UserDefinedFunction {
  /** Called once, before the first evaluation. */
  open(_context: FunctionContext): void {}

  /** Called once, when the operator ends. */
  close(): void {}

  /** False = the result does not follow from the arguments alone: it is evaluated for every row, never ahead. Default true. */
  isDeterministic(): boolean {
    return true;
  }

  toString(): string {
    return this.constructor.name;
  }
}

/** A class of functions: what `createTemporarySystemFunction` and `call` take, as well as an instance. (Flink: docs/dev/table/functions/udfs) */
export type FunctionClass<F extends UserDefinedFunction = UserDefinedFunction> = new () => F;
