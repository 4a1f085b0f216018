/**
 * Calls of process table functions in FROM: `f(input => TABLE t PARTITION BY k, on_time => DESCRIPTOR(ts), uid => 'x')`. Two arguments come by themselves:
 * `on_time`, the column that tells the time, and `uid`, under which state is found again. Refusals are Flink's, in the order in which it looks.
 * (Flink: `SystemTypeInference`, `BridgingSqlFunction`)
 */
import { type LogicalType, STRING, typeSummary, withNullable } from "../../types/logical-type.ts";
import { Diagnostic } from "../../base/diagnostic.ts";
import { nameHint } from "../../base/nearest.ts";
import type { CallExpr, Expr } from "../1-parse/ast.ts";
import type { Span } from "../1-parse/span.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import { castsImplicitly } from "../functions/implicit-casts.ts";
import type { ProcessArgument, ProcessFunction, ProcessParameter, TableGiven } from "../functions/process-function.ts";
import { fitsRow } from "../user-functions/invoke-process.ts";
import { calciteName } from "./calcite-name.ts";
import { ExpressionBinder } from "./bind-expression.ts";
import type { QueryContext } from "./query-context.ts";
import type { Process, Rel, RelColumn } from "./rel.ts";
import { allFields, namesOf, project, uniqueNames } from "./rel-builder.ts";
import { literalOf, partsOf, type Rex } from "./rex.ts";
import { castTo } from "./rex-calls.ts";
import { familyOfType } from "./signature-text.ts";
import { Scope } from "./scope.ts";
import { SubqueryHook } from "./subqueries.ts";

const MAX_TABLES = 20;
const UID = /^[a-zA-Z_][a-zA-Z\-_0-9]*$/;

/** How the tables of a call are bound; `bindTable`. */
export type BindInput = (argument: Extract<Expr, { kind: "tableArgument" }>) => Rel;

const NONE: ReadonlySet<never> = new Set();
const SYSTEM_PARAMETERS: readonly ProcessParameter[] = [
  { name: "on_time", kind: "descriptor", traits: NONE, type: null, optional: true },
  { name: "uid", kind: "scalar", traits: NONE, type: STRING, optional: true },
];

function refuse(code: string, message: string, span: Span, more: { found?: string; expected?: string; hint?: string } = {}): SqlError {
  return new SqlError("validate", code, message, span, more);
}

export interface ProcessCall {
  readonly call: CallExpr;
  /** Made when it is needed: what a class says about itself may be wrong. */
  readonly make: () => ProcessFunction;
  readonly context: QueryContext;
  readonly parent: Scope | null;
  readonly bindInput: BindInput;
}

export function bindProcessCall({ call, make, context, parent, bindInput }: ProcessCall): Process {
  const fn = declared(make, call.nameSpan);
  const parameters = [...fn.parameters, ...SYSTEM_PARAMETERS];
  const exprs = argumentsInOrder(fn, parameters, call);
  const binder = new ExpressionBinder(new Scope([], parent), new SubqueryHook(context));
  const inputs: Rel[] = [];
  const bound = parameters.map((parameter, i) => bindArgument(fn, parameter, i, exprs[i], { binder, inputs, bindInput }));
  const onTimeArgument = bound[bound.length - 2];
  const onTime = onTimeArgument?.kind === "descriptor" ? onTimeArgument : null;
  const uidArgument = uidOf(bound[bound.length - 1], exprs[bound.length - 1]);
  const given = bound.slice(0, -2);
  requireMatch(fn, call, parameters, exprs, bound);
  requireOwnValues(fn, given, call);
  checkTables(given, fn, call);
  const args = withTime(given, fn, onTime, call.span);
  const through = passedThrough(args, fn);
  const own = fn.output(args, call.span);
  const timed = tablesOf(args).find(({ given: table }) => table.timeField >= 0)?.given;
  const columns: RelColumn[] = [
    ...through.map(({ input, field }) => plainColumn(inputs[input].columns[field])),
    ...own,
    ...(timed === undefined ? [] : [{ name: "rowtime", type: withNullable(timed.columns[timed.timeField].type, false) }]),
  ];
  if (columns.length === 0) {
    throw refuse("PTF_OUTPUT", `Function '${fn.name}' must produce at least one output column.`, call.nameSpan);
  }
  const names = uniqueNames(columns.map(({ name }) => name));
  return {
    kind: "process",
    inputs,
    fn,
    args,
    onTime: onTime?.columns ?? null,
    uidArgument,
    uid: uidArgument ?? defaultUid(fn, call),
    through,
    rowtime: timed !== undefined,
    columns: columns.map(({ type }, i) => ({ name: names[i], type })),
    span: call.span,
  };
}

