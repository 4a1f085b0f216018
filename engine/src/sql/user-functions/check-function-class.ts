/** Whether a class is a function at all, and has the methods of its kind: said where it is registered, before anything calls it. */
import { AggregateFunction } from "./aggregate-function.ts";
import { AsyncScalarFunction, AsyncTableFunction } from "./async-functions.ts";
import { classOf, type FunctionLike } from "./function-signature.ts";
import { TableAggregateFunction } from "./table-aggregate-function.ts";
import { UserDefinedFunction } from "./user-defined-function.ts";

/** What is wrong with a class, in Flink's words where it has any. */
export interface FunctionClassComplaint {
  readonly message: string;
  readonly found: string;
  readonly expected: string;
  readonly hint?: string;
}

const KINDS = "ScalarFunction, TableFunction, UserDefinedAggregateFunction, …";

/** null = the class can be registered. (Flink: `UserDefinedFunctionHelper.validateClass`) */
export function complaintAboutClass(fn: unknown): FunctionClassComplaint | null {
  const type = typeof fn === "function" ? fn : (fn as object).constructor;
  const { name } = type;
  if (!(type.prototype instanceof UserDefinedFunction)) {
    return {
      message: `Function '${name}' does not extend from 'UserDefinedFunction'.`,
      found: `class ${name}`,
      expected: `a class that extends ${KINDS}`,
      hint: `Write \`class ${name} extends ScalarFunction { … }\`, imported from "flink".`,
    };
  }
  for (const method of requiredMethods(type as unknown as FunctionLike)) {
    if (typeof (type.prototype as unknown as Record<string, unknown>)[method] === "function") continue;
    const isStatic = typeof (type as unknown as Record<string, unknown>)[method] === "function";
    return {
      message: isStatic
        ? `Method '${method}' of function class '${name}' must not be static.`
        : `Function class '${name}' does not implement a method named '${method}'.`,
      found: `class ${name} ${isStatic ? "with" : "without"} ${isStatic ? "static " : ""}${method}(…)`,
      expected: `${method}(…)`,
    };
  }
  return null;
}

function requiredMethods(fn: FunctionLike): readonly string[] {
  const { prototype } = classOf(fn);
  if (prototype instanceof AggregateFunction) return ["createAccumulator", "accumulate", "getValue"];
  return prototype instanceof TableAggregateFunction ? ["createAccumulator", "accumulate"] : ["eval"];
}

/** The method whose parameters are the function's arguments, and how many parameters come before them. */
export function implementationOf(fn: FunctionLike): { readonly method: string; readonly before: number } {
  const { prototype } = classOf(fn);
  return prototype instanceof AggregateFunction || prototype instanceof TableAggregateFunction
    ? { method: "accumulate", before: 1 }
    : { method: "eval", before: prototype instanceof AsyncScalarFunction || prototype instanceof AsyncTableFunction ? 1 : 0 };
}
