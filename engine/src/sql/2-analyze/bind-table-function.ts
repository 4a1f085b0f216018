/** FROM: calls of table functions, windows among them. */
import { isTimestamp, typeName } from "../../types/logical-type.ts";
import type { CallExpr, Expr, TableArgument } from "../1-parse/ast.ts";
import type { Span } from "../1-parse/span.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import { nameHint } from "../../base/nearest.ts";
import { partsOf, pathText } from "../catalog/object-path.ts";
import { instanceOf } from "../user-functions/invoke.ts";
import { processFunction } from "../user-functions/invoke-process.ts";
import { ProcessTableFunction } from "../user-functions/process-table-function.ts";
import { PROCESS_FUNCTIONS } from "../functions/changelog-functions.ts";
import { calciteName, ExpressionBinder } from "./bind-expression.ts";
import { bindProcessCall, type ProcessCall } from "./bind-process-function.ts";
import { bindUserTableFunction, userFunction } from "./bind-user-function.ts";
import { constantValue, isConstant } from "./constant.ts";
import type { QueryContext } from "./query-context.ts";
import type { Rel, WindowSpecification } from "./rel.ts";
import { namesOf, project, windowTvf, allFields } from "./rel-builder.ts";
import { Scope } from "./scope.ts";
import { SubqueryHook } from "./subqueries.ts";
import { bindTable, scopeOf } from "./bind-table.ts";
import { unknownTableFunction } from "./unknown-table-function.ts";

const WINDOW_SIGNATURES: Readonly<Record<string, string>> = {
  TUMBLE: "TUMBLE(TABLE table_name, DESCRIPTOR(timecol), datetime interval[, datetime interval])",
  HOP: "HOP(TABLE table_name, DESCRIPTOR(timecol), datetime interval, datetime interval[, datetime interval])",
  CUMULATE: "CUMULATE(TABLE table_name, DESCRIPTOR(timecol), datetime interval, datetime interval[, datetime interval])",
  SESSION: "SESSION(TABLE table_name [PARTITION BY (keycols, ...)], DESCRIPTOR(timecol), datetime interval)",
};

const WINDOW_PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  TUMBLE: ["DATA", "TIMECOL", "SIZE", "OFFSET"],
  HOP: ["DATA", "TIMECOL", "SLIDE", "SIZE", "OFFSET"],
  CUMULATE: ["DATA", "TIMECOL", "STEP", "SIZE", "OFFSET"],
  SESSION: ["DATA", "TIMECOL", "GAP"],
};

/** ML_PREDICT and ML_EVALUATE: what a model says comes from a provider, and there is none. */
function refuseModels({ name, args, span }: CallExpr, { catalog }: QueryContext): void {
  if (name !== "ML_PREDICT" && name !== "ML_EVALUATE") return;
  const model = args.find((arg) => arg.kind === "modelArgument");
  if (model?.kind === "modelArgument" && !catalog.models.has(pathText(catalog.qualify(partsOf(model.path))))) {
    const last = model.path[model.path.length - 1];
    throw new SqlError("validate", "SQL_UNKNOWN_MODEL", `Object '${last.name}' not found`, last.span, {
      found: last.name,
      hint: nameHint(
        last.name,
        [...catalog.models.values()].map(({ path }) => path.name),
        "models",
      ),
    });
  }
  throw new SqlError(
    "validate",
    "SQL_MODEL_PROVIDER",
    "Could not find any factories that implement 'org.apache.flink.table.factories.ModelProviderFactory' in the classpath.",
    span,
    { found: name, hint: "Models need a provider outside; there is none in a simulated world." },
  );
}

