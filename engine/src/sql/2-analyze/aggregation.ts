/**
 * One aggregation while a SELECT is bound: collects keys and calls, then stands in for them as a hook.
 *
 * Layout of the input: key expressions, then arguments and filters of the calls, each once. Layout of the output: keys, calls. A legacy
 * group window is a key, `$TUMBLE(time, size)`; `TUMBLE_START(…)` above becomes a call over that key.
 */
import { BIGINT, isTimestamp, type LogicalType, typeName, withNullable } from "../../types/logical-type.ts";
import type { CallExpr, Expr, GroupItem, SelectItem } from "../1-parse/ast.ts";
import { printExpression } from "../1-parse/print.ts";
import type { Span } from "../1-parse/span.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import type { AggregateFunction } from "../functions/aggregate-function.ts";
import { AGGREGATE_FUNCTIONS } from "../functions/aggregates.ts";
import * as operators from "../functions/operators.ts";
import { belongsTo, familyName, type ParameterFamily } from "../functions/scalar-function.ts";
import { wrongArgumentCount } from "./argument-refusal.ts";
import { calciteArgument } from "./calcite-name.ts";
import { type BindHook, calciteName, callOf, ExpressionBinder, illegalNull } from "./bind-expression.ts";
import type { BoundTable } from "./bind-table.ts";
import { intervalMs } from "./bind-table-function.ts";
import { bindUserAggregate, bindUserCall, type NamedFunction, userAggregate } from "./bind-user-function.ts";
import { groupingFunction, groupWindowFunction } from "./grouping-functions.ts";
import type { QueryContext } from "./query-context.ts";
import type { Aggregate, AggregateCall, Hints, Rel, RelColumn, WindowSpecification } from "./rel.ts";
import { project, uniqueNames, windowBoundType, windowTimeType } from "./rel-builder.ts";
import { inputRef, isIdentity, type Rex, rexDigest } from "./rex.ts";
import { SubqueryHook } from "./subqueries.ts";
import { walk } from "./walk.ts";
import { refuseAlone } from "./window-functions.ts";

const GROUP_WINDOWS = ["TUMBLE", "HOP", "SESSION"];
const WINDOW_PROPERTY = /^(TUMBLE|HOP|SESSION)_(START|END|ROWTIME|PROCTIME)$/;
/** Types that MIN and MAX do not compare. */
const NOT_ORDERED: readonly string[] = ["ARRAY", "MAP", "MULTISET", "ROW", "BINARY", "VARBINARY"];
const GROUPING = ["GROUPING", "GROUPING_ID", "GROUP_ID"];

function refuseAggregate(fn: AggregateFunction, args: readonly Rex[], span: Span): void {
  const types = args.map((arg) => arg.type);
  const refusal = fn.refuse?.(types, args) ?? null;
  if (refusal === null) return;
  const shown = args.map((arg) => `<${calciteArgument(arg)}>`).join(", ");
  const forms = refusal.expected === undefined ? "" : ` Supported form(s): '${refusal.expected}'`;
  const message = refusal.message ?? `Cannot apply '${fn.name}' to arguments of type '${fn.name}(${shown})'.${forms}`;
  throw new SqlError(refusal.phase ?? "validate", "SQL_ARGUMENT_TYPE", message, span, { expected: refusal.expected });
}

export function isAggregateCall(expr: Expr, context: QueryContext): boolean {
  if (expr.kind !== "call" || expr.over !== null) return false;
  return AGGREGATE_FUNCTIONS.has(expr.name) || GROUPING.includes(expr.name) || userAggregate(expr, context) !== null;
}

export function containsAggregate(expr: Expr, context: QueryContext): boolean {
  let found = false;
  walk(expr, (part) => {
    if (isAggregateCall(part, context)) found = true;
    return !found;
  });
  return found;
}

interface CollectedCall {
  readonly digest: string;
  readonly call: Omit<AggregateCall, "args" | "filter" | "name">;
  readonly args: readonly Rex[];
  readonly filter: Rex | null;
}

interface BoundWindow {
  readonly spec: WindowSpecification;
  readonly time: Rex;
  readonly digest: string;
  /** Position among the keys. */
  readonly key: number;
}

export interface AggregationParts {
  readonly from: BoundTable;
  readonly context: QueryContext;
  readonly items: readonly GroupItem[];
  readonly select: readonly SelectItem[];
  readonly hints: Hints;
  readonly span: Span;
}

