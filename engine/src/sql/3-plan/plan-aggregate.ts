/** Aggregations: over windows where the rows carry one, legacy group windows, else unbounded. */
import { SqlError } from "../1-parse/sql-error.ts";
import type { Aggregate, Rel, WindowSpecification } from "../2-analyze/rel.ts";
import { inputRef } from "../2-analyze/rex.ts";
import { AggregateHandler } from "../5-execute/aggregate-handler.ts";
import { CalcOperator } from "../5-execute/operators/calc-operator.ts";
import { GroupAggregateOperator } from "../5-execute/operators/group-aggregate.ts";
import { SessionWindowAggregateOperator } from "../5-execute/operators/session-window-aggregate.ts";
import { SlicingWindowAggregateOperator, type WindowAggregateOptions } from "../5-execute/operators/slicing-window-aggregate.ts";
import { ALL_CHANGES, type Distribution, INSERT_ONLY, isInsertOnly, type PhysicalNode } from "./physical.ts";
import type { Planner } from "./planner.ts";
import { type StrippedWindow, stripWindow } from "./strip-window.ts";
import { groupsByWindow, type WindowProperties, windowPropertiesOf } from "./window-properties.ts";

type Property = "start" | "end" | "time";

export function planAggregate(planner: Planner, rel: Aggregate): PhysicalNode {
  if (rel.groupWindow !== null) return planGroupWindow(planner, rel);
  const properties = windowPropertiesOf(rel.input);
  if (properties !== null && groupsByWindow(rel.keys, properties)) return planWindowAggregate(planner, rel, properties);
  return planGroupAggregate(planner, rel);
}

function distributionOf(keys: readonly number[]): Distribution {
  return keys.length === 0 ? { kind: "single" } : { kind: "hash", keys };
}

function planGroupAggregate(planner: Planner, rel: Aggregate): PhysicalNode {
  const input = planner.plan(rel.input);
  const retract = !isInsertOnly(input.changelog);
  const types = rel.input.columns.map((column) => column.type);
  const distinctOnly = rel.calls.length === 0 && !retract;
  const { session } = planner;
  return {
    name: "GroupAggregate",
    detail: `groupBy=[${names(rel.input, rel.keys)}], select=[${rel.columns.map((column) => column.name).join(", ")}]`,
    columns: rel.columns,
    changelog: distinctOnly ? INSERT_ONLY : retract ? ALL_CHANGES : { updates: true, deletes: false },
    upsertKey: rel.keys.map((_, i) => i),
    body: {
      kind: "one",
      input,
      distribution: distributionOf(rel.keys),
      create: () =>
        new GroupAggregateOperator(session, {
          keys: rel.keys,
          handler: new AggregateHandler(rel.calls, types, retract),
          ttlMs: planner.ttlOf(rel),
          updateBefore: true,
        }),
    },
  };
}

function names(rel: Rel, fields: readonly number[]): string {
  return fields.map((field) => rel.columns[field].name).join(", ");
}

function planGroupWindow(planner: Planner, rel: Aggregate): PhysicalNode {
  const input = planner.plan(rel.input);
  const window = rel.groupWindow!;
  const time = rel.input.columns[window.timeField].type;
  const retract = !isInsertOnly(input.changelog);
  return windowNode(planner, {
    name: "GroupWindowAggregate",
    rel,
    input,
    keys: rel.keys,
    spec: window.spec,
    timeField: window.timeAttribute === "PROCTIME" ? -1 : window.timeField,
    attached: null,
    localTime: time.root === "TIMESTAMP_LTZ" && window.timeAttribute === "ROWTIME",
    properties: ["start", "end", "time"],
    retract,
    types: rel.input.columns.map((column) => column.type),
    calls: rel.calls,
  });
}

interface WindowNode {
  readonly name: string;
  readonly rel: Aggregate;
  readonly input: PhysicalNode;
  readonly keys: readonly number[];
  readonly spec: WindowSpecification;
  readonly timeField: number;
  readonly attached: WindowAggregateOptions["attached"];
  readonly localTime: boolean;
  readonly properties: readonly Property[];
  readonly retract: boolean;
  readonly types: readonly Aggregate["columns"][number]["type"][];
  readonly calls: Aggregate["calls"];
}

