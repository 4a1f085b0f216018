/** The user's functions as the engine's own: values are brought into a program's form before a call and back behind it. */
import { Diagnostic } from "../../base/diagnostic.ts";
import { arrayOf, type LogicalType, withNullable } from "../../types/logical-type.ts";
import type { Accumulation, AggregateFunction as EngineAggregate } from "../functions/aggregate-function.ts";
import type { EvalContext, Implementation, ScalarFunction as EngineFunction } from "../functions/scalar-function.ts";
import { AggregateFunction } from "./aggregate-function.ts";
import { type Convert, toExternal, toInternal } from "./external-value.ts";
import { type FunctionLike, instantiate } from "./function-signature.ts";
import type { ScalarFunction } from "./scalar-function.ts";
import type { TableFunction } from "./table-function.ts";
import type { FunctionContext, UserDefinedFunction } from "./user-defined-function.ts";

export const CONTEXT: FunctionContext = { getJobParameter: (_key, defaultValue) => defaultValue };

function opened<F extends UserDefinedFunction>(fn: FunctionLike, context: EvalContext | null): F {
  const instance = instantiate(fn as F);
  instance.open(CONTEXT);
  context?.onClose?.(() => instance.close());
  return instance;
}

/** Arguments as the program gets them. */
function externalArguments(types: readonly LogicalType[]): readonly (Convert | null)[] {
  return types.map(toExternal);
}

function converted(values: readonly unknown[], converts: readonly (Convert | null)[]): unknown[] {
  return values.map((value, i) => {
    const convert = converts[i];
    return convert === null || value === null ? value : convert(value);
  });
}

function isDeterministic(fn: FunctionLike): boolean {
  return instantiate(fn).isDeterministic();
}

const SENTENCE = "A function of the user's.";

/** @param name as it was registered */
export function scalarFunction(name: string, fn: FunctionLike, output: LogicalType): EngineFunction {
  return {
    name,
    parameters: [],
    result: () => output,
    nullAware: true,
    dynamic: !isDeterministic(fn),
    description: SENTENCE,
    examples: [],
    implement: ({ types, context }): Implementation => {
      const instance = opened<ScalarFunction>(fn, context) as unknown as { eval(...args: unknown[]): unknown };
      const converts = externalArguments(types);
      const result = toInternal(output, `the result of ${name}`);
      if (converts.every((convert) => convert === null)) {
        // No array per call where the arguments can go as they are.
        switch (types.length) {
          case 1:
            return (a: unknown) => result(instance.eval(a));
          case 2:
            return (a: unknown, b: unknown) => result(instance.eval(a, b));
          default:
            return (...values: unknown[]) => result(instance.eval(...values));
        }
      }
      return (...values: unknown[]) => result(instance.eval(...converted(values, converts)));
    },
  };
}

/** A row type as a table function declares it: a bare type is one column. */
export function tableFunctionRow(output: LogicalType): LogicalType {
  return output.root === "ROW" || output.root === "STRUCTURED"
    ? { ...output, root: "ROW" }
    : { root: "ROW", nullable: false, fields: [{ name: "EXPR$0", type: output }] };
}

/** Gives an array with a row per `collect`: whoever calls it makes rows of its elements, as UNNEST does. */
export function tableFunction(name: string, fn: FunctionLike, output: LogicalType): EngineFunction {
  const row = withNullable(tableFunctionRow(output), false);
  const result = withNullable(arrayOf(row), false);
  return {
    name,
    parameters: [],
    result: () => result,
    nullAware: true,
    dynamic: !isDeterministic(fn),
    tableFunction: true,
    description: SENTENCE,
    examples: [],
    implement: ({ types, context }): Implementation => {
      const instance = opened<TableFunction>(fn, context);
      const converts = externalArguments(types);
      const one = output.root !== "ROW" && output.root !== "STRUCTURED" ? toInternal(output, `a row of ${name}`) : null;
      const toRow = one === null ? toInternal(row, `a row of ${name}`) : (value: unknown) => [one(value)];
      let rows: unknown[] = [];
      instance.setCollector((value) => rows.push(toRow(value)));
      return (...values: unknown[]) => {
        rows = [];
        (instance as unknown as { eval(...args: unknown[]): void }).eval(...converted(values, converts));
        return rows;
      };
    },
  };
}

/** @param retraction what to say when the input takes rows back and the function cannot; throws */
export function aggregateFunction(name: string, fn: FunctionLike, output: LogicalType): EngineAggregate {
  return {
    name,
    parameters: [],
    result: () => output,
    nullAware: true,
    description: SENTENCE,
    examples: [],
    implement: (types, _result, retract): Accumulation => accumulation(name, fn, { types, output, retract }),
  };
}

interface AccumulationTypes {
  readonly types: readonly LogicalType[];
  readonly output: LogicalType;
  readonly retract: boolean;
}

type Change = (accumulator: unknown, ...values: unknown[]) => void;

function accumulation(name: string, fn: FunctionLike, { types, output, retract }: AccumulationTypes): Accumulation {
  const instance = opened<AggregateFunction>(fn, null);
  if (retract && instance.retract === undefined) throw withoutMethod(instance, "retract");
  const converts = externalArguments(types);
  const plain = converts.every((convert) => convert === null);
  const result = toInternal(output, `the result of ${name}`);
  const changing = (method: "accumulate" | "retract") => {
    const change: Change = (accumulator, ...values) => (instance[method] as unknown as Change).call(instance, accumulator, ...values);
    const count = types.length;
    return (accumulator: unknown, value: unknown, second?: unknown, ...more: unknown[]): unknown => {
      if (count === 0) change(accumulator);
      else if (plain && count === 1) change(accumulator, value);
      else if (plain && count === 2) change(accumulator, value, second);
      else change(accumulator, ...converted([value, second, ...more].slice(0, count), converts));
      return accumulator;
    };
  };
  return {
    create: () => instance.createAccumulator(),
    add: changing("accumulate"),
    retract: changing("retract"),
    merge: (into, from) => {
      if (instance.merge === undefined) throw withoutMethod(instance, "merge");
      instance.merge(into, [from]);
      return into;
    },
    result: (accumulator) => result(instance.getValue(accumulator)),
  };
}

function withoutMethod(instance: UserDefinedFunction, method: string): Diagnostic {
  return new Diagnostic({
    code: "FUNCTION_WITHOUT_METHOD",
    phase: "plan",
    message: `Function class '${instance.constructor.name}' does not implement at least one method named '${method}' which is public, not abstract and (in case of table functions) not static.`,
    hint:
      method === "retract"
        ? "The input has updates, or the rows of an OVER window leave it again: write retract(accumulator, …), the reverse of accumulate."
        : "Parts of a window are put together: write merge(accumulator, others).",
  });
}

/** What kind of function it is, as messages call it. */
export function isAggregate(fn: FunctionLike): boolean {
  return instanceOf(fn, AggregateFunction);
}

export function instanceOf(fn: FunctionLike, type: abstract new (...args: never[]) => UserDefinedFunction): boolean {
  return typeof fn === "function" ? fn.prototype instanceof type : fn instanceof type;
}