/** FILTER counts a row only when its condition is true. */
function filterTest(filter: Rex | null): Rex | null {
  return filter === null || !filter.type.nullable ? filter : callOf(operators.IS_TRUE, [filter]);
}

export class Aggregation implements BindHook {
  private readonly parts: AggregationParts;
  private readonly binder: ExpressionBinder;
  private readonly keys: Rex[] = [];
  private readonly keyDigests: string[] = [];
  private readonly keyNames: (string | null)[] = [];
  private readonly calls: CollectedCall[] = [];
  private sets: number[][] | null = null;
  private window: BoundWindow | null = null;
  /** What is wrong with the first column that is no key. */
  private notGrouped: SqlError | null = null;
  private readonly callNumbers = new Map<string, number>();
  /** Aliases of the select list by the text of what they name: keys and calls take their names from there. */
  private readonly aliases = new Map<string, string>();

  constructor(parts: AggregationParts) {
    this.parts = parts;
    this.binder = new ExpressionBinder(parts.from.scope, new SubqueryHook(parts.context));
    parts.select.forEach((item, i) => {
      if (item.expr.kind === "star") return;
      const alias = item.alias?.name ?? (item.expr.kind === "name" || item.expr.kind === "field" ? null : `EXPR$${i}`);
      if (alias !== null) this.aliases.set(printExpression(item.expr), alias);
    });
    let sets: number[][] = [[]];
    let several = false;
    for (const item of parts.items) {
      if (item.kind === "expr") {
        if (item.expr.kind === "literal") continue;
        const key = this.addKey(item.expr);
        sets = sets.map((set) => [...set, key]);
        continue;
      }
      several = true;
      const alternatives = this.alternativesOf(item);
      sets = sets.flatMap((set) => alternatives.map((alternative) => [...set, ...alternative]));
    }
    if (several) this.sets = distinctSets(sets);
  }

  private alternativesOf(item: GroupItem): number[][] {
    if (item.kind === "expr") return [[this.addKey(item.expr)]];
    if (item.kind === "nestedSets") return item.items.flatMap((part) => this.alternativesOf(part));
    const parts = item.sets.map((set) => set.map((expr) => this.addKey(expr)));
    return item.kind === "sets" ? parts : item.kind === "rollup" ? rollup(parts) : cube(parts);
  }

  private addKey(expr: Expr): number {
    if (expr.kind === "call" && GROUP_WINDOWS.includes(expr.name)) return this.addWindow(expr);
    if (containsAggregate(expr, this.parts.context))
      throw new SqlError("validate", "SQL_AGGREGATE", "Aggregate expression is illegal in GROUP BY clause.", expr.span);
    refuseAlone(expr, null);
    const rex = this.binder.bind(expr);
    const digest = rexDigest(rex);
    const known = this.keyDigests.indexOf(digest);
    if (known >= 0) return known;
    const column = rex.kind === "input" ? this.parts.from.rel.columns[rex.index].name : null;
    return this.pushKey(rex, digest, this.aliases.get(printExpression(expr)) ?? column);
  }

  private pushKey(rex: Rex, digest: string, name: string | null): number {
    this.keyDigests.push(digest);
    this.keyNames.push(name);
    return this.keys.push(rex) - 1;
  }

  private addWindow(call: CallExpr): number {
    const { intervals, ...window } = this.windowOf(call);
    if (this.window !== null) {
      if (this.window.digest === window.digest) return this.window.key;
      throw new SqlError("plan", "SQL_GROUP_WINDOW", "Only a single window group function may be used in GROUP BY", call.span);
    }
    const type = withNullable(window.time.type, window.time.type.nullable);
    const rex = callOf(groupWindowFunction(`$${call.name}`, type), [window.time, ...intervals], type, { spec: window.spec });
    const key = this.pushKey({ ...rex, type } as Rex, rexDigest(rex), null);
    this.window = { ...window, key };
    return key;
  }

