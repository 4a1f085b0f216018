/** Calls of functions that the session's user has made known: which function a name means, how its arguments are cast. */
import { Diagnostic } from "../../base/diagnostic.ts";
import { type LogicalType, typeSummary, withNullable } from "../../types/logical-type.ts";
import type { CallExpr, Expr } from "../1-parse/ast.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import type { AggregateFunction } from "../functions/aggregate-function.ts";
import { PROCESS_FUNCTIONS } from "../functions/changelog-functions.ts";
import type { ProcessFunction } from "../functions/process-function.ts";
import { AGGREGATE_FUNCTIONS } from "../functions/aggregates.ts";
import { SCALAR_FUNCTIONS } from "../functions/registry.ts";
import { AggregateFunction as UserAggregate } from "../user-functions/aggregate-function.ts";
import { implementationOf } from "../user-functions/check-function-class.ts";
import {
  argumentTypes,
  classOf,
  type FunctionLike,
  type FunctionSignature,
  signaturesOf,
  signatureTexts,
} from "../user-functions/function-signature.ts";
import { AsyncScalarFunction, AsyncTableFunction } from "../user-functions/async-functions.ts";
import {
  aggregateFunction,
  asyncScalarFunction,
  asyncTableFunction,
  instanceOf,
  scalarFunction,
  tableFunction,
  tableFunctionRow,
} from "../user-functions/invoke.ts";
import { ProcessTableFunction } from "../user-functions/process-table-function.ts";
import { ScalarFunction } from "../user-functions/scalar-function.ts";
import { TableFunction } from "../user-functions/table-function.ts";
import type { QueryContext } from "./query-context.ts";
import type { Rel } from "./rel.ts";
import { project } from "./rel-builder.ts";
import { literalOf, type Rex } from "./rex.ts";
import { callOf, castTo } from "./rex-calls.ts";
import { familyOfType } from "./signature-text.ts";

/** A user's function under the name by which it was called. */
export interface NamedFunction {
  readonly name: string;
  readonly fn: FunctionLike;
}

interface ArgumentBinder {
  bind(expr: Expr): Rex;
}

/** Temporary system functions go before the built-in ones, all others behind them; null = no function of a user's. */
export function userFunction(expr: CallExpr, { catalog }: QueryContext): NamedFunction | null {
  if (expr.inline !== undefined) {
    const fn = expr.inline as FunctionLike;
    return { name: expr.name, fn };
  }
  const parts = expr.path.length > 0 ? expr.path.map(({ name }) => name) : [expr.name];
  const found = catalog.functions.find(parts, catalog);
  if (found === undefined) return null;
  if (found.path !== null && parts.length === 1 && (SCALAR_FUNCTIONS.has(expr.name) || AGGREGATE_FUNCTIONS.has(expr.name))) return null;
  if (found.implementation === null) {
    throw new SqlError("validate", "SQL_FUNCTION_CLASS", found.className, expr.nameSpan, {
      found: `class ${found.className}`,
      hint: "The class must be exported by the script's module of functions, or be registered with createTemporaryFunction.",
    });
  }
  return { name: found.name, fn: found.implementation };
}

/** The user's scalar function that is called here; null = it is none. Throws SqlError when it is a function of another kind. */
export function bindUserCall(expr: CallExpr, binder: ArgumentBinder, context: QueryContext): Rex | null {
  if (expr.over !== null) return null;
  const named = userFunction(expr, context);
  if (named === null && PROCESS_FUNCTIONS.has(expr.name)) throw tableExpected(PROCESS_FUNCTIONS.get(expr.name)!, expr);
  if (named === null) return null;
  if (instanceOf(named.fn, UserAggregate)) {
    throw new SqlError("validate", "SQL_AGGREGATE", `Aggregate expression ${named.name} is illegal here.`, expr.span, {
      hint: "Conditions on aggregates belong into HAVING.",
    });
  }
  if (instanceOf(named.fn, AsyncScalarFunction)) {
    const { signature, args } = boundArguments(named, expr, binder);
    return callOf(asyncScalarFunction(named.name, named.fn, signature.output), args, signature.output);
  }
  if ([TableFunction, AsyncTableFunction, ProcessTableFunction].some((kind) => instanceOf(named.fn, kind))) {
    throw new SqlError("validate", "SQL_FUNCTION_KIND", `Cannot call table function here: '${named.name}'`, expr.nameSpan, {
      hint: `FROM t, LATERAL TABLE(${named.name}(…))`,
    });
  }
  if (!instanceOf(named.fn, ScalarFunction)) throw wrongKind(named, expr, "a scalar function");
  const { signature, args } = boundArguments(named, expr, binder);
  const fn = scalarFunction(named.name, named.fn, signature.output);
  return callOf(fn, args, signature.output);
}

