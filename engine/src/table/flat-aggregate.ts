/**
 * `flatAggregate`: a table aggregate function over groups, or over the windows of a group window. Over groups it runs as an operator of its own; a window gives
 * its result once, so there the rows are gathered into an array and taken apart behind the window.
 */
import { Diagnostic } from "../base/diagnostic.ts";
import { arrayOf, withNullable } from "../types/logical-type.ts";
import { ExpressionBinder } from "../sql/2-analyze/bind-expression.ts";
import { boundArguments, userFunction } from "../sql/2-analyze/bind-user-function.ts";
import { scopeOf } from "../sql/2-analyze/bind-table.ts";
import type { QueryContext } from "../sql/2-analyze/query-context.ts";
import type { Process, Rel } from "../sql/2-analyze/rel.ts";
import { allFields, project, uniqueNames } from "../sql/2-analyze/rel-builder.ts";
import { SubqueryHook } from "../sql/2-analyze/subqueries.ts";
import { AggregateFunction } from "../sql/user-functions/aggregate-function.ts";
import { DataType } from "../sql/user-functions/data-types.ts";
import { classOf, type FunctionLike, instantiate, signaturesOf } from "../sql/user-functions/function-signature.ts";
import { instanceOf, tableFunctionRow } from "../sql/user-functions/invoke.ts";
import { tableAggregate } from "../sql/user-functions/invoke-table-aggregate.ts";
import { TableAggregateFunction } from "../sql/user-functions/table-aggregate-function.ts";
import { TableFunction } from "../sql/user-functions/table-function.ts";
import type { FunctionClass } from "../sql/user-functions/user-defined-function.ts";
import { Expression } from "./expressions/expression.ts";
import { astOf, callOfAst, type ExpressionLike, NOWHERE } from "./expressions/expression-base.ts";
import { textOfName } from "./expressions/name-text.ts";

interface NamedFunction {
  readonly name: string;
  readonly fn: FunctionLike;
}

/** Throws Diagnostic TABLE_AGGREGATE when the expression calls no table aggregate function. */
export function tableAggregateOf(expression: ExpressionLike, context: QueryContext): NamedFunction {
  const named = userFunction(callOfAst(astOf(expression), "flatAggregate"), context);
  if (named !== null && instanceOf(named.fn, TableAggregateFunction)) return named;
  throw new Diagnostic({
    code: "TABLE_AGGREGATE",
    phase: "validate",
    message: "flatAggregate wants a call of a table aggregate function.",
    expected: 'call(Top2, $("x")), where Top2 extends TableAggregateFunction',
  });
}

/** Keys, then what the function emits. Throws SqlError. */
export function flatAggregated(input: Rel, keys: readonly ExpressionLike[], call: ExpressionLike, context: QueryContext): Rel {
  const named = tableAggregateOf(call, context);
  const node = callOfAst(astOf(call), "flatAggregate");
  const binder = new ExpressionBinder(scopeOf(input, null, null), new SubqueryHook(context));
  const keyed = keys.map((key) => binder.bind(astOf(key)));
  const { signature, args } = boundArguments(named, node, binder);
  const keyNames = keys.map((key) => (key instanceof Expression ? key.aliases[0] : undefined) ?? textOfName(astOf(key)));
  const argumentNames = args.map((arg, i) => (arg.kind === "input" ? input.columns[arg.index].name : `$f${keys.length + i}`));
  const below = project(input, [...keyed, ...args], uniqueNames([...keyNames, ...argumentNames]));
  requireEmission(named);
  const fn = tableAggregate({
    name: named.name,
    fn: named.fn,
    output: signature.output,
    args: args.map(({ type }, i) => ({ field: keys.length + i, type })),
  });
  const partition = keys.map((_, i) => i);
  const aliases = call instanceof Expression ? call.aliases : [];
  const own = tableFunctionRow(signature.output).fields!.map(({ name, type }, i) => ({
    name: aliases[i] ?? (name === "EXPR$0" ? "f0" : name),
    type,
  }));
  const columns = [...below.columns.slice(0, keys.length), ...own];
  const names = uniqueNames(columns.map(({ name }) => name));
  const process: Process = {
    kind: "process",
    inputs: [below],
    fn,
    args: [{ kind: "table", input: 0, columns: below.columns, partition, order: [], timeField: -1, span: NOWHERE }],
    onTime: null,
    uidArgument: null,
    uid: null,
    through: partition.map((field) => ({ input: 0, field })),
    rowtime: false,
    columns: columns.map(({ type }, i) => ({ name: names[i], type })),
    span: NOWHERE,
  };
  return project(process, allFields(process), names);
}

function requireEmission({ fn }: NamedFunction): void {
  const { prototype } = classOf(fn) as unknown as { prototype: Record<string, unknown> };
  if (typeof prototype.emitValue === "function" || typeof prototype.emitUpdateWithRetract === "function") return;
  throw new Diagnostic({
    code: "FUNCTION_WITHOUT_METHOD",
    phase: "validate",
    message: `Function class '${classOf(fn).name}' does not implement a method named 'emitValue' or 'emitUpdateWithRetract'.`,
    expected: "emitValue(accumulator, out)",
  });
}

/** For windows: an aggregate whose result is all rows in an array, and a table function that takes the array apart. */
export function gathering({ fn }: NamedFunction): { readonly gather: FunctionClass; readonly spread: FunctionClass } {
  const signatures = signaturesOf(fn);
  const [{ output }] = signatures;
  const row = withNullable(tableFunctionRow(output), false);
  const list = new DataType(arrayOf(row));
  const isRow = output.root === "ROW" || output.root === "STRUCTURED";
  const made = instantiate(fn as TableAggregateFunction);
  const declared = (classOf(fn) as unknown as { functionHint: object | readonly object[] }).functionHint;
  const hints = (Array.isArray(declared) ? declared : [declared]) as readonly object[];
  class Gather extends AggregateFunction<unknown[], unknown> {
    static functionHint = hints.map((hint) => ({ ...hint, output: list }));
    createAccumulator(): unknown {
      return made.createAccumulator();
    }
    accumulate(accumulator: unknown, ...values: never[]): void {
      made.accumulate(accumulator, ...values);
    }
    getValue(accumulator: unknown): unknown[] {
      const rows: unknown[] = [];
      made.emitValue?.(accumulator, { collect: (value) => rows.push(isRow ? value : [value]) });
      return rows;
    }
  }
  // Whoever can take back or put together can do so here; who cannot is refused.
  for (const method of ["retract", "merge"] as const) {
    if (typeof made[method] !== "function") continue;
    Object.assign(Gather.prototype, {
      [method]: (...args: unknown[]) => (made[method] as unknown as (...args: unknown[]) => void).apply(made, args),
    });
  }
  class Spread extends TableFunction<unknown> {
    static functionHint = { input: [list], output: new DataType(row) };
    eval(rows: readonly unknown[] | null): void {
      for (const each of rows ?? []) this.collect(each);
    }
  }
  Object.defineProperty(Gather, "name", { value: classOf(fn).name });
  Object.defineProperty(Spread, "name", { value: `${classOf(fn).name}Rows` });
  return { gather: Gather as unknown as FunctionClass, spread: Spread as unknown as FunctionClass };
}