  private windowOf(call: CallExpr): { spec: WindowSpecification; time: Rex; digest: string; intervals: readonly Rex[] } {
    const name = call.name.split("_")[0];
    const time = this.binder.bind(call.args[0]);
    const intervals = call.args.slice(1).map((arg) => this.binder.bind(arg));
    if (call.args.length !== (name === "HOP" ? 3 : 2)) {
      throw new SqlError(
        "validate",
        "SQL_ARGUMENT_COUNT",
        `Invalid number of arguments to function '$${name}'. Was expecting ${name === "HOP" ? 3 : 2} arguments`,
        call.span,
      );
    }
    if (!isTimestamp(time.type)) {
      throw new SqlError("validate", "SQL_TIME_ATTRIBUTE", cannotGroupBy(name, [time, ...intervals]), call.args[0].span);
    }
    if (time.kind === "input" && time.type.timeAttribute === undefined) {
      throw new SqlError(
        "plan",
        "SQL_TIME_ATTRIBUTE",
        `Window aggregate can only be defined over a time attribute column, but ${typeName(time.type)} encountered.`,
        call.args[0].span,
        {
          hint: "A time attribute is a column with a WATERMARK, or PROCTIME().",
        },
      );
    }
    if (intervals.some((interval) => !interval.type.root.startsWith("INTERVAL")))
      throw new SqlError("validate", "SQL_ARGUMENT_TYPE", cannotGroupBy(name, [time, ...intervals]), call.span);
    const interval = (i: number): number => intervalMs(name, i === 1 && name === "HOP" ? "slide" : "size", call.args[i], call.span);
    const spec: WindowSpecification =
      name === "TUMBLE"
        ? { kind: "tumble", sizeMs: interval(1), offsetMs: 0 }
        : name === "HOP"
          ? { kind: "hop", slideMs: interval(1), sizeMs: interval(2), offsetMs: 0 }
          : { kind: "session", gapMs: interval(1), partition: [] };
    return { spec, time, intervals, digest: `${JSON.stringify(spec)}|${rexDigest(time)}` };
  }

  /** Notes the aggregate calls inside an expression. */
  collect(expr: Expr): void {
    walk(expr, (part) => {
      if (part.kind !== "call" || !isAggregateCall(part, this.parts.context)) return true;
      if (GROUPING.includes(part.name)) this.addGrouping(part);
      else this.addCall(part);
      return false;
    });
  }