function tableExpected({ name, parameters }: ProcessFunction, expr: CallExpr): SqlError {
  const message = `Invalid argument value. Argument '${parameters[0].name}' expects a table to be passed.`;
  return new SqlError("validate", "SQL_TABLE_ARGUMENT", message, expr.span, { expected: `FROM ${name}(${parameters[0].name} => TABLE t)` });
}

/** The rows that a user's table function collects, as UNNEST of an array of them; null = no function of a user's. */
export function bindUserTableFunction(expr: CallExpr, binder: ArgumentBinder, context: QueryContext): Rel | null {
  const named = userFunction(expr, context);
  if (named === null) return null;
  const isAsync = instanceOf(named.fn, AsyncTableFunction);
  if (!isAsync && !instanceOf(named.fn, TableFunction)) {
    throw new SqlError("validate", "SQL_FUNCTION_KIND", `Function '${named.name}' cannot be used as a table function.`, expr.nameSpan, {
      found: `class ${classOf(named.fn).name}`,
      expected: "a table function",
    });
  }
  const { signature, args } = boundArguments(named, expr, binder);
  const fn = (isAsync ? asyncTableFunction : tableFunction)(named.name, named.fn, signature.output);
  const zero: LogicalType = { root: "INT", nullable: false };
  const one: Rel = { kind: "values", rows: [[literalOf(0, zero)]], columns: [{ name: "ZERO", type: zero }] };
  const input = project(one, [callOf(fn, args, fn.result([], [], {}))], ["EXPR$0"]);
  return { kind: "uncollect", input, withOrdinality: false, columns: tableFunctionRow(signature.output).fields! };
}

/** The user's aggregate function of this name; null = none. */
export function userAggregate(expr: CallExpr, context: QueryContext): NamedFunction | null {
  const named = userFunction(expr, context);
  return named !== null && instanceOf(named.fn, UserAggregate) ? named : null;
}

export interface BoundAggregate {
  readonly fn: AggregateFunction;
  readonly args: readonly Rex[];
}

export function bindUserAggregate(named: NamedFunction, expr: CallExpr, binder: ArgumentBinder): BoundAggregate {
  const { signature, args } = boundArguments(named, expr, binder);
  const input = args.map(({ type }, i) => signature.input?.[Math.min(i, signature.input.length - 1)] ?? type);
  return { fn: aggregateFunction(named.name, named.fn, signature.output, input), args };
}

/** The signature that a call fits, and its arguments cast to it. Throws SqlError. */
export function boundArguments(
  named: NamedFunction,
  expr: CallExpr,
  binder: ArgumentBinder,
): { signature: FunctionSignature; args: readonly Rex[] } {
  const signatures = signaturesAt(named, expr);
  const given = argumentsInOrder(named, expr, signatures).map((arg) => (arg === null ? null : binder.bind(arg)));
  for (const signature of signatures) {
    const filled = withOptional(signature, given);
    const wanted = argumentTypes(
      signature,
      filled.map((arg, i) => arg?.type ?? signature.input![i]),
    );
    if (wanted === null) continue;
    requireImplementation(named, expr, signature, filled.length);
    return {
      signature,
      args: filled.map((arg, i) => (arg === null ? literalOf(null, withNullable(wanted[i], true)) : argumentOf(arg, wanted[i]))),
    };
  }
  throw mismatch(named, expr, signatures, given);
}

/** What the function says about itself is wrong where it is called, too. */
function signaturesAt({ fn }: NamedFunction, expr: CallExpr): readonly FunctionSignature[] {
  try {
    return signaturesOf(fn);
  } catch (error) {
    if (!(error instanceof Diagnostic)) throw error;
    const { code, message, found, expected, hint } = error.data;
    throw new SqlError("validate", code, message, expr.nameSpan, { found, expected, hint });
  }
}

/** Arguments that may be left out, where they are: null = left out. */
function withOptional({ input, isOptional, isVarArgs }: FunctionSignature, given: readonly (Rex | null)[]): readonly (Rex | null)[] {
  if (input === null || isVarArgs || given.length >= input.length) return given;
  const rest = input.slice(given.length).map((_, i) => isOptional[given.length + i] === true);
  return rest.every((optional) => optional) ? [...given, ...rest.map(() => null)] : given;
}