/** A call in FROM. */
export function bindTableFunction(call: CallExpr, context: QueryContext, parent: Scope | null): Rel {
  const names = WINDOW_PARAMETERS[call.name];
  if (names === undefined) {
    const process = processCallOf(call, context, parent);
    if (process !== null) return bindProcessCall(process);
    const rows = bindUserTableFunction(call, new ExpressionBinder(new Scope([], parent), new SubqueryHook(context)), context);
    if (rows !== null) return rows;
    refuseModels(call, context);
    throw unknownTableFunction(call, context, parent, Object.keys(WINDOW_PARAMETERS));
  }
  const given = new Map<string, Expr>();
  call.args.forEach((arg, i) => {
    if (arg.kind === "namedArgument") given.set(arg.name.name.toUpperCase(), arg.value);
    else if (i < names.length) given.set(names[i], arg);
    else throw new SqlError("validate", "SQL_ARGUMENT_COUNT", `${call.name} takes ${names.join(", ")}.`, arg.span);
  });
  const first = given.get("DATA");
  const data = first?.kind === "subquery" ? argumentOf(first) : first;
  // Without TABLE a name is a column's.
  if (data?.kind === "name") new ExpressionBinder(new Scope([], null)).bind(data);
  if (data === undefined || data.kind !== "tableArgument") {
    throw new SqlError("validate", "SQL_TABLE_ARGUMENT", `${call.name} wants a table as its first argument.`, data?.span ?? call.span, {
      expected: "TABLE name",
    });
  }
  const bound = bindTable(data.table, context, parent);
  // TABLE t stands for SELECT * FROM t.
  const input = data.table.kind === "table" ? project(bound.rel, allFields(bound.rel), namesOf(bound.rel)) : bound.rel;
  const required = names.filter((name) => name !== "OFFSET");
  if (required.some((name) => !given.has(name))) {
    throw new SqlError(
      "validate",
      "SQL_ARGUMENT_COUNT",
      `Invalid number of arguments to function '${call.name}'. Was expecting ${required.length} arguments`,
      call.span,
      {
        found: `${call.args.length} arguments`,
        expected: WINDOW_SIGNATURES[call.name],
      },
    );
  }
  const timeField = bindDescriptor(call, given.get("TIMECOL"), input);
  if (data.partitionBy.length > 0 && call.name !== "SESSION") {
    throw new SqlError(
      "validate",
      "SQL_PARTITION",
      `Only tables with set semantics may be partitioned. Invalid PARTITION BY clause in the 0-th operand of table function '${call.name}'`,
      data.partitionBy[0].span,
    );
  }
  checkIntervals(call, given, names.slice(2), input);
  const partition = data.partitionBy.map((expr) => {
    if (expr.kind === "name" && !input.columns.some(({ name }) => name === expr.parts[0].name)) {
      const names = input.columns.map(({ name }) => name);
      const found = expr.parts[0].name;
      throw new SqlError("plan", "SQL_UNKNOWN_COLUMN", `Index -1 out of bounds for length ${names.length}`, expr.span, {
        found,
        hint: nameHint(found, names, "columns"),
      });
    }
    const column = new ExpressionBinder(scopeOf(input, null, null)).bind(expr);
    if (column.kind !== "input")
      throw new SqlError("validate", "SQL_PARTITION", "PARTITION BY of a table function takes columns.", expr.span);
    return column.index;
  });
  const spec = windowSpecification(call, given, partition);
  const binder = new ExpressionBinder(new Scope([], null));
  const intervals = names.slice(2).flatMap((name) => (given.has(name) ? [binder.bind(given.get(name)!)] : []));
  return windowTvf(input, spec, timeField, { intervals, span: call.span });
}

/** null = it is no process table function. */
function processCallOf(call: CallExpr, context: QueryContext, parent: Scope | null): ProcessCall | null {
  const named = userFunction(call, context);
  const more = { call, context, parent, bindInput: (data: TableArgument): Rel => bindTable(data.table, context, parent).rel };
  if (named !== null) {
    return instanceOf(named.fn, ProcessTableFunction) ? { ...more, make: () => processFunction(named.name, named.fn) } : null;
  }
  const own = PROCESS_FUNCTIONS.get(call.name);
  return own === undefined ? null : { ...more, make: () => own };
}

/** Interval arguments are intervals, of whatever unit. */
function checkIntervals(call: CallExpr, given: ReadonlyMap<string, Expr>, names: readonly string[], input: Rel): void {
  const binder = new ExpressionBinder(new Scope([], null));
  const bound = names.flatMap((name) => (given.has(name) ? [binder.bind(given.get(name)!)] : []));
  if (bound.every((rex) => rex.type.root === "INTERVAL_DAY_TIME" || rex.type.root === "INTERVAL_YEAR_MONTH")) return;
  const row = input.columns.map(({ name, type }) => `${calciteName(type)} ${name.toUpperCase()}`);
  const types = [`<RECORDTYPE(${row.join(", ")})>`, "<COLUMN_LIST>", ...bound.map((rex) => `<${calciteName(rex.type)}>`)];
  const shown = `${call.name}(${types.join(", ")})`;
  throw new SqlError(
    "validate",
    "SQL_ARGUMENT_TYPE",
    `Cannot apply '${call.name}' to arguments of type '${shown}'. Supported form(s): ${WINDOW_SIGNATURES[call.name]}`,
    call.span,
    {
      found: shown,
      expected: WINDOW_SIGNATURES[call.name],
    },
  );
}

/** `TUMBLE((SELECT …), …)`. */
function argumentOf({ query, span }: Extract<Expr, { kind: "subquery" }>): Extract<Expr, { kind: "tableArgument" }> {
  return {
    kind: "tableArgument",
    table: { kind: "derived", query, alias: null, lateral: false, span },
    partitionBy: [],
    orderBy: [],
    span,
  };
}

