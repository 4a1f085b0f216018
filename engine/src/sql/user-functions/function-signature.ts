/** Which of its hints a call of a user's function fits, and the types that arguments and result have then. */
import { type LogicalType, typeSummary } from "../../types/logical-type.ts";
import { Diagnostic } from "../../base/diagnostic.ts";
import { castsImplicitly } from "../functions/implicit-casts.ts";
import { logicalTypeOf } from "./data-types.ts";
import type { FunctionHint } from "./function-hint.ts";
import type { FunctionClass, UserDefinedFunction } from "./user-defined-function.ts";

export interface FunctionSignature {
  /** null = arguments of any number and type. */
  readonly input: readonly LogicalType[] | null;
  readonly argumentNames: readonly string[] | null;
  readonly isOptional: readonly boolean[];
  readonly isVarArgs: boolean;
  readonly output: LogicalType;
}

/** A function: its class, or an object of it. (Flink: docs/dev/table/functions/udfs) */
export type FunctionLike = FunctionClass | UserDefinedFunction;

/** By the name that CREATE FUNCTION … AS 'name' uses. */
export type FunctionClasses = ReadonlyMap<string, FunctionClass>;

export function classOf(fn: FunctionLike): FunctionClass {
  return typeof fn === "function" ? fn : (fn.constructor as FunctionClass);
}

/** A function of its own for each place that calls it, so that none sees the fields of another. */
export function instantiate<F extends UserDefinedFunction>(fn: FunctionClass<F> | F): F {
  return typeof fn === "function" ? new fn() : (Object.assign(Object.create(Object.getPrototypeOf(fn) as object) as object, fn) as F);
}

/** @throws Diagnostic FUNCTION_WITHOUT_TYPES, TABLE_TYPE */
export function signaturesOf(fn: FunctionLike): readonly FunctionSignature[] {
  const declared = (classOf(fn) as unknown as { functionHint?: FunctionHint | readonly FunctionHint[] }).functionHint;
  if (declared === undefined) {
    throw new Diagnostic({
      code: "FUNCTION_WITHOUT_TYPES",
      phase: "graph",
      message: `Could not extract a valid type inference for function class '${classOf(fn).name}': it does not say what types it takes and gives.`,
      expected: 'static functionHint = { input: ["STRING", "INT"], output: "STRING" }',
      hint: "Types of TypeScript are gone when the program runs, so a function says them once more in a static field.",
    });
  }
  const hints = Array.isArray(declared) ? (declared as readonly FunctionHint[]) : [declared as FunctionHint];
  return hints.map(({ input, argumentNames, isOptional, isVarArgs = false, output }) => ({
    input: input === undefined ? null : input.map(logicalTypeOf),
    argumentNames: argumentNames ?? null,
    isOptional: isOptional ?? [],
    isVarArgs,
    output: logicalTypeOf(output),
  }));
}

/** The types to which the arguments are cast; null = the signature does not fit. */
export function argumentTypes(signature: FunctionSignature, given: readonly LogicalType[]): readonly LogicalType[] | null {
  const { input, isVarArgs } = signature;
  if (input === null) return given;
  const least = isVarArgs ? input.length - 1 : input.length;
  if (given.length < least || (!isVarArgs && given.length > input.length)) return null;
  const wanted = given.map((_, i) => input[Math.min(i, input.length - 1)]);
  return given.every((type, i) => castsImplicitly(type, wanted[i]) && (wanted[i].nullable || !type.nullable)) ? wanted : null;
}

/** `f(STRING, INT...)`, one line a signature. */
export function signatureTexts(name: string, signatures: readonly FunctionSignature[]): string {
  return signatures
    .map(({ input, isVarArgs }) => {
      const types = input === null ? ["*"] : input.map(typeSummary);
      return `${name}(${types.join(", ")}${isVarArgs ? "..." : ""})`;
    })
    .join("\n");
}