/** One signature of as many arguments says which one is wrong, as in Flink; of several all are named; where none has as many, what was given is. */
function mismatch(
  named: NamedFunction,
  expr: CallExpr,
  signatures: readonly FunctionSignature[],
  given: readonly (Rex | null)[],
): SqlError {
  const expected = signatureTexts(named.name, signatures);
  const [only] = signatures;
  if (signatures.length === 1 && only.input !== null && !only.isVarArgs && only.input.length === given.length) {
    const at = given.findIndex((arg, i) => arg !== null && argumentTypes({ ...only, input: [only.input![i]] }, [arg.type]) === null);
    if (at >= 0) {
      const [wanted, found] = [typeSummary(only.input[at]), typeSummary(given[at]!.type)];
      return new SqlError(
        "validate",
        "SQL_ARGUMENT_TYPE",
        `Invalid argument type at position ${at}. Data type ${wanted} expected but ${found} passed.`,
        expr.span,
        { found, expected },
      );
    }
  }
  if (signatures.some(({ input, isVarArgs }) => input !== null && !isVarArgs && input.length === given.length)) {
    const message = `Invalid input arguments. Expected signatures are:\n${expected}`;
    return new SqlError("validate", "SQL_ARGUMENT_TYPE", message, expr.span, { expected });
  }
  const types = given.map((arg) => (arg === null ? "DEFAULT" : familyOfType(arg.type)));
  return new SqlError(
    "validate",
    "SQL_ARGUMENT_TYPE",
    `No match found for function signature ${named.name}(${types.join(", ")}).`,
    expr.span,
    {
      expected,
    },
  );
}

/** A method may leave arguments out, as TypeScript's methods may; it cannot ask for more than it gets. */
function requireImplementation({ name, fn }: NamedFunction, expr: CallExpr, signature: FunctionSignature, count: number): void {
  const { method, before } = implementationOf(fn);
  const type = classOf(fn);
  const wanted = ((type.prototype as unknown as Record<string, { readonly length: number } | undefined>)[method]?.length ?? 0) - before;
  if (wanted <= count) return;
  const text = `${typeSummary(signature.output)} ${method}(${(signature.input ?? []).map(typeSummary).join(", ")})`;
  throw new SqlError(
    "validate",
    "FUNCTION_WITHOUT_METHOD",
    `Could not find an implementation method '${method}' in class '${type.name}' for function '${name}' that matches the following signature:\n${text}`,
    expr.nameSpan,
    { found: `${method}(…) with ${wanted} parameters`, expected: `${method}(…) with ${count}` },
  );
}

function argumentOf(arg: Rex, wanted: LogicalType): Rex {
  if (arg.kind === "literal" && arg.value === null) return literalOf(null, withNullable(wanted, true));
  // A shorter text is the same text.
  if (arg.kind === "literal" && arg.type.root === "CHAR" && wanted.root === "VARCHAR" && (arg.type.length ?? 1) <= (wanted.length ?? 1))
    return arg;
  return castTo(arg, wanted);
}

/** null = left out. */
function argumentsInOrder(named: NamedFunction, expr: CallExpr, signatures: readonly FunctionSignature[]): readonly (Expr | null)[] {
  const omitted = expr.args.find((arg) => arg.kind === "default" || (arg.kind === "namedArgument" && arg.value.kind === "default"));
  if (omitted !== undefined) {
    throw new SqlError("validate", "SQL_NAMED_ARGUMENTS", "No match found for function signature DEFAULT", omitted.span, {
      hint: "An optional argument is left out by not naming it.",
    });
  }
  const byName = expr.args.filter((arg) => arg.kind === "namedArgument");
  if (byName.length === 0) return expr.args;
  if (byName.length < expr.args.length) {
    throw new SqlError(
      "validate",
      "SQL_NAMED_ARGUMENTS",
      `Cannot mix positional and named arguments when calling function '${named.name}'.`,
      expr.span,
    );
  }
  const [signature] = signatures;
  const names = signature.argumentNames;
  if (signatures.length > 1 || signature.isVarArgs || names === null) {
    throw new SqlError(
      "validate",
      "SQL_NAMED_ARGUMENTS",
      "Unsupported function signature. Function must not be overloaded or use varargs.",
      expr.span,
      { hint: "A function with one hint may say `argumentNames`." },
    );
  }
  for (const { name } of byName) {
    const near = names.find((known) => known !== name.name && known.toLowerCase() === name.name.toLowerCase());
    if (near === undefined || names.includes(name.name)) continue;
    throw new SqlError(
      "validate",
      "SQL_NAMED_ARGUMENTS",
      `Param '${name.name}' not found in function '${named.name}'; did you mean '${near}'?`,
      name.span,
      { found: name.name, expected: names.join(", ") },
    );
  }
  const args = names.map((name, i): Expr | null | undefined => {
    const arg = byName.find((candidate) => candidate.name.name === name);
    return arg?.value ?? (signature.isOptional[i] === true ? null : undefined);
  });
  // Without an obligatory argument no signature fits: what was given is told.
  return args.some((arg) => arg === undefined) ? byName.map(({ value }) => value) : (args as (Expr | null)[]);
}

function wrongKind(named: NamedFunction, expr: CallExpr, expected: string): SqlError {
  return new SqlError("validate", "SQL_FUNCTION_KIND", `Function '${named.name}' cannot be used here.`, expr.nameSpan, {
    found: `class ${classOf(named.fn).name}`,
    expected,
  });
}
