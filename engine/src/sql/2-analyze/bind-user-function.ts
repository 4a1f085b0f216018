/** Calls of functions that the session's user has made known: which function a name means, how its arguments are cast. */
import { Diagnostic } from "../../base/diagnostic.ts";
import { type LogicalType, typeSummary, withNullable } from "../../types/logical-type.ts";
import type { CallExpr, Expr } from "../1-parse/ast.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import type { AggregateFunction } from "../functions/aggregate-function.ts";
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
import { aggregateFunction, instanceOf, scalarFunction, tableFunction, tableFunctionRow } from "../user-functions/invoke.ts";
import { ScalarFunction } from "../user-functions/scalar-function.ts";
import { TableFunction } from "../user-functions/table-function.ts";
import type { QueryContext } from "./query-context.ts";
import type { Rel } from "./rel.ts";
import { project } from "./rel-builder.ts";
import { literalOf, type Rex } from "./rex.ts";
import { callOf, castTo } from "./rex-calls.ts";

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
  if (named === null) return null;
  if (instanceOf(named.fn, UserAggregate)) {
    throw new SqlError("validate", "SQL_AGGREGATE", `Aggregate expression ${named.name} is illegal here.`, expr.span, {
      hint: "Conditions on aggregates belong into HAVING.",
    });
  }
  if (!instanceOf(named.fn, ScalarFunction)) throw wrongKind(named, expr, "a scalar function");
  const { signature, args } = boundArguments(named, expr, binder);
  const fn = scalarFunction(named.name, named.fn, signature.output);
  return callOf(fn, args, signature.output);
}

/** The rows that a user's table function collects, as UNNEST of an array of them; null = no function of a user's. */
export function bindUserTableFunction(expr: CallExpr, binder: ArgumentBinder, context: QueryContext): Rel | null {
  const named = userFunction(expr, context);
  if (named === null) return null;
  if (!instanceOf(named.fn, TableFunction)) throw wrongKind(named, expr, "a table function");
  const { signature, args } = boundArguments(named, expr, binder);
  const fn = tableFunction(named.name, named.fn, signature.output);
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
  return { fn: aggregateFunction(named.name, named.fn, signature.output), args };
}

function boundArguments(
  named: NamedFunction,
  expr: CallExpr,
  binder: ArgumentBinder,
): { signature: FunctionSignature; args: readonly Rex[] } {
  const signatures = signaturesAt(named, expr);
  const given = argumentsInOrder(named, expr, signatures).map((arg) => binder.bind(arg));
  const types = given.map((arg) => arg.type);
  for (const signature of signatures) {
    const wanted = argumentTypes(signature, types);
    if (wanted !== null) requireImplementation(named, expr, signature, given.length);
    if (wanted !== null) return { signature, args: given.map((arg, i) => argumentOf(arg, wanted[i])) };
  }
  const expected = signatureTexts(named.name, signatures);
  throw new SqlError("validate", "SQL_ARGUMENT_TYPE", `Invalid input arguments. Expected signatures are:\n${expected}`, expr.span, {
    expected,
  });
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
  return castTo(arg, wanted);
}

function argumentsInOrder(named: NamedFunction, expr: CallExpr, signatures: readonly FunctionSignature[]): readonly Expr[] {
  if (!expr.args.some((arg) => arg.kind === "namedArgument")) return expr.args;
  const names = signatures.find(({ argumentNames }) => argumentNames !== null)?.argumentNames ?? [];
  return names.map((name) => {
    const arg = expr.args.find((candidate) => candidate.kind === "namedArgument" && candidate.name.name === name);
    if (arg?.kind === "namedArgument") return arg.value;
    throw new SqlError("validate", "SQL_ARGUMENT_COUNT", `Argument '${name}' of function '${named.name}' is missing.`, expr.span, {
      expected: names.join(", "),
    });
  });
}

function wrongKind(named: NamedFunction, expr: CallExpr, expected: string): SqlError {
  return new SqlError("validate", "SQL_FUNCTION_KIND", `Function '${named.name}' cannot be used here.`, expr.nameSpan, {
    found: `class ${classOf(named.fn).name}`,
    expected,
  });
}
