/**
 * Aggregations. Where the rows carry the window they belong to and both of its bounds are keys, the aggregation is over windows: if only
 * projections and filters that do not look at the window lie between, the table function is not run at all and rows are put into slices by
 * their time; else the rows' own columns decide ("attached" windows). Everything else is an aggregation without end.
 *
 * Aggregates that can be put together run in two halves: before the exchange and behind it. Over windows always (unless the session says
 * no), without end with mini-batches only.
 */
import { SqlError } from "../1-parse/sql-error.ts";
import type { Span } from "../1-parse/span.ts";
import { castTo } from "../2-analyze/bind-expression.ts";
import type { Aggregate, AggregateCall, Hints, WindowSpecification } from "../2-analyze/rel.ts";
import { inputRef } from "../2-analyze/rex.ts";
import { AGGREGATE_FUNCTIONS } from "../functions/aggregates.ts";
import { byKeys, INSERTS, namesOf } from "./build.ts";
import { refuseEmitStrategyOfTableFunction } from "./emit-strategy.ts";
import { stateTtls } from "./hints.ts";
import type { GroupAggregate, PhysicalNode, Windowing, WindowAggregate, WindowProperty } from "./physical.ts";
import type { Planner } from "./planner.ts";
import { requireTimeAttribute } from "./time-attributes.ts";
import { containsKey, uniqueKeys } from "./unique-keys.ts";
import { type StrippedWindow, stripWindow } from "./strip-window.ts";
import { groupsByWindow, type WindowProperties, windowPropertiesOf } from "../2-analyze/window-properties.ts";

export function planAggregate(planner: Planner, rel: Aggregate, hints: Hints): PhysicalNode {
  const properties = windowPropertiesOf(rel.input);
  if (properties !== null && groupsByWindow(rel.keys, properties) && groupsBySession(rel, properties))
    return planWindowAggregate(planner, rel, properties);
  return planGroupAggregate(planner, rel, hints);
}

/** Sessions of other keys than the ones they were parted by are no windows of the groups: their rows are grouped without end. */
function groupsBySession(rel: Aggregate, { spec, starts, ends, times, partitionNames }: WindowProperties): boolean {
  if (spec.kind !== "session") return true;
  const keys = rel.keys.filter((key) => !starts.includes(key) && !ends.includes(key) && !times.includes(key));
  const names = new Set(keys.map((key) => rel.input.columns[key].name));
  return names.size === partitionNames.length && partitionNames.every((name) => names.has(name));
}

/** Calls of which a part can be computed before the exchange. */
export function mergeable(calls: readonly AggregateCall[]): boolean {
  return calls.every(({ fn }) => {
    if (fn.without !== undefined) return fn.without("merge") === null;
    return AGGREGATE_FUNCTIONS.has(plainName(fn.name)) && !WITHOUT_MERGE.has(plainName(fn.name));
  });
}

/** Without what a call says of NULLs: JSON_ARRAYAGG_ABSENT_ON_NULL. */
function plainName(name: string): string {
  return name.replace(/_(NULL|ABSENT)_ON_NULL$/, "");
}

/** Built-in functions of which two halves cannot be put together, and Flink's classes for them. */
const WITHOUT_MERGE: ReadonlyMap<string, string> = new Map([
  ["FIRST_VALUE", "FirstValue"],
  ["LAST_VALUE", "LastValue"],
  ["JSON_ARRAYAGG", "JsonArray"],
]);

/** Windows that share slices, or grow together, put accumulators together. */
export function refuseUnmergeable(spec: WindowSpecification, calls: readonly AggregateCall[], retract: boolean, span: Span): void {
  if (spec.kind === "tumble") return;
  for (const { fn } of calls) {
    const name = WITHOUT_MERGE.get(plainName(fn.name));
    if (name === undefined) continue;
    const which = `${name}${retract && name.endsWith("Value") ? "WithRetract" : ""}AggFunction`;
    throw new SqlError(
      "validate",
      "SQL_AGGREGATE_MERGE",
      `Could not find an implementation method 'merge' in class 'org.apache.flink.table.runtime.functions.aggregate.${which}' for function '${fn.name}' that matches the following signature:`,
      span,
      { found: fn.name, hint: "Windows that overlap or grow need functions that can be put together; over TUMBLE it can be used." },
    );
  }
}