function plainColumn({ name, type }: RelColumn): RelColumn {
  return { name, type };
}

/** Values of rows around the call would make it a correlated one. */
function requireOwnValues(fn: ProcessFunction, args: readonly ProcessArgument[], call: CallExpr): void {
  const isCorrelated = args.some((given) => given?.kind === "scalar" && [...partsOf(given.value)].some((part) => part.kind === "correl"));
  if (!isCorrelated) return;
  throw refuse(
    "SQL_FUNCTION_KIND",
    `Invalid use of function '${fn.name}'. Currently, only table functions can be used in a correlate operation.`,
    call.nameSpan,
    { hint: "Give the table to the function: FROM f(input => TABLE t, …)." },
  );
}

function declared(make: () => ProcessFunction, span: Span): ProcessFunction {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof Diagnostic)) throw error;
    const { code, message, found, expected, hint } = error.data;
    throw new SqlError("validate", code, message, span, { found, expected, hint });
  }
}

/** null = DEFAULT. */
function argumentsInOrder(fn: ProcessFunction, parameters: readonly ProcessParameter[], call: CallExpr): readonly (Expr | null)[] {
  const { args } = call;
  const orDefault = (expr: Expr | undefined): Expr | null => (expr === undefined || expr.kind === "default" ? null : expr);
  const named = args.filter((arg) => arg.kind === "namedArgument");
  if (named.length > 0 && named.length < args.length) {
    throw refuse("SQL_NAMED_ARGUMENTS", `Cannot mix positional and named arguments when calling function '${fn.name}'.`, call.span);
  }
  if (named.length === 0) return parameters.map((_, i) => orDefault(args[i]));
  const names = parameters.map(({ name }) => name);
  for (const { name } of named) {
    const near = names.find((known) => known !== name.name && known.toLowerCase() === name.name.toLowerCase());
    if (near === undefined || names.includes(name.name)) continue;
    throw refuse("SQL_NAMED_ARGUMENTS", `Param '${name.name}' not found in function '${fn.name}'; did you mean '${near}'?`, name.span, {
      found: name.name,
      hint: nameHint(name.name, names, "arguments"),
    });
  }
  return parameters.map(({ name, optional }) => {
    const value = orDefault(named.find((arg) => arg.name.name === name)?.value);
    if (value === null && !optional) {
      throw refuse("SQL_ARGUMENT_COUNT", "DEFAULT is only allowed for optional parameters", call.span, {
        expected: `${name} => …`,
        hint: `Argument '${name}' of function '${fn.name}' is missing.`,
      });
    }
    return value;
  });
}

interface Binding {
  readonly binder: ExpressionBinder;
  readonly inputs: Rel[];
  readonly bindInput: BindInput;
}

function bindArgument(fn: ProcessFunction, parameter: ProcessParameter, at: number, expr: Expr | null, binding: Binding): ProcessArgument {
  if (expr === null) return null;
  const { name, kind } = parameter;
  if (kind === "table") return bindTableArgument(fn, parameter, at, expr, binding);
  if (kind === "descriptor") {
    if (expr.kind === "descriptor") return { kind, columns: expr.columns.map((column) => column.name), span: expr.span };
    const value = binding.binder.bind(expr);
    if (value.kind === "literal" && value.value === null) return null;
    throw refuse("SQL_DESCRIPTOR", `Invalid argument value. Argument '${name}' expects DESCRIPTOR(column).`, expr.span, {
      expected: `${name} => DESCRIPTOR(column)`,
    });
  }
  if (expr.kind === "tableArgument" || expr.kind === "descriptor") {
    throw refuse("SQL_ARGUMENT_TYPE", `Invalid argument value. Argument '${name}' expects a scalar value.`, expr.span);
  }
  return { kind, value: binding.binder.bind(expr), span: expr.span };
}

