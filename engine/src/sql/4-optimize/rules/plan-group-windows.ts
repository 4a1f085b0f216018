/**
 * `GROUP BY k, TUMBLE(ts, …)`: the window among the keys becomes a node of its own kind, and TUMBLE_START(key) above it one of the fields
 * that the node appends (start, end, rowtime, proctime).
 */
import { typeName, withNullable } from "../../../types/logical-type.ts";
import { SqlError } from "../../1-parse/sql-error.ts";
import type { Aggregate, GroupWindow, Rel, RelColumn, WindowAggregate } from "../../2-analyze/rel.ts";
import { filter, namesOf, project, windowBoundType, windowTimeType } from "../../2-analyze/rel-builder.ts";
import { inputRef, type Rex, rewriteRex, type RexCall } from "../../2-analyze/rex.ts";

const PROPERTIES = ["start", "end", "rowtime", "proctime"] as const;

/** Field of the window before: what reads it is one of the properties. */
interface Replaced {
  readonly rel: Rel;
  /** Per field of the aggregate before: its field now. */
  readonly mapping: readonly number[];
  readonly properties: number;
}

export function planGroupWindows(rel: Rel): Rel {
  if (rel.kind === "project" || rel.kind === "filter" || rel.kind === "aggregate") {
    const replaced = replace(rel);
    return replaced ?? rel;
  }
  return rel;
}

function windowCall(rel: Aggregate): { call: RexCall; at: number } | null {
  if (rel.input.kind !== "project") return null;
  for (const [at, key] of rel.keys.entries()) {
    const expr = rel.input.exprs[key];
    if (expr.kind === "call" && expr.fn.name.startsWith("$") && "spec" in expr.options) return { call: expr, at };
  }
  return null;
}

/** The aggregate, or filters and a projection above it. */
function replace(rel: Rel): Rel | null {
  if (rel.kind === "aggregate") {
    const made = windowAggregate(rel, false);
    // Without a property asked for, only the window's own key would be missing: what groups by it must project it away.
    return made === null ? null : withoutWindowKey(made, rel);
  }
  const chain: Rel[] = [];
  let below: Rel = rel;
  while (below.kind === "filter" || (below.kind === "project" && chain.every((part) => part.kind === "filter"))) {
    chain.push(below);
    below = below.input;
  }
  if (below.kind !== "aggregate") return null;
  const asks = chain.some((part) => expressions(part).some(mentionsProperty));
  const made = windowAggregate(below, asks);
  if (made === null) return null;
  let input = made.rel;
  let projected = false;
  for (const part of chain.reverse()) {
    // What stands above the projection reads its fields, not the aggregate's.
    if (part.kind === "filter") input = filter(input, projected ? part.condition : remapped(part.condition, made));
    else if (part.kind === "project") {
      const exprs = part.exprs.map((expr) => remapped(expr, made));
      input = { ...project(input, exprs, namesOf(part)), hints: part.hints };
      projected = true;
    }
  }
  if (projected) return input;
  const last = below;
  return project(
    input,
    last.columns.map((column, i) => inputRef(made.mapping[i] < 0 ? 0 : made.mapping[i], column.type)),
    namesOf(last),
  );
}

function withoutWindowKey(made: Replaced, rel: Aggregate): Rel {
  const fields = rel.columns.flatMap((column, i) =>
    made.mapping[i] < 0 ? [] : [{ rex: inputRef(made.mapping[i], column.type), name: column.name }],
  );
  return project(
    made.rel,
    fields.map(({ rex }) => rex),
    fields.map(({ name }) => name),
  );
}

function expressions(rel: Rel): readonly Rex[] {
  return rel.kind === "filter" ? [rel.condition] : rel.kind === "project" ? rel.exprs : [];
}

function mentionsProperty(rex: Rex): boolean {
  return rex.kind === "call" && ("property" in rex.options || rex.args.some(mentionsProperty));
}

function remapped(rex: Rex, made: Replaced): Rex {
  if (rex.kind === "call" && "property" in rex.options) {
    const at = PROPERTIES.indexOf(rex.options.property as (typeof PROPERTIES)[number]);
    return inputRef(made.properties + at, rex.type);
  }
  if (rex.kind === "input") return inputRef(made.mapping[rex.index], rex.type);
  if (rex.kind === "call") return { ...rex, args: rex.args.map((arg) => remapped(arg, made)) };
  return rewriteRex(rex, (part) => (part.kind === "input" ? inputRef(made.mapping[part.index], part.type) : part));
}

function windowAggregate(rel: Aggregate, properties: boolean): Replaced | null {
  const found = windowCall(rel);
  if (found === null || rel.input.kind !== "project") return null;
  if (rel.sets !== null) {
    throw new SqlError("plan", "SQL_GROUP_WINDOW", unsupportedCall(found.call), rel.span, {
      hint: "GROUPING SETS go with windows of table functions: GROUP BY window_start, window_end, GROUPING SETS (…).",
    });
  }
  const { call, at } = found;
  const [time] = call.args;
  if (time.kind === "input" && time.type.timeAttribute === undefined) {
    throw new SqlError(
      "plan",
      "SQL_TIME_ATTRIBUTE",
      `Window aggregate can only be defined over a time attribute column, but ${typeName(time.type)} encountered.`,
      rel.span,
      { found: typeName(time.type), hint: "A time attribute is a column with a WATERMARK, or PROCTIME()." },
    );
  }
  const below = rel.input;
  // The window's key column of the projection becomes the time attribute itself.
  const key = rel.keys[at];
  const exprs = below.exprs.map((expr, i) => (i === key ? time : expr));
  const names = namesOf(below).map((name, i) => (i === key ? timeName(below.input, time, i) : name));
  const input = project(below.input, exprs, names);
  const window: GroupWindow = {
    spec: call.options.spec as GroupWindow["spec"],
    timeField: key,
    timeAttribute: time.type.timeAttribute ?? "ROWTIME",
  };
  const keys = rel.keys.filter((_, i) => i !== at);
  const kept = rel.columns.flatMap((column, i) => (i === at ? [] : [column]));
  const timeType = windowTimeType(time.type);
  const appended: RelColumn[] = properties
    ? [
        { name: "w$start", type: windowBoundType() },
        { name: "w$end", type: windowBoundType() },
        { name: "w$rowtime", type: { ...withNullable(timeType, true), timeAttribute: "ROWTIME" } },
        { name: "w$proctime", type: { ...withNullable(timeType, true), timeAttribute: "PROCTIME" } },
      ]
    : [];
  const node: WindowAggregate = {
    kind: "windowAggregate",
    input,
    keys,
    calls: rel.calls,
    window,
    properties,
    columns: [...kept, ...appended],
    span: rel.span,
  };
  const mapping = rel.columns.map((_, i) => (i === at ? -1 : i > at ? i - 1 : i));
  return { rel: node, mapping, properties: kept.length };
}

function unsupportedCall({ fn, args }: RexCall): string {
  const types = args.map(({ type, ...rex }) => {
    if ("qualifier" in rex && type.root === "INTERVAL_DAY_TIME") return "INTERVAL SECOND(3) NOT NULL";
    const name = typeName({ ...type, timeAttribute: undefined });
    return type.timeAttribute === undefined ? name : `${name} *${type.timeAttribute}*`;
  });
  return `Unsupported call: ${fn.name}(${types.join(", ")})`;
}

function timeName(input: Rel, time: Rex, at: number): string {
  return time.kind === "input" ? input.columns[time.index].name : `$f${at}`;
}