/** A group that is one row is that row. */
function planOneRowGroups(planner: Planner, rel: Aggregate, plain: PhysicalNode): PhysicalNode | null {
  const passes = rel.calls.every(({ fn, filter }) => filter < 0 && /^(SUM|MIN|MAX)$/.test(fn.name));
  if (rel.keys.length === 0 || !passes || !containsKey(rel.keys, uniqueKeys(plain))) return null;
  const keys = rel.keys.map((key) => inputRef(key, plain.columns[key].type));
  const values = rel.calls.map(({ args: [arg], type }) => castTo(inputRef(arg, plain.columns[arg].type), type));
  const exprs = [...keys, ...values];
  const names = exprs.map((expr, i) => (expr.kind === "input" ? plain.columns[expr.index].name : rel.columns[i].name));
  return planner.calcOver(plain, exprs, null, names);
}

function planGroupAggregate(planner: Planner, rel: Aggregate, hints: Hints): PhysicalNode {
  const plain = planner.plan(rel.input);
  const row = planOneRowGroups(planner, rel, plain);
  if (row !== null) return row;
  const { options } = planner;
  const ttls = [...stateTtls(rel.hints).values(), ...stateTtls(hints).values()];
  const base = {
    keys: rel.keys,
    calls: rel.calls,
    retract: false,
    stateTtlMs: ttls.length === 0 ? null : ttls[0],
    changelog: INSERTS,
  } as const;
  const partialFinal = rel.partialFinal ?? "NONE";
  const twoPhase = options.miniBatch !== null && options.aggregatePhase !== "ONE_PHASE" && rel.calls.length > 0 && mergeable(rel.calls);
  if (!twoPhase) {
    const single: GroupAggregate = {
      kind: "GroupAggregate",
      input: byKeys(plain, rel.keys),
      phase: "SINGLE",
      partialFinal,
      columns: rel.columns,
      ...base,
    };
    return single;
  }
  const keys = rel.keys.map((_, i) => i);
  const incremental = options.incrementalAggregate ? incrementalOver(plain, rel) : null;
  const local: GroupAggregate = incremental ?? {
    kind: "GroupAggregate",
    input: plain,
    phase: "LOCAL",
    partialFinal,
    columns: rel.columns,
    ...base,
  };
  const global: GroupAggregate = {
    kind: "GroupAggregate",
    input: byKeys(local, keys),
    phase: "GLOBAL",
    partialFinal,
    columns: rel.columns,
    ...base,
    keys,
  };
  return global;
}

/**
 * Of a split aggregation in two phases, four steps: the second one, which keeps what the buckets hold, and the third, which gathers buckets, are one that
 * hands on what has changed (Flink: `IncrementalAggregateRule`). Null where there are no four steps.
 */
function incrementalOver(plain: PhysicalNode, rel: Aggregate): GroupAggregate | null {
  const isPartial = plain.kind === "GroupAggregate" && plain.phase === "GLOBAL" && plain.partialFinal === "PARTIAL";
  if (rel.partialFinal !== "FINAL" || !isPartial) return null;
  return { ...plain, phase: "INCREMENTAL", partialFinal: "NONE", finalKeys: rel.keys, columns: rel.columns };
}