function bindTableArgument(
  fn: ProcessFunction,
  { name, traits }: ProcessParameter,
  at: number,
  expr: Expr,
  { inputs, bindInput }: Binding,
): TableGiven {
  const argument: Expr =
    expr.kind === "subquery"
      ? {
          kind: "tableArgument",
          table: { kind: "derived", query: expr.query, alias: null, lateral: false, span: expr.span },
          partitionBy: [],
          orderBy: [],
          span: expr.span,
        }
      : expr;
  if (argument.kind !== "tableArgument") {
    throw refuse("SQL_TABLE_ARGUMENT", `Invalid argument value. Argument '${name}' expects a table to be passed.`, expr.span, {
      expected: `${name} => TABLE t`,
    });
  }
  const bound = bindInput(argument);
  // TABLE t stands for SELECT * FROM t.
  const rel = argument.table.kind === "table" ? project(bound, allFields(bound), namesOf(bound)) : bound;
  const { columns } = rel;
  const fieldOf = (column: Expr, clause: string): number => {
    const text = column.kind === "name" ? column.parts.map((part) => part.name).join(".") : "";
    const index = columns.findIndex((each) => each.name === text);
    if (index >= 0) return index;
    const names = columns.map((each) => each.name);
    throw refuse(
      "SQL_UNKNOWN_COLUMN",
      `Invalid column '${text}' for ${clause} clause. Available columns are: [${names.join(", ")}]`,
      column.span,
      {
        found: text,
        hint: nameHint(text, names, "columns"),
      },
    );
  };
  const isSet = traits.has("SET_SEMANTIC_TABLE");
  const only = (what: string, clause: string, span: Span): SqlError =>
    refuse(
      "SQL_PARTITION",
      `Only tables with set semantics may be ${what}. Invalid ${clause} clause in the ${at}-th operand of table function '${fn.name}'`,
      span,
    );
  if (!isSet && argument.partitionBy.length > 0) throw only("partitioned", "PARTITION BY", argument.partitionBy[0].span);
  if (!isSet && argument.orderBy.length > 0) throw only("ordered", "ORDER BY", argument.orderBy[0].span);
  const partition = argument.partitionBy.map((column) => fieldOf(column, "PARTITION BY"));
  const order = argument.orderBy.map(({ expr: column, descending, nulls }) => ({
    field: fieldOf(column, "ORDER BY"),
    descending,
    // Without a word NULL counts as the least in Flink's plans of process table functions' order: first ascending, last descending.
    nullsFirst: nulls === null ? false : nulls === "FIRST",
  }));
  inputs.push(rel);
  return { kind: "table", input: inputs.length - 1, columns, partition, order, timeField: -1, span: argument.span };
}

function tablesOf(args: readonly ProcessArgument[]): { readonly given: TableGiven; readonly i: number }[] {
  return args.flatMap((given, i) => (given?.kind === "table" ? [{ given, i }] : []));
}

/** Types that cannot be cast, and arguments too few or too many. */
function requireMatch(
  fn: ProcessFunction,
  call: CallExpr,
  parameters: readonly ProcessParameter[],
  exprs: readonly (Expr | null)[],
  bound: ProcessArgument[],
): void {
  const isNamed = call.args.some((arg) => arg.kind === "namedArgument");
  const surplus = isNamed ? [] : call.args.slice(parameters.length);
  const missing = parameters.some(({ optional }, i) => !optional && exprs[i] === null);
  const fits = parameters.every((parameter, i) => {
    const given = bound[i];
    if (given === null || parameter.type === null) return true;
    if (given.kind === "table") return fitsRow(parameter.type, given.columns);
    if (given.kind !== "scalar") return true;
    const { value } = given;
    if (value.kind === "literal" && value.value === null && parameter.type.nullable) {
      bound[i] = { ...given, value: literalOf(null, parameter.type) };
      return true;
    }
    if (!castsImplicitly(value.type, parameter.type) || (!parameter.type.nullable && value.type.nullable)) return false;
    bound[i] = { ...given, value: castTo(value, parameter.type) };
    return true;
  });
  if (fits && !missing && surplus.length === 0) return;
  const shown = isNamed ? parameters.length : Math.min(parameters.length, call.args.length);
  const binder = new ExpressionBinder(new Scope([], null));
  const types = [
    ...parameters.slice(0, shown).map((parameter, i) => familyOf(bound[i], parameter)),
    ...surplus.map((expr) => familyOfType(binder.bind(expr).type)),
  ];
  throw refuse("SQL_ARGUMENT_TYPE", `No match found for function signature ${fn.name}(${types.join(", ")}).`, call.span, {
    expected: `${fn.name}(${parameters.map(signatureOf).join(", ")})`,
  });
}