/** Output: keys, aggregates, properties. */
function windowNode(planner: Planner, node: WindowNode): PhysicalNode {
  const { keys, spec, timeField, properties, rel } = node;
  const { session } = planner;
  const create = () => {
    const handler = new AggregateHandler(node.calls, node.types, node.retract);
    if (spec.kind === "session")
      return new SessionWindowAggregateOperator(session, { keys, handler, gapMs: spec.gapMs, timeField, properties });
    return new SlicingWindowAggregateOperator(session, {
      keys,
      handler,
      spec,
      timeField,
      attached: node.attached,
      localTime: node.localTime,
      properties,
    });
  };
  return {
    name: node.name,
    detail: `groupBy=[${keys.map((key) => node.input.columns[key].name).join(", ")}], window=[${describeWindow(spec)}]`,
    columns: rel.columns,
    changelog: INSERT_ONLY,
    upsertKey: null,
    body: { kind: "one", input: node.input, distribution: distributionOf(keys), create },
  };
}

function describeWindow(spec: WindowSpecification): string {
  switch (spec.kind) {
    case "tumble":
      return `TUMBLE(size=[${spec.sizeMs} ms])`;
    case "hop":
      return `HOP(size=[${spec.sizeMs} ms], slide=[${spec.slideMs} ms])`;
    case "cumulate":
      return `CUMULATE(max_size=[${spec.sizeMs} ms], step=[${spec.stepMs} ms])`;
    case "session":
      return `SESSION(gap=[${spec.gapMs} ms])`;
  }
}

/**
 * GROUP BY window_start, window_end. Where only projections and filters that do not look at the window lie between, the table function
 * is not run at all: rows are sliced by their time. Else the rows' own window columns decide.
 */
function planWindowAggregate(planner: Planner, rel: Aggregate, window: WindowProperties): PhysicalNode {
  const windowFields = new Map<number, Property>();
  for (const field of window.starts) windowFields.set(field, "start");
  for (const field of window.ends) windowFields.set(field, "end");
  for (const field of window.times) windowFields.set(field, "time");
  const stripped = stripWindow(rel.input);
  const source: StrippedWindow | null = stripped !== null && argumentsSurvive(rel, stripped) ? stripped : null;
  if (source === null && window.spec.kind === "session") {
    throw new SqlError(
      "plan",
      "SQL_SESSION_WINDOW",
      "A SESSION window's own columns cannot be computed with before it is aggregated.",
      rel.span,
    );
  }
  const place = (field: number): number => (source === null ? field : (source.mapping[field] as number));
  const plainKeys = rel.keys.filter((key) => !windowFields.has(key));
  const keys = plainKeys.map(place);
  const input = planner.plan(source?.rel ?? rel.input);
  const calls =
    source === null
      ? rel.calls
      : rel.calls.map((call) => ({ ...call, args: call.args.map(place), filter: call.filter < 0 ? -1 : place(call.filter) }));
  const end = rel.keys.find((key) => windowFields.get(key) === "end")!;
  const start = rel.keys.find((key) => windowFields.get(key) === "start")!;
  const properties: Property[] = ["start", "end", "time"];
  const inner = windowNode(planner, {
    name: "WindowAggregate",
    rel,
    input,
    keys,
    spec: window.spec,
    timeField: window.timeAttribute === "PROCTIME" ? -1 : source === null ? end : source.timeField,
    attached: source === null ? [start, end] : null,
    localTime: window.localTime,
    properties,
    retract: !isInsertOnly(input.changelog),
    types: input.columns.map((column) => column.type),
    calls,
  });
  const base = keys.length + calls.length;
  const projection = rel.columns.map((column, i) => {
    if (i >= rel.keys.length) return inputRef(keys.length + i - rel.keys.length, column.type);
    const property = windowFields.get(rel.keys[i]);
    return inputRef(property === undefined ? plainKeys.indexOf(rel.keys[i]) : base + properties.indexOf(property), column.type);
  });
  const { session } = planner;
  return {
    name: "Calc",
    detail: `select=[${rel.columns.map((column) => column.name).join(", ")}]`,
    columns: rel.columns,
    changelog: INSERT_ONLY,
    upsertKey: null,
    body: { kind: "one", input: inner, distribution: { kind: "any" }, create: () => new CalcOperator(session, null, projection) },
  };
}

/** Aggregates over window columns, such as MAX(window_end), need the columns themselves. */
function argumentsSurvive(rel: Aggregate, stripped: StrippedWindow): boolean {
  return rel.calls.every((call) =>
    [...call.args, ...(call.filter < 0 ? [] : [call.filter])].every((field) => typeof stripped.mapping[field] === "number"),
  );
}
