/**
 * One aggregation while a SELECT is bound: collects keys, calls and the legacy group window, then stands in for them as a hook.
 *
 * Layout of the input: key expressions, then arguments and filters of the calls. Layout of the output: keys, calls, and with a group
 * window its start, end and time attribute. With several grouping sets an Expand lies before, whose id is one more key.
 */
import { BIGINT, isTimestamp, type LogicalType, typeName, withNullable, withoutTimeAttribute } from "../../types/logical-type.ts";
import type { CallExpr, Expr, GroupItem } from "../1-parse/ast.ts";
import type { Span } from "../1-parse/span.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import { AGGREGATE_FUNCTIONS } from "../functions/aggregates.ts";
import { belongsTo, type ParameterFamily } from "../functions/scalar-function.ts";
import { type BindHook, calciteName, ExpressionBinder, illegalNull } from "./bind-expression.ts";
import { type BoundTable, intervalMs } from "./bind-table.ts";
import type { AggregateCall, GroupWindow, Rel, RelColumn, WindowSpecification } from "./rel.ts";
import { project, windowBoundType } from "./rel-builder.ts";
import { inputRef, literalOf, type Rex, rexDigest } from "./rex.ts";
import { walk } from "./walk.ts";

const GROUP_WINDOWS = ["TUMBLE", "HOP", "SESSION"];
const WINDOW_PROPERTY = /^(TUMBLE|HOP|SESSION)_(START|END|ROWTIME|PROCTIME)$/;
const GROUPING = ["GROUPING", "GROUPING_ID", "GROUP_ID"];

export function isAggregateCall(expr: Expr): boolean {
  return expr.kind === "call" && expr.over === null && (AGGREGATE_FUNCTIONS.has(expr.name) || GROUPING.includes(expr.name));
}

export function containsAggregate(expr: Expr): boolean {
  let found = false;
  walk(expr, (part) => {
    if (isAggregateCall(part)) found = true;
    return !found;
  });
  return found;
}

interface CollectedCall {
  readonly digest: string;
  readonly call: Omit<AggregateCall, "args" | "filter">;
  readonly args: readonly Rex[];
  readonly filter: Rex | null;
}

export class Aggregation implements BindHook {
  private readonly from: BoundTable;
  private readonly binder: ExpressionBinder;
  private readonly keys: Rex[] = [];
  private readonly keyDigests: string[] = [];
  private readonly calls: CollectedCall[] = [];
  private sets: number[][] | null = null;
  private window: { readonly spec: WindowSpecification; readonly time: Rex; readonly digest: string } | null = null;
  private readonly span: Span;

  constructor(from: BoundTable, items: readonly GroupItem[], span: Span) {
    this.from = from;
    this.span = span;
    this.binder = new ExpressionBinder(from.scope);
    let sets: number[][] = [[]];
    let several = false;
    for (const item of items) {
      if (item.kind === "expr") {
        if (item.expr.kind === "call" && GROUP_WINDOWS.includes(item.expr.name)) {
          this.addWindow(item.expr);
        } else if (item.expr.kind === "literal") {
          continue;
        } else {
          const key = this.addKey(item.expr);
          sets = sets.map((set) => [...set, key]);
        }
        continue;
      }
      several = true;
      const alternatives = this.alternativesOf(item);
      sets = sets.flatMap((set) => alternatives.map((alternative) => [...set, ...alternative]));
    }
    if (several) this.sets = sets;
  }

  private alternativesOf(item: GroupItem): number[][] {
    if (item.kind === "expr") return [[this.addKey(item.expr)]];
    if (item.kind === "nestedSets") return item.items.flatMap((part) => this.alternativesOf(part));
    const parts = item.sets.map((set) => set.map((expr) => this.addKey(expr)));
    return item.kind === "sets" ? parts : item.kind === "rollup" ? rollup(parts) : cube(parts);
  }

  private addKey(expr: Expr): number {
    if (containsAggregate(expr))
      throw new SqlError("validate", "SQL_AGGREGATE", "Aggregate expression is illegal in GROUP BY clause.", expr.span);
    const rex = this.binder.bind(expr);
    const digest = rexDigest(rex);
    const known = this.keyDigests.indexOf(digest);
    if (known >= 0) return known;
    this.keyDigests.push(digest);
    return this.keys.push(rex) - 1;
  }