function signatureOf({ name, kind, type, traits }: ProcessParameter): string {
  if (kind === "descriptor") return `${name} => DESCRIPTOR`;
  if (kind === "scalar") return `${name} => ${typeSummary(type!)}`;
  return `${name} => {TABLE${traits.has("SET_SEMANTIC_TABLE") ? ", SET SEMANTIC TABLE" : ", ROW SEMANTIC TABLE"}}`;
}

function familyOf(given: ProcessArgument, { kind, type }: ProcessParameter): string {
  if (given?.kind === "table") {
    return `<RecordType(${given.columns.map((column) => `${calciteName(column.type)} ${column.name}`).join(", ")})>`;
  }
  if (kind === "descriptor" || given?.kind === "descriptor") return "<COLUMN_LIST>";
  return familyOfType(given?.kind === "scalar" ? given.value.type : type!);
}

function checkTables(args: readonly ProcessArgument[], fn: ProcessFunction, call: CallExpr): void {
  const tables = tablesOf(args);
  for (const { given, i } of tables) {
    const { name, traits } = fn.parameters[i];
    if (!traits.has("SET_SEMANTIC_TABLE") || given.partition.length > 0 || traits.has("OPTIONAL_PARTITION_BY")) continue;
    if (tables.some((other) => other.given.partition.length > 0)) continue;
    throw refuse("SQL_PARTITION", `Table argument '${name}' requires a PARTITION BY clause for parallel processing.`, given.span, {
      expected: `${name} => TABLE … PARTITION BY column`,
    });
  }
  if (fn.changelog(args) === "upsert") {
    for (const { given, i } of tables) {
      const { name, traits } = fn.parameters[i];
      if (traits.has("SET_SEMANTIC_TABLE")) continue;
      throw refuse(
        "PTF_UPSERT",
        `PTFs that take table arguments with row semantics don't support upsert output. Table argument '${name}' of function '${fn.name}' must use set semantics.`,
        given.span,
      );
    }
  }
  if (tables.length > MAX_TABLES) {
    throw refuse(
      "PTF_TABLES",
      `Unsupported table argument count. Currently, the number of input tables is limited to ${MAX_TABLES}.`,
      call.span,
    );
  }
  const keys = tables.map(({ given }) => given.partition.map((field) => typeSummary(given.columns[field].type)).join(", "));
  if (new Set(keys.map((key) => key.replaceAll(" NOT NULL", ""))).size > 1) {
    throw refuse(
      "SQL_PARTITION",
      `Invalid PARTITION BY columns. The number of columns and their data types must match across all involved table arguments. Given partition key sets: ${keys.map((key) => `[${key}]`).join(", ")}`,
      call.span,
    );
  }
  for (const { given, i } of tables) checkOrder(given, fn.parameters[i].name);
}

/** ORDER BY begins with a time attribute, ascending. */
function checkOrder({ columns, order, span }: TableGiven, name: string): void {
  if (order.length === 0) return;
  const invalid = (message: string): SqlError =>
    refuse("SQL_ORDER_BY", `Invalid ORDER BY clause for table argument '${name}'. ${message}`, span);
  const [first] = order;
  const column = columns[first.field];
  if (!isTime(column.type)) {
    throw invalid(
      `The first ORDER BY column must be a TIMESTAMP or TIMESTAMP_LTZ column (up to precision 3). However, column '${column.name}' has data type '${typeSummary({ ...column.type, timeAttribute: undefined })}'.`,
    );
  }
  if (first.descending) throw invalid("The first ORDER BY column on a timestamp column must be in ascending order.");
  const twice = order.find(({ field }, i) => order.findIndex((other) => other.field === field) !== i);
  if (twice !== undefined) throw invalid(`Column '${columns[twice.field].name}' appears more than once in ORDER BY.`);
  if (column.type.timeAttribute !== "ROWTIME") {
    throw invalid(
      `The first ORDER BY column '${column.name}' is not a valid time attribute. Only columns with a watermark declaration qualify for ORDER BY. Also, make sure that the watermarked column is forwarded without any modification.`,
    );
  }
}

function isTime({ root, precision = 6 }: LogicalType): boolean {
  return (root === "TIMESTAMP" || root === "TIMESTAMP_LTZ") && precision <= 3;
}