  private addCall(expr: CallExpr): number {
    const user = userAggregate(expr, this.parts.context);
    if (user !== null) return this.addUserCall(user, expr);
    const declared = AGGREGATE_FUNCTIONS.get(expr.name)!;
    if (expr.withinGroup !== null) {
      throw new SqlError(
        "validate",
        "SQL_WITHIN_GROUP",
        `Aggregate expression '${expr.name}' must not contain a WITHIN GROUP clause.`,
        expr.span,
      );
    }
    for (const arg of expr.args) {
      if (containsAggregate(arg, this.parts.context))
        throw new SqlError("validate", "SQL_AGGREGATE", "Aggregate expressions cannot be nested.", arg.span);
    }
    let args = expr.star ? [] : expr.args.map((arg) => this.binder.bind(arg));
    // What cannot be NULL is counted with the row.
    if (declared.name === "COUNT" && !expr.distinct && args.length === 1 && args[0].kind === "literal" && args[0].value !== null) args = [];
    const fn = declared.withOptions?.(expr.options, args) ?? declared;
    if (expr.distinct && declared.withOptions !== undefined)
      throw new SqlError("parse", "SQL_SYNTAX", "Incorrect syntax near the keyword 'DISTINCT'.", expr.span);
    const literalNull = args.findIndex((arg) => arg.kind === "literal" && arg.value === null && arg.type.root === "NULL");
    if (literalNull >= 0 && fn.nullArgument !== literalNull) throw illegalNull(expr.args[literalNull].span);
    if (fn.name === "COUNT" && args.length > 1) {
      throw new SqlError("plan", "SQL_COUNT", "We now only support the count of one field.", expr.span);
    }
    const least = fn.parameters.filter((family) => !family.endsWith("?")).length;
    if (expr.star && fn.name !== "COUNT")
      throw new SqlError("validate", "SQL_STAR", "Unknown identifier '*'", expr.span, { found: `${fn.name}(*)` });
    if (
      expr.star || args.length < expr.args.length
        ? fn.name !== "COUNT"
        : args.length < Math.max(least, 1) || args.length > fn.parameters.length
    ) {
      const families = fn.parameters.map((family) => `<${familyName(family.replace("?", "") as ParameterFamily)}>`);
      throw wrongArgumentCount(fn.name, args, { span: expr.span, forms: `${fn.name}(${families.join(", ")})` });
    }
    args.forEach((arg, i) => {
      const family = fn.parameters[i].replace("?", "") as ParameterFamily;
      if (!belongsTo(arg.type, family)) {
        throw new SqlError(
          "validate",
          "SQL_ARGUMENT_TYPE",
          `Cannot apply '${fn.name}' to arguments of type '${fn.name}(<${calciteArgument(arg)}>)'. Supported form(s): '${fn.name}(<${familyName(family)}>)'`,
          expr.span,
          {
            expected: `${fn.name}(<${familyName(family)}>)`,
          },
        );
      }
    });
    refuseAggregate(fn, args, expr.span);
    if (fn.name === "PERCENTILE" && args.length === 3) args = [args[0], callOf(operators.ROW, args.slice(1))];
    if ((fn.name === "MIN" || fn.name === "MAX") && NOT_ORDERED.includes(args[0].type.root)) {
      throw new SqlError(
        "plan",
        "SQL_AGGREGATE_TYPE",
        `${fn.name} aggregate function does not support type: '${args[0].type.root}'.`,
        expr.span,
      );
    }
    if (expr.filter !== null && containsAggregate(expr.filter, this.parts.context))
      throw new SqlError("validate", "SQL_AGGREGATE", "FILTER must not contain aggregate expression", expr.filter.span);
    const filter = expr.filter === null ? null : this.binder.bind(expr.filter);
    if (filter?.type.root === "NULL") throw illegalNull(expr.filter!.span);
    if (filter !== null && filter.type.root !== "BOOLEAN")
      throw new SqlError("validate", "SQL_CONDITION", "FILTER clause must be a condition", expr.filter!.span, {
        found: typeName(filter.type),
        expected: "BOOLEAN",
      });
    const test = filterTest(filter);
    const digest = `${fn.name}|${expr.distinct}|${args.map(rexDigest).join(",")}|${test === null ? "" : rexDigest(test)}`;
    const known = this.callNumbers.get(digest);
    if (known !== undefined) return known;
    this.callNumbers.set(digest, this.calls.length);
    const type = fn.result(args.map((arg) => arg.type));
    // A sum without GROUP BY, or with a filter, may be of nothing; otherwise it is NULL only if its argument can be.
    const never =
      fn.name === "COUNT" ||
      fn.name === "COLLECT" ||
      fn.neverNullable === true ||
      // Of no rows LISTAGG is NULL all the same, as in Flink: then what is NOT NULL holds NULL.
      (fn.name === "LISTAGG" && args[0].type.nullable === false) ||
      (fn.name === "ARRAY_AGG" && args[0].type.nullable === false && filter === null) ||
      (fn.alwaysNullable !== true &&
        this.keys.length > 0 &&
        filter === null &&
        this.sets?.some((set) => set.length === 0) !== true &&
        args[0]?.type.nullable === false &&
        !/^(STDDEV|STDDEV_SAMP|VAR_SAMP|VARIANCE)$/.test(fn.name));
    return this.calls.push({ digest, call: { fn, distinct: expr.distinct, type: withNullable(type, !never) }, args, filter: test }) - 1;
  }

  private addUserCall(named: NamedFunction, expr: CallExpr): number {
    for (const arg of expr.args) {
      if (containsAggregate(arg, this.parts.context))
        throw new SqlError("validate", "SQL_AGGREGATE", "Aggregate expressions cannot be nested.", arg.span);
    }
    const { fn, args } = bindUserAggregate(named, expr, this.binder);
    const filter = filterTest(expr.filter === null ? null : this.binder.bind(expr.filter));
    const digest = `${fn.name}|${expr.distinct}|${args.map(rexDigest).join(",")}|${filter === null ? "" : rexDigest(filter)}`;
    const known = this.callNumbers.get(digest);
    if (known !== undefined) return known;
    this.callNumbers.set(digest, this.calls.length);
    return (
      this.calls.push({ digest, call: { fn, distinct: expr.distinct, type: fn.result(args.map((arg) => arg.type)) }, args, filter }) - 1
    );
  }