  private addWindow(call: CallExpr): void {
    if (this.window !== null) throw new SqlError("validate", "SQL_GROUP_WINDOW", "Only one group window is possible.", call.span);
    this.window = this.windowOf(call);
  }

  private windowOf(call: CallExpr): { spec: WindowSpecification; time: Rex; digest: string } {
    const name = call.name.split("_")[0];
    const time = this.binder.bind(call.args[0]);
    if (call.args.length !== (name === "HOP" ? 3 : 2)) {
      throw new SqlError(
        "validate",
        "SQL_ARGUMENT_COUNT",
        `${call.name} takes a time column and ${name === "HOP" ? "slide and size" : "one interval"}.`,
        call.span,
      );
    }
    if (!isTimestamp(time.type)) {
      throw new SqlError(
        "validate",
        "SQL_TIME_ATTRIBUTE",
        `Group window ${name} requires a time attribute, but got ${typeName(time.type)}.`,
        call.args[0].span,
      );
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
    const interval = (i: number): number => intervalMs(name, i === 1 && name === "HOP" ? "slide" : "size", call.args[i], call.span);
    const spec: WindowSpecification =
      name === "TUMBLE"
        ? { kind: "tumble", sizeMs: interval(1), offsetMs: 0 }
        : name === "HOP"
          ? { kind: "hop", slideMs: interval(1), sizeMs: interval(2), offsetMs: 0 }
          : { kind: "session", gapMs: interval(1), partition: [] };
    return { spec, time, digest: `${JSON.stringify(spec)}|${rexDigest(time)}` };
  }

  /** Notes the aggregate calls inside an expression. */
  collect(expr: Expr): void {
    walk(expr, (part) => {
      if (part.kind !== "call" || !isAggregateCall(part)) return true;
      if (!GROUPING.includes(part.name)) this.addCall(part);
      return false;
    });
  }

  private addCall(expr: CallExpr): number {
    const fn = AGGREGATE_FUNCTIONS.get(expr.name)!;
    if (expr.withinGroup !== null) {
      throw new SqlError(
        "validate",
        "SQL_WITHIN_GROUP",
        `Aggregate expression '${expr.name}' must not contain a WITHIN GROUP clause.`,
        expr.span,
      );
    }
    for (const arg of expr.args) {
      if (containsAggregate(arg)) throw new SqlError("validate", "SQL_AGGREGATE", "Aggregate expressions cannot be nested.", arg.span);
    }
    const args = expr.star ? [] : expr.args.map((arg) => this.binder.bind(arg));
    const literalNull = args.findIndex((arg) => arg.kind === "literal" && arg.value === null && arg.type.root === "NULL");
    if (literalNull >= 0) throw illegalNull(expr.args[literalNull].span);
    if (fn.name === "COUNT" && args.length > 1) {
      throw new SqlError("plan", "SQL_COUNT", "We now only support the count of one field.", expr.span);
    }
    const least = fn.parameters.filter((family) => !family.endsWith("?")).length;
    if (expr.star ? fn.name !== "COUNT" : args.length < Math.max(least, 1) || args.length > fn.parameters.length) {
      throw new SqlError("validate", "SQL_ARGUMENT_COUNT", `Invalid number of arguments to function '${fn.name}'.`, expr.span);
    }
    args.forEach((arg, i) => {
      const family = fn.parameters[i].replace("?", "") as ParameterFamily;
      if (!belongsTo(arg.type, family)) {
        throw new SqlError(
          "validate",
          "SQL_ARGUMENT_TYPE",
          `Cannot apply '${fn.name}' to arguments of type '${fn.name}(<${calciteName(arg.type)}>)'.`,
          expr.span,
          {
            expected: `${fn.name}(<${family.toUpperCase()}>)`,
          },
        );
      }
    });
    if ((fn.name === "MIN" || fn.name === "MAX") && ["ARRAY", "MAP", "MULTISET", "ROW"].includes(args[0].type.root)) {
      throw new SqlError(
        "plan",
        "SQL_AGGREGATE_TYPE",
        `${fn.name} aggregate function does not support type: '${args[0].type.root}'.`,
        expr.span,
      );
    }
    const filter = expr.filter === null ? null : this.binder.bind(expr.filter);
    const digest = `${fn.name}|${expr.distinct}|${args.map(rexDigest).join(",")}|${filter === null ? "" : rexDigest(filter)}`;
    const known = this.calls.findIndex((call) => call.digest === digest);
    if (known >= 0) return known;
    const type = fn.result(args.map((arg) => arg.type));
    // A sum without GROUP BY, or with a filter, may be of nothing; otherwise it is NULL only if its argument can be.
    const never =
      fn.name === "COUNT" ||
      fn.name === "COLLECT" ||
      (this.keys.length + (this.window === null ? 0 : 1) > 0 &&
        filter === null &&
        args[0]?.type.nullable === false &&
        !/^(STDDEV|VAR)/.test(fn.name));
    return this.calls.push({ digest, call: { fn, distinct: expr.distinct, type: withNullable(type, !never) }, args, filter }) - 1;
  }

  build(): Rel {
    const exprs: Rex[] = [...this.keys];
    const indexOf = (rex: Rex): number => {
      const digest = rexDigest(rex);
      const at = exprs.findIndex((candidate, i) => i >= this.keys.length && rexDigest(candidate) === digest);
      return at >= 0 ? at : exprs.push(rex) - 1;
    };
    const calls = this.calls.map(
      ({ call, args, filter }): AggregateCall => ({
        ...call,
        args: args.map(indexOf),
        filter: filter === null ? -1 : indexOf(filter),
      }),
    );
    const timeField = this.window === null ? -1 : exprs.push(this.window.time) - 1;
    const names = exprs.map((_, i) => `$f${i}`);
    const projected = project(this.from.rel, exprs, names);
    const keyCount = this.keys.length;
    let input: Rel = projected;
    const keys = this.keys.map((_, i) => i);
    const columns: RelColumn[] = this.keys.map((key, i) => ({ name: names[i], type: this.keyType(key.type) }));
    if (this.sets !== null) {
      const ids = this.sets.map((set) => keys.reduce((id, key) => id * 2 + (set.includes(key) ? 0 : 1), 0));
      const expandColumns = projected.columns.map((column, i) =>
        i < keyCount && this.sets!.some((set) => !set.includes(i)) ? { ...column, type: withNullable(column.type, true) } : column,
      );
      input = {
        kind: "expand",
        input: projected,
        keys: [...keys],
        sets: this.sets,
        ids,
        columns: [...expandColumns, { name: "$e", type: withNullable(BIGINT, false) }],
      };
      keys.push(expandColumns.length);
      for (let i = 0; i < keyCount; i++) columns[i] = { name: names[i], type: this.keyType(expandColumns[i].type) };
      columns.push({ name: "$e", type: withNullable(BIGINT, false) });
    }
    columns.push(...calls.map((call, i) => ({ name: `$a${i}`, type: call.type })));
    let groupWindow: GroupWindow | null = null;
    if (this.window !== null) {
      const timeType = this.window.time.type;
      const bound = windowBoundType(timeType);
      const timeAttribute = timeType.timeAttribute ?? "ROWTIME";
      groupWindow = { spec: this.window.spec, timeField, timeAttribute };
      columns.push({ name: "$start", type: bound }, { name: "$end", type: bound });
      columns.push({ name: "$time", type: { ...withNullable(withoutTimeAttribute(timeType), false), timeAttribute } });
    }
    return { kind: "aggregate", input, keys, calls, groupWindow, columns, span: this.span };
  }

  /** Time attributes survive as keys: a window TVF's columns pass through GROUP BY. */
  private keyType(type: LogicalType): LogicalType {
    return type;
  }

  private get callOffset(): number {
    return this.keys.length + (this.sets === null ? 0 : 1);
  }

  private keyField(index: number): Rex {
    const type = this.keyType(this.keys[index].type);
    const dropped = this.sets?.some((set) => !set.includes(index)) ?? false;
    return inputRef(index, dropped ? withNullable(type, true) : type);
  }

  expression(expr: Expr, binder: ExpressionBinder): Rex | null {
    if (expr.kind === "call" && isAggregateCall(expr)) {
      if (GROUPING.includes(expr.name)) return this.grouping(expr, binder);
      const index = this.addCall(expr);
      return inputRef(this.callOffset + index, this.calls[index].call.type);
    }
    if (expr.kind === "call" && WINDOW_PROPERTY.test(expr.name) && expr.over === null) return this.windowProperty(expr);
    if (expr.kind === "call" && expr.name === "$FIELD") return this.ungrouped(String(expr.options.name), expr.span);
    if (expr.kind === "literal" || expr.kind === "interval" || expr.kind === "unit" || (expr.kind === "call" && expr.over !== null))
      return null;
    if (containsAggregate(expr) || containsProperty(expr)) return null;
    const rex = this.binder.bind(expr);
    const key = this.keyDigests.indexOf(rexDigest(rex));
    if (key >= 0) return this.keyField(key);
    if (expr.kind === "name") return rex.kind === "outer" ? null : this.ungrouped(expr.parts.map((part) => part.name).join("."), expr.span);
    return null;
  }

  private ungrouped(name: string, span: Span): never {
    throw new SqlError("validate", "SQL_NOT_GROUPED", `Expression '${name}' is not being grouped.`, span, {
      found: name,
      hint: "Add it to GROUP BY or put it into an aggregate such as MAX.",
    });
  }

  private windowProperty(expr: CallExpr): Rex {
    const property = expr.name.split("_")[1];
    const wanted = this.windowOf(expr);
    if (this.window === null || this.window.digest !== wanted.digest) {
      throw new SqlError(
        "validate",
        "SQL_GROUP_WINDOW",
        `Call to auxiliary group function '${expr.name}' must have matching call to group function '$${expr.name.split("_")[0]}' in GROUP BY clause.`,
        expr.span,
      );
    }
    const base = this.callOffset + this.calls.length;
    const timeType = this.window.time.type;
    if (property === "START" || property === "END") return inputRef(base + (property === "START" ? 0 : 1), windowBoundType(timeType));
    const timeAttribute = property as "ROWTIME" | "PROCTIME";
    return inputRef(base + 2, { ...withNullable(withoutTimeAttribute(timeType), false), timeAttribute });
  }

  /** Bits of the grouping id, most significant first. */
  private grouping(expr: CallExpr, _binder: ExpressionBinder): Rex {
    const keys = expr.args.map((arg) => {
      const key = this.keyDigests.indexOf(rexDigest(this.binder.bind(arg)));
      if (key < 0) throw new SqlError("validate", "SQL_NOT_GROUPED", `Argument of ${expr.name} must be grouped.`, arg.span);
      return key;
    });
    if (this.sets === null) return literalOf(0, withNullable(BIGINT, false));
    return groupingBits(inputRef(this.keys.length, withNullable(BIGINT, false)), this.keys.length, keys);
  }
}

function groupingBits(id: Rex, keyCount: number, keys: readonly number[]): Rex {
  const type = withNullable(BIGINT, false);
  return {
    kind: "call",
    fn: {
      name: `GROUPING:${keyCount}:${keys.join(",")}`,
      parameters: [{ name: "id", family: "integer" }],
      result: () => type,
      implement: () => (value: number) => keys.reduce((bits, key) => bits * 2 + (Math.floor(value / 2 ** (keyCount - 1 - key)) % 2), 0),
      operator: true,
      description: "Which of the keys are missing in this grouping set.",
      examples: [],
    },
    args: [id],
    type,
    options: {},
  };
}

function containsProperty(expr: Expr): boolean {
  let found = false;
  walk(expr, (part) => {
    if (part.kind === "call" && (WINDOW_PROPERTY.test(part.name) || part.over !== null)) found = true;
    return !found;
  });
  return found;
}

function rollup(parts: readonly number[][]): number[][] {
  return Array.from({ length: parts.length + 1 }, (_, i) => parts.slice(0, parts.length - i).flat());
}

function cube(parts: readonly number[][]): number[][] {
  if (parts.length === 0) return [[]];
  const rest = cube(parts.slice(1));
  return [...rest.map((set) => [...parts[0], ...set]), ...rest];
}