/** The tables with the columns that `on_time` names. */
function withTime(
  args: readonly ProcessArgument[],
  fn: ProcessFunction,
  onTime: Extract<ProcessArgument, { kind: "descriptor" }> | null,
  span: Span,
): readonly ProcessArgument[] {
  const names = onTime?.columns ?? [];
  const used = new Set<string>();
  const timed = args.map((given, i): ProcessArgument => {
    if (given?.kind !== "table") return given;
    const { name, traits } = fn.parameters[i];
    const found = names.filter((column) => given.columns.some((each) => each.name === column));
    for (const column of found) used.add(column);
    if (found.length > 1) {
      throw refuse(
        "PTF_ON_TIME",
        `Ambiguous time attribute found. The \`on_time\` argument must reference at most one column in a table argument. Currently, the columns in \`on_time\` point to both '${found[0]}' and '${found[1]}' in table argument '${name}'.`,
        onTime!.span,
      );
    }
    if (found.length === 0) {
      if (!traits.has("REQUIRE_ON_TIME")) return given;
      throw refuse(
        "PTF_ON_TIME",
        `Table argument '${name}' requires a time attribute. Please provide one using the implicit \`on_time\` argument. For example: myFunction(..., on_time => DESCRIPTOR(\`my_timestamp\`)`,
        given.span,
      );
    }
    const timeField = given.columns.findIndex((each) => each.name === found[0]);
    const { type } = given.columns[timeField];
    if (!isTime(type)) {
      throw refuse(
        "PTF_ON_TIME",
        `Unsupported data type for time attribute. The \`on_time\` argument must reference a TIMESTAMP or TIMESTAMP_LTZ column (up to precision 3). However, column '${found[0]}' in table argument '${name}' has data type '${typeSummary(type)}'.`,
        onTime!.span,
      );
    }
    if (given.order.length > 0 && given.order[0].field !== timeField) {
      throw refuse(
        "SQL_ORDER_BY",
        `Invalid ORDER BY clause for table argument '${name}'. When both ORDER BY and the 'on_time' argument are defined, the referenced timestamp columns must match.`,
        given.span,
      );
    }
    return { ...given, timeField };
  });
  const unknown = names.filter((name) => !used.has(name));
  if (unknown.length > 0) {
    throw refuse(
      "PTF_ON_TIME",
      `Invalid time attribute declaration. Each column in the \`on_time\` argument must reference at least one column in one of the table arguments. Unknown references: [${unknown.join(", ")}]`,
      onTime?.span ?? span,
    );
  }
  const tables = tablesOf(timed);
  const without = tables.filter(({ given }) => given.timeField < 0);
  if (without.length > 0 && without.length < tables.length) {
    throw refuse(
      "PTF_ON_TIME",
      `Invalid time attribute declaration. If multiple tables are declared, the \`on_time\` argument must reference a time column for each table argument or none. Missing time attributes for: [${without.map(({ i }) => fn.parameters[i].name).join(", ")}]`,
      onTime?.span ?? span,
    );
  }
  return timed;
}

/** Columns of PARTITION BY, or all. */
function passedThrough(args: readonly ProcessArgument[], fn: ProcessFunction): { readonly input: number; readonly field: number }[] {
  return tablesOf(args).flatMap(({ given, i }) => {
    const { traits } = fn.parameters[i];
    const fields = traits.has("PASS_COLUMNS_THROUGH") ? given.columns.map((_, field) => field) : given.partition;
    return fields.map((field) => ({ input: given.input, field }));
  });
}

function uidOf(given: ProcessArgument, expr: Expr | null): string | null {
  if (given?.kind !== "scalar" || expr === null) return null;
  const { value } = given;
  const text = literalText(value);
  if (text === null) return null;
  if (UID.test(text)) return text;
  throw refuse(
    "PTF_UID",
    `Invalid unique identifier for process table function. The \`uid\` argument must be a string literal that follows the pattern [a-zA-Z_][a-zA-Z-_0-9]*. But found: ${text}`,
    expr.span,
    { found: text, expected: "uid => 'my-id'" },
  );
}

/** null = NULL; what is no literal counts as an empty text. */
function literalText(value: Rex): string | null {
  if (value.kind !== "literal") return "";
  return value.value === null ? null : String(value.value);
}

/** Only what has state needs an id. */
function defaultUid(fn: ProcessFunction, call: CallExpr): string | null {
  if (!fn.parameters.some(({ traits }) => traits.has("SET_SEMANTIC_TABLE"))) return null;
  if (UID.test(fn.name)) return fn.name;
  throw refuse(
    "PTF_UID",
    `Could not derive a unique identifier for process table function '${fn.name}'. The function's name does not qualify for a UID. Please provide a custom identifier using the implicit \`uid\` argument. For example: myFunction(..., uid => 'my-id')`,
    call.nameSpan,
  );
}