  private addGrouping(expr: CallExpr): number {
    if (this.keys.length === 0)
      throw new SqlError("validate", "SQL_NOT_GROUPED", `${expr.name} operator may only occur in an aggregate query`, expr.span);
    const grouping = expr.args.map((arg) => {
      const key = this.keyDigests.indexOf(rexDigest(this.binder.bind(arg)));
      if (key < 0) {
        const name = printExpression(arg);
        throw new SqlError("validate", "SQL_NOT_GROUPED", `Argument to ${expr.name} operator must be a grouped expression`, arg.span, {
          found: name,
        });
      }
      return key;
    });
    const digest = `${expr.name}|${grouping.join(",")}`;
    const known = this.callNumbers.get(digest);
    if (known !== undefined) return known;
    this.callNumbers.set(digest, this.calls.length);
    const fn = groupingFunction(expr.name);
    return (
      this.calls.push({ digest, call: { fn, distinct: false, type: withNullable(BIGINT, false), grouping }, args: [], filter: null }) - 1
    );
  }

  build(): Rel {
    const { from, hints, span, select } = this.parts;
    const exprs: Rex[] = [...this.keys];
    const names: string[] = this.keyNames.map((name, i) => name ?? `$f${i}`);
    const places = new Map<string, number>();
    exprs.forEach((expr, i) => {
      const digest = rexDigest(expr);
      if (!places.has(digest)) places.set(digest, i);
    });
    const indexOf = (rex: Rex): number => {
      const digest = rexDigest(rex);
      const at = places.get(digest);
      if (at !== undefined) return at;
      places.set(digest, exprs.length);
      names.push(rex.kind === "input" ? from.rel.columns[rex.index].name : `$f${exprs.length}`);
      return exprs.push(rex) - 1;
    };
    const named = new Map<number, string>();
    for (const item of select) {
      if (item.expr.kind !== "call" || !isAggregateCall(item.expr, this.parts.context)) continue;
      const index = GROUPING.includes(item.expr.name) ? this.addGrouping(item.expr) : this.addCall(item.expr);
      const alias = this.aliases.get(printExpression(item.expr));
      if (alias !== undefined) named.set(index, alias);
    }
    const calls = this.calls.map(
      ({ call, args, filter }, i): AggregateCall => ({
        ...call,
        args: args.map(indexOf),
        filter: filter === null ? -1 : indexOf(filter),
        name: named.get(i) ?? null,
      }),
    );
    const input =
      exprs.length === 0 || isIdentity(exprs, from.rel.columns.length)
        ? from.rel
        : project(from.rel, exprs, uniqueNames(names), from.scope.correlation);
    const columns: RelColumn[] = this.keys.map((_, i) => ({ name: input.columns[i].name, type: this.keyType(i) }));
    columns.push(...calls.map((call, i) => ({ name: call.name ?? `$f${this.keys.length + i}`, type: call.type })));
    const aggregate: Aggregate = {
      kind: "aggregate",
      input,
      keys: this.keys.map((_, i) => i),
      sets: this.sets,
      calls,
      hints,
      columns,
      span,
    };
    return aggregate;
  }

  /** Keys that some grouping set lacks are NULL there. Time attributes survive as keys: a window TVF's columns pass through GROUP BY. */
  private keyType(index: number): LogicalType {
    const { type } = this.keys[index];
    const dropped = this.sets?.some((set) => !set.includes(index)) ?? false;
    return dropped ? withNullable(type, true) : type;
  }

  expression(expr: Expr, binder: ExpressionBinder): Rex | null {
    if (expr.kind === "call" && isAggregateCall(expr, this.parts.context)) {
      const index = GROUPING.includes(expr.name) ? this.addGrouping(expr) : this.addCall(expr);
      return inputRef(this.keys.length + index, this.calls[index].call.type);
    }
    if (expr.kind === "call" && WINDOW_PROPERTY.test(expr.name) && expr.over === null) return this.windowProperty(expr);
    if (expr.kind === "literal" || expr.kind === "interval" || expr.kind === "unit" || (expr.kind === "call" && expr.over !== null))
      return null;
    if (isSubquery(expr)) return new SubqueryHook(this.parts.context).expression(expr, binder);
    if (containsAggregate(expr, this.parts.context) || containsProperty(expr)) return this.userCall(expr, binder);
    const rex = this.binder.bind(expr);
    const key = this.keyDigests.indexOf(rexDigest(rex));
    if (key >= 0) return inputRef(key, this.keyType(key));
    if (expr.kind === "name")
      return rex.kind === "correl" ? null : this.ungrouped(rex, expr.parts.map((part) => part.name).join("."), expr.span);
    if (expr.kind === "call" && expr.name === "$FIELD")
      return this.ungrouped(rex, this.qualified(Number(expr.options.index), String(expr.options.name)), expr.span);
    return this.userCall(expr, binder);
  }

