/** The user's functions as the engine's own: values are brought into a program's form before a call and back behind it. */
import { Diagnostic } from "../../base/diagnostic.ts";
import { invariant } from "../../base/invariant.ts";
import { arrayOf, type LogicalType, typeSummary, withNullable } from "../../types/logical-type.ts";
import { OperatorMetricGroup } from "../../flow/metrics/metric-group.ts";
import type { Accumulation, AggregateFunction as EngineAggregate, AggregateHost } from "../functions/aggregate-function.ts";
import type { EvalContext, Implementation, ScalarFunction as EngineFunction } from "../functions/scalar-function.ts";
import { AggregateFunction } from "./aggregate-function.ts";
import { type Convert, toExternal, toInternal } from "./external-value.ts";
import { classOf, type FunctionLike, instantiate } from "./function-signature.ts";
import type { ScalarFunction } from "./scalar-function.ts";
import type { TableFunction } from "./table-function.ts";
import type { FunctionContext, UserDefinedFunction } from "./user-defined-function.ts";

/** Ahead of a job: no parameters, and metrics that nobody reads. */
const NOWHERE: FunctionContext = {
  getJobParameter: (_key, defaultValue) => defaultValue,
  getMetricGroup: () => new OperatorMetricGroup(null).handle,
  getExternalService: () => withoutTask(),
  getTaskInfo: () => withoutTask(),
};

function withoutTask(): never {
  throw new Diagnostic({
    code: "FUNCTION_WITHOUT_TASK",
    phase: "plan",
    message: "Calls with constant arguments are evaluated before there is a task.",
    hint: "Override isDeterministic() to return false: then the function is called in the job, for every row.",
  });
}

/** An object of the function's own, open until its operator ends. */
export function opened<F extends UserDefinedFunction>(fn: FunctionLike, context: EvalContext | null): F {
  const instance = instantiate(fn as F);
  instance.open(context?.functionContext ?? NOWHERE);
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
    isUsers: true,
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

/** Never evaluated in passing: planning takes the call out into a step of its own (3-plan/split-async.ts). */
export function asyncScalarFunction(name: string, fn: FunctionLike, output: LogicalType): EngineFunction {
  const internal = toInternal(output, `the result of ${name}`);
  return asyncFunction(name, fn, { result: output, internal, isTable: false });
}

/** Completed with an array with a row per element. */
export function asyncTableFunction(name: string, fn: FunctionLike, output: LogicalType): EngineFunction {
  const row = withNullable(tableFunctionRow(output), false);
  const isRow = output.root === "ROW" || output.root === "STRUCTURED";
  const one = toInternal(isRow ? row : output, `a row of ${name}`);
  const internal = (rows: unknown): unknown => [...((rows ?? []) as Iterable<unknown>)].map((each) => (isRow ? one(each) : [one(each)]));
  return asyncFunction(name, fn, { result: withNullable(arrayOf(row), false), internal, isTable: true });
}

interface AsyncForm {
  readonly result: LogicalType;
  readonly internal: Convert;
  readonly isTable: boolean;
}

function asyncFunction(name: string, fn: FunctionLike, { result, internal, isTable }: AsyncForm): EngineFunction {
  return {
    name,
    parameters: [],
    result: () => result,
    nullAware: true,
    dynamic: true,
    isUsers: true,
    tableFunction: isTable,
    description: SENTENCE,
    examples: [],
    implement: () => {
      throw new Diagnostic({
        code: "ASYNC_FUNCTION_PLACE",
        phase: "plan",
        message: `The asynchronous function '${name}' cannot be called here.`,
        hint: "It can stand in SELECT and WHERE of a plain query, and behind LATERAL TABLE; elsewhere call it in a subquery.",
      });
    },
    startAsync: (types, context) => {
      const instance = opened<UserDefinedFunction>(fn, context) as unknown as { eval(...args: unknown[]): void };
      const converts = externalArguments(types);
      return (values, done, fail) => {
        const completion = {
          complete: (value: unknown) => done(internal(value)),
          completeExceptionally: fail,
        };
        instance.eval(completion, ...converted(values, converts));
      };
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
    isUsers: true,
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

export function aggregateFunction(name: string, fn: FunctionLike, output: LogicalType, input: readonly LogicalType[]): EngineAggregate {
  return {
    name,
    parameters: [],
    result: () => output,
    nullAware: true,
    description: SENTENCE,
    examples: [],
    without: (method) => missingMethod(name, fn, method, input),
    implement: (types, _result, _retract, host): Accumulation => accumulation(name, fn, { types, output, host }),
  };
}

interface AccumulationTypes {
  readonly types: readonly LogicalType[];
  readonly output: LogicalType;
  readonly host: AggregateHost | undefined;
}

type Change = (accumulator: unknown, ...values: unknown[]) => void;

function accumulation(name: string, fn: FunctionLike, { types, output, host }: AccumulationTypes): Accumulation {
  // Made before its operator is there, opened with it.
  let made: AggregateFunction | null = null;
  const work = (): AggregateFunction => (made ??= opened<AggregateFunction>(fn, host?.context ?? null));
  const converts = externalArguments(types);
  const plain = converts.every((convert) => convert === null);
  const result = toInternal(output, `the result of ${name}`);
  const changing = (method: "accumulate" | "retract") => {
    const change: Change = (accumulator, ...values) => (work() as unknown as Record<string, Change>)[method](accumulator, ...values);
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
    showsOrder: true,
    create: () => work().createAccumulator(),
    add: changing("accumulate"),
    retract: changing("retract"),
    merge: (into, from) => {
      const instance = work();
      invariant(instance.merge !== undefined, "functions without merge stand where nothing is merged");
      instance.merge(into, [from]);
      return into;
    },
    result: (accumulator) => result(work().getValue(accumulator)),
  };
}

function missingMethod(name: string, fn: FunctionLike, method: "retract" | "merge", input: readonly LogicalType[]): string | null {
  const type = classOf(fn);
  if (typeof (type.prototype as unknown as Record<string, unknown>)[method] === "function") return null;
  const types = method === "merge" ? ["Accumulator", "Iterable<Accumulator>"] : ["Accumulator", ...input.map(typeSummary)];
  return `Could not find an implementation method '${method}' in class '${type.name}' for function '${name}' that matches the following signature:\nvoid ${method}(${types.join(", ")})`;
}

/** What kind of function it is, as messages call it. */
export function isAggregate(fn: FunctionLike): boolean {
  return instanceOf(fn, AggregateFunction);
}

export function instanceOf(fn: FunctionLike, type: abstract new (...args: never[]) => UserDefinedFunction): boolean {
  return typeof fn === "function" ? fn.prototype instanceof type : fn instanceof type;
}