function bindDescriptor(call: CallExpr, arg: Expr | undefined, input: Rel): number {
  if (arg === undefined) throw new SqlError("validate", "SQL_ARGUMENT_COUNT", `${call.name} wants DESCRIPTOR(time column).`, call.span);
  if (arg.kind !== "descriptor") {
    if (arg.kind === "name") new ExpressionBinder(new Scope([], null)).bind(arg);
    throw new SqlError("validate", "SQL_DESCRIPTOR", `${call.name} wants the time column as DESCRIPTOR(column).`, arg.span, {
      expected: "DESCRIPTOR(column)",
    });
  }
  const [name] = arg.columns;
  const index = input.columns.findIndex((column) => column.name === name.name);
  if (index < 0) {
    throw new SqlError("validate", "SQL_UNKNOWN_COLUMN", `Unknown identifier '${name.name}'`, name.span, {
      found: name.name,
      hint: nameHint(
        name.name,
        input.columns.map((column) => column.name),
        "columns",
      ),
    });
  }
  const unknown = arg.columns.find((column) => !input.columns.some((candidate) => candidate.name === column.name));
  if (unknown !== undefined)
    throw new SqlError("validate", "SQL_UNKNOWN_COLUMN", `Unknown identifier '${unknown.name}'`, unknown.span, { found: unknown.name });
  const { type } = input.columns[index];
  if (type.timeAttribute === undefined) {
    throw new SqlError(
      "validate",
      "SQL_TIME_ATTRIBUTE",
      isTimestamp(type)
        ? `The window function requires the timecol is a time attribute type, but is ${typeName(type)}.`
        : `The window function ${WINDOW_SIGNATURES[call.name]} requires the timecol to be TIMESTAMP or TIMESTAMP_LTZ, but is ${calciteName(type)}.`,
      name.span,
      {
        found: typeName(type),
        expected: "a column with a WATERMARK, or PROCTIME()",
        hint: "A time attribute is lost in arithmetic, casts, regular joins and unbounded aggregates.",
      },
    );
  }
  return index;
}

function windowSpecification(call: CallExpr, given: ReadonlyMap<string, Expr>, partition: readonly number[]): WindowSpecification {
  const interval = (name: string): number => intervalMs(call.name, name, given.get(name), call.span);
  const positive = (name: string): number => {
    const value = interval(name);
    if (value <= 0) {
      throw new SqlError(
        "validate",
        "SQL_WINDOW_SIZE",
        `${call.name} table function based aggregate requires ${name.toLowerCase()} to be positive, but got ${value} ms.`,
        given.get(name)?.span ?? call.span,
      );
    }
    return value;
  };
  const offsetMs = given.has("OFFSET") ? interval("OFFSET") : 0;
  switch (call.name) {
    case "TUMBLE": {
      const sizeMs = positive("SIZE");
      if (Math.abs(offsetMs) >= sizeMs) {
        throw new SqlError(
          "validate",
          "SQL_WINDOW_SIZE",
          `TUMBLE table function parameters must satisfy abs(offset) < size, but got size ${sizeMs} ms and offset ${offsetMs} ms.`,
          call.span,
        );
      }
      return { kind: "tumble", sizeMs, offsetMs };
    }
    case "HOP": {
      const [slideMs, sizeMs] = [positive("SLIDE"), positive("SIZE")];
      return { kind: "hop", slideMs, sizeMs, offsetMs };
    }
    case "CUMULATE": {
      const [stepMs, sizeMs] = [positive("STEP"), positive("SIZE")];
      if (sizeMs % stepMs !== 0) {
        throw new SqlError(
          "validate",
          "SQL_WINDOW_SIZE",
          `CUMULATE requires maxSize to be an integral multiple of step, but got maxSize ${sizeMs} ms and step ${stepMs} ms.`,
          call.span,
        );
      }
      return { kind: "cumulate", stepMs, sizeMs, offsetMs };
    }
    default:
      return { kind: "session", gapMs: positive("GAP"), partition };
  }
}

/** A constant day-time interval in ms. */
export function intervalMs(fn: string, name: string, expr: Expr | undefined, span: Span): number {
  if (expr === undefined) throw new SqlError("validate", "SQL_ARGUMENT_COUNT", `${fn} wants ${name}.`, span);
  const bound = new ExpressionBinder(new Scope([], null)).bind(expr);
  if (bound.type.root === "INTERVAL_YEAR_MONTH") {
    throw new SqlError(
      "plan",
      "SQL_WINDOW_UNIT",
      `${fn} only supports SECOND, MINUTE, HOUR, DAY as the time unit, not MONTH or YEAR.`,
      expr.span,
    );
  }
  if (bound.type.root !== "INTERVAL_DAY_TIME" || !isConstant(bound)) {
    throw new SqlError("validate", "SQL_ARGUMENT_TYPE", `${fn} wants a constant interval as ${name}.`, expr.span, {
      expected: "INTERVAL '5' MINUTE",
    });
  }
  return constantValue(bound) as number;
}