  /** A user's scalar function over keys and calls. */
  private userCall(expr: Expr, binder: ExpressionBinder): Rex | null {
    return expr.kind === "call" ? bindUserCall(expr, binder, this.parts.context) : null;
  }

  /** `*` stands for qualified names. */
  private qualified(index: number, name: string): string {
    const table = this.parts.from.scope.tables.find(({ columns }) => columns.some((column) => column.index === index));
    return table?.alias == null ? name : `${table.alias}.${name}`;
  }

  /** Notes a column that is no key, and lets it stand for its type until `requireGrouped`. */
  private ungrouped(rex: Rex, name: string, span: Span): Rex {
    this.notGrouped ??= new SqlError("validate", "SQL_NOT_GROUPED", `Expression '${name}' is not being grouped`, span, {
      found: name,
      hint: "Add it to GROUP BY or put it into an aggregate such as MAX.",
    });
    return rex;
  }

  /** To be called when a clause is bound. Calcite too looks for such columns last: what else is wrong with the clause it says first. */
  requireGrouped(): void {
    if (this.notGrouped !== null) throw this.notGrouped;
  }

  private windowProperty(expr: CallExpr): Rex {
    const property = expr.name.split("_")[1];
    const wanted = this.windowOf(expr);
    if (this.window === null || this.window.digest !== wanted.digest) {
      throw new SqlError(
        "validate",
        "SQL_GROUP_WINDOW",
        `Call to auxiliary group function '${expr.name}' must have matching call to group function '$${expr.name.split("_")[0]}' in GROUP BY clause`,
        expr.span,
      );
    }
    const timeType = this.window.time.type;
    const bounds = property === "START" || property === "END";
    const timeAttribute = property as "ROWTIME" | "PROCTIME";
    const timed = { ...withNullable(windowTimeType(timeType), property === "ROWTIME"), timeAttribute };
    const type = bounds ? windowBoundType() : timed;
    const key = inputRef(this.window.key, this.keyType(this.window.key));
    const call = callOf(groupWindowFunction(expr.name, type), [key], type, { property: property.toLowerCase() });
    return { ...call, type } as Rex;
  }
}

function cannotGroupBy(name: string, args: readonly Rex[]): string {
  const types = args.map(({ type, ...rex }) => {
    if (type.root === "INTERVAL_DAY_TIME" && "qualifier" in rex) return `<INTERVAL ${rex.qualifier}>`;
    return `<${calciteName(type)}>`;
  });
  const forms = name === "HOP" ? "<DATETIME>, <DATETIME_INTERVAL>, <DATETIME_INTERVAL>" : "<DATETIME>, <DATETIME_INTERVAL>";
  return `Cannot apply '$${name}' to arguments of type '$${name}(${types.join(", ")})'. Supported form(s): '$${name}(${forms})'`;
}

function isSubquery(expr: Expr): boolean {
  return expr.kind === "subquery" || expr.kind === "exists" || expr.kind === "quantified" || (expr.kind === "in" && expr.query !== null);
}

function containsProperty(expr: Expr): boolean {
  let found = false;
  walk(expr, (part) => {
    if (part.kind === "call" && (WINDOW_PROPERTY.test(part.name) || part.over !== null)) found = true;
    if (isSubquery(part)) found = true;
    return !found;
  });
  return found;
}

/** In Calcite's order: more keys before fewer, lower before higher; each set once. */
function distinctSets(sets: readonly number[][]): number[][] {
  const sorted = sets.map((set) => [...new Set(set)].sort((a, b) => a - b));
  const seen = new Set<string>();
  const distinct = sorted.filter((set) => {
    const digest = set.join(",");
    return !seen.has(digest) && seen.add(digest) !== undefined;
  });
  return distinct.sort((a, b) => {
    for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return a[i] - b[i];
    return b.length - a.length;
  });
}

function rollup(parts: readonly number[][]): number[][] {
  return Array.from({ length: parts.length + 1 }, (_, i) => parts.slice(0, parts.length - i).flat());
}

function cube(parts: readonly number[][]): number[][] {
  if (parts.length === 0) return [[]];
  const rest = cube(parts.slice(1));
  return [...rest.map((set) => [...parts[0], ...set]), ...rest];
}