function planWindowAggregate(planner: Planner, rel: Aggregate, window: WindowProperties): PhysicalNode {
  refuseEmitStrategyOfTableFunction(planner.options);
  refuseUnmergeable(window.spec, rel.calls, false, rel.span);
  const { spec: windows } = window;
  if (windows.kind === "hop" && windows.sizeMs % windows.slideMs !== 0) {
    throw new SqlError(
      "plan",
      "SQL_WINDOW_SIZE",
      `HOP table function based aggregate requires size must be an integral multiple of slide, but got size ${windows.sizeMs} ms and slide ${windows.slideMs} ms`,
      rel.span,
    );
  }
  const windowFields = new Map<number, WindowProperty>();
  for (const field of window.starts) windowFields.set(field, "start");
  for (const field of window.ends) windowFields.set(field, "end");
  for (const field of window.times) windowFields.set(field, "time");
  const stripped = stripWindow(rel.input);
  const source: StrippedWindow | null = stripped !== null && argumentsSurvive(rel, stripped) ? stripped : null;
  const place = (field: number): number => (source === null ? field : (source.mapping[field] as number));
  const plainKeys = rel.keys.filter((key) => !windowFields.has(key));
  const keys = plainKeys.map(place);
  const plain = planner.plan(source?.rel ?? rel.input);
  if (source !== null) requireTimeAttribute(plain, source.timeField, rel.span);
  const calls =
    source === null
      ? rel.calls
      : rel.calls.map((call) => ({ ...call, args: call.args.map(place), filter: call.filter < 0 ? -1 : place(call.filter) }));
  const spec =
    window.spec.kind === "session" && source !== null ? { ...window.spec, partition: sessionPartition(rel, source, window) } : window.spec;
  const windowing: Windowing = {
    spec,
    origin:
      source === null
        ? {
            kind: "attached",
            start: rel.keys.find((key) => windowFields.get(key) === "start")!,
            end: rel.keys.find((key) => windowFields.get(key) === "end")!,
          }
        : { kind: "time", field: source.timeField, attribute: window.timeAttribute },
    localTime: window.localTime,
    attribute: window.timeAttribute,
  };
  const properties = rel.keys.flatMap((key, i) => {
    const property = windowFields.get(key);
    return property === undefined ? [] : [{ property, name: rel.columns[i].name, type: rel.columns[i].type }];
  });
  // Start, end and time in this order, whichever way they are grouped by; each once.
  const order: WindowProperty[] = ["start", "end", "time"];
  const given = order.flatMap((property) => properties.filter((each) => each.property === property).slice(0, 1));
  const keyColumns = rel.columns.filter((_, i) => i < rel.keys.length && !windowFields.has(rel.keys[i]));
  const node = windowNode(planner, rel, plain, { keys, keyColumns, calls, windowing, properties: given });
  const base = keys.length + calls.length;
  const projection = rel.columns.map((column, i) => {
    if (i >= rel.keys.length) return inputRef(keys.length + i - rel.keys.length, column.type);
    const property = windowFields.get(rel.keys[i]);
    const at = property === undefined ? plainKeys.indexOf(rel.keys[i]) : base + given.findIndex((each) => each.property === property);
    return inputRef(at, column.type);
  });
  return planner.calcOver(node, projection, null, namesOf(rel));
}

interface WindowParts {
  readonly keys: readonly number[];
  readonly keyColumns: Aggregate["columns"];
  readonly calls: readonly AggregateCall[];
  readonly windowing: Windowing;
  readonly properties: readonly {
    readonly property: WindowProperty;
    readonly name: string;
    readonly type: Aggregate["columns"][number]["type"];
  }[];
}

function windowNode(
  planner: Planner,
  rel: Aggregate,
  plain: PhysicalNode,
  { keys, keyColumns, calls, windowing, properties }: WindowParts,
): PhysicalNode {
  const callColumns = rel.columns
    .slice(rel.keys.length)
    .map((column, i) => (calls[i].name === null ? { ...column, name: `$f${keys.length + i}` } : column));
  const columns = [...keyColumns, ...callColumns, ...properties.map(({ name, type }) => ({ name, type }))];
  const base = {
    calls,
    retract: false,
    windowing,
    properties: properties.map(({ property, name }) => ({ property, name })),
    changelog: INSERTS,
  } as const;
  const twoPhase =
    planner.options.aggregatePhase !== "ONE_PHASE" &&
    windowing.spec.kind !== "session" &&
    windowing.attribute === "ROWTIME" &&
    mergeable(calls);
  if (!twoPhase) {
    const single: WindowAggregate = { kind: "WindowAggregate", input: byKeys(plain, keys), phase: "SINGLE", keys, columns, ...base };
    return single;
  }
  const local: WindowAggregate = { kind: "WindowAggregate", input: plain, phase: "LOCAL", keys, columns, ...base };
  const behind = keys.map((_, i) => i);
  const global: WindowAggregate = {
    kind: "WindowAggregate",
    input: byKeys(local, behind),
    phase: "GLOBAL",
    keys: behind,
    columns,
    ...base,
  };
  return global;
}

/** The columns of PARTITION BY where the table function is left out. */
function sessionPartition(rel: Aggregate, source: StrippedWindow, window: WindowProperties): number[] {
  const fields = window.partitionNames.map((name) => source.rel.columns.findIndex((column) => column.name === name));
  return fields.filter((field) => field >= 0 && rel.keys.length > 0);
}

/** Aggregates over window columns, such as MAX(window_end), need the columns themselves. */
function argumentsSurvive(rel: Aggregate, stripped: StrippedWindow): boolean {
  return rel.calls.every((call) =>
    [...call.args, ...(call.filter < 0 ? [] : [call.filter])].every((field) => typeof stripped.mapping[field] === "number"),
  );
}
