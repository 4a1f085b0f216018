/**
 * The plan sections of EXPLAIN: each node with its attributes as Flink's `explainTerms` gives them, in the physical style (with the changelog
 * mode) and in that of the execution plan.
 */
import { invocationText } from "./process-text.ts";
import { estimateText } from "../cost/estimates.ts";
import type { RelColumn, SortKey, WindowSpecification } from "../../2-analyze/rel.ts";
import { isIdentity, isTrue, type Rex } from "../../2-analyze/rex.ts";
import { aggregateCallsOf, allCallsOf, type LocalInput } from "./two-phase.ts";
import { afterText, patternText } from "./match-text.ts";
import { matchExpressionText } from "./match-expression-text.ts";
import { globalCalls, incrementalCalls, localCalls, wholeCalls } from "./aggregate-text.ts";
import type { ChangelogKinds, Join, JoinInputSpec, MultiJoin, PhysicalNode, RankStrategy, Windowing } from "../physical.ts";
import { isAsyncCorrelate } from "../split-async.ts";
import { rexText, type Style } from "./rex-text.ts";
import { hintText } from "./hint-text.ts";
import { tupleText } from "./logical-text.ts";
import { tableText } from "./table-text.ts";
import { rowTypeText, typeText } from "./type-text.ts";

export type PlanStyle = Exclude<Style, "logical">;

/** In the physical style, without the changelog mode: so nodes stand in messages. */
export function describeNode(node: PhysicalNode): string {
  return describe(node, "physical");
}

export function describe(node: PhysicalNode, style: PlanStyle): string {
  return render(nameOf(node, style), attributes(node, style));
}

/** What the physical section may show of a node besides its own attributes. */
export interface PhysicalExtras {
  readonly changelogMode: boolean;
  /** Rows and costs. */
  readonly estimatedCost: boolean;
  /** Number of the advice that concerns the node; null = none. */
  readonly adviceOf: (node: PhysicalNode) => number | null;
}

export function describePhysical(node: PhysicalNode, { changelogMode, estimatedCost, adviceOf }: PhysicalExtras): string {
  const advice = adviceOf(node);
  // With costs, types are left out of VALUES.
  const style = estimatedCost && node.kind === "Values" ? "execution" : "physical";
  const parts = [...(advice === null ? [] : [`advice=[${advice}]`]), ...attributes(node, style)];
  if (changelogMode) parts.push(`changelogMode=[${node.kind === "Sink" ? "NONE" : changelogText(node.changelog)}]`);
  const text = render(nameOf(node, "physical"), parts);
  return estimatedCost ? `${text}: ${estimateText(node)}` : text;
}

function render(name: string, parts: readonly string[]): string {
  return parts.length === 0 ? name : `${name}(${parts.join(", ")})`;
}

export function changelogText(kinds: ChangelogKinds): string {
  return ["I", ...(kinds.updateBefore ? ["UB"] : []), ...(kinds.updateAfter ? ["UA"] : []), ...(kinds.delete ? ["D"] : [])].join(",");
}

function nameOf(node: PhysicalNode, style: PlanStyle): string {
  switch (node.kind) {
    case "GroupAggregate":
    case "WindowAggregate": {
      const prefix = { SINGLE: "", LOCAL: "Local", GLOBAL: "Global", INCREMENTAL: "Incremental" }[node.phase];
      return `${prefix}${node.kind}`;
    }
    case "Rank":
      return style === "execution" && node.deduplicate !== null ? "Deduplicate" : "Rank";
    case "Calc":
      return node.isAsync === true ? "AsyncCalc" : "Calc";
    case "Correlate":
      return isAsyncCorrelate(node) ? "AsyncCorrelate" : "Correlate";
    case "ProcessTableFunction":
      return node.fn.aggregate === undefined ? node.kind : "GroupTableAggregate";
    default:
      return node.kind;
  }
}

function names(columns: readonly RelColumn[], fields: readonly number[]): string {
  return fields.map((field) => columns[field].name).join(", ");
}

function select(columns: readonly RelColumn[]): string {
  return `select=[${columns.map((column) => column.name).join(", ")}]`;
}

function orderText(columns: readonly RelColumn[], order: readonly SortKey[]): string {
  return order.map((key) => `${columns[key.field].name} ${key.descending ? "DESC" : "ASC"}`).join(", ");
}

/** With `a=[…]` in front, unless there is nothing to say. */
function given(key: string, value: string): string[] {
  return value === "" ? [] : [`${key}=[${value}]`];
}

function over(columns: readonly RelColumn[], style: PlanStyle) {
  return {
    style,
    field: (index: number): string => columns[index]?.name ?? `$${index}`,
    // What computes with a time attribute sees an ordinary timestamp.
    operand: (index: number): string => {
      const { name, type } = columns[index];
      if (type.timeAttribute === undefined) return name;
      return type.timeAttribute === "PROCTIME" ? `PROCTIME_MATERIALIZE(${name})` : `CAST(${name} AS ${typeText(type)})`;
    },
  };
}

function projectionText(projection: readonly Rex[], input: readonly RelColumn[], output: readonly RelColumn[], style: PlanStyle): string {
  return projection
    .map((expr, i) => {
      const text = rexText(expr, { ...over(input, style), role: "selected" });
      return text === output[i].name ? text : `${text} AS ${output[i].name}`;
    })
    .join(", ");
}

/** Conditions of joins compare time attributes as such. */
function conditionText(condition: Rex, columns: readonly RelColumn[], style: PlanStyle): string {
  return isTrue(condition) ? "true" : rexText(condition, { ...over(columns, style), operand: undefined, role: "join" });
}

function attributes(node: PhysicalNode, style: PlanStyle): string[] {
  switch (node.kind) {
    case "TableSourceScan": {
      const watermark = node.watermark < 0 ? "" : `, watermark=[${watermarkText(node, style)}]`;
      const fields = `fields=[${node.columns.map((column) => column.name).join(", ")}]`;
      const hints = node.hints.length === 0 ? [] : [`hints=[[${hintText(node.hints, "")}]]`];
      return [`table=[[${tableText(node.table)}${watermark}]]`, fields, ...hints];
    }
    case "Values": {
      const tuples = `tuples=[[${node.rows.map(tupleText).join(", ")}]]`;
      return style === "physical" ? [`type=[${rowTypeText(node.columns)}]`, tuples] : [tuples];
    }
    case "Calc": {
      const { columns } = node.input;
      const where = node.condition === null ? [] : [`where=[${rexText(node.condition, { ...over(columns, style), role: "condition" })}]`];
      return [`select=[${projectionText(node.projection, columns, node.columns, style)}]`, ...where];
    }
    case "Exchange": {
      const { distribution } = node;
      return [`distribution=[${distribution.kind === "single" ? "single" : `hash[${names(node.columns, distribution.keys)}]`}]`];
    }
    case "WatermarkAssigner":
      return [
        `rowtime=[${node.columns[node.field].name}]`,
        `watermark=[${node.expr === null ? "SOURCE_WATERMARK()" : rexText(node.expr, { ...over(node.columns, style), operand: undefined })}]`,
      ];
    case "MiniBatchAssigner":
      return [`interval=[${node.intervalMs}ms]`, `mode=[${node.mode}]`];
    case "ChangelogNormalize": {
      const condition = node.condition === null ? [] : [`condition=[${conditionText(node.condition, node.columns, style)}]`];
      return [`key=[${names(node.columns, node.keys)}]`, ...condition];
    }
    case "DropUpdateBefore":
      return [];
    case "Expand": {
      const { columns } = node.input;
      const copies = node.projects.map(
        (project) =>
          `{${project
            .map((expr, i) => {
              const text =
                expr.kind === "literal" ? (expr.value === null ? "null" : String(expr.value)) : rexText(expr, over(columns, style));
              return text === node.columns[i].name ? text : `${text} AS ${node.columns[i].name}`;
            })
            .join(", ")}}`,
      );
      return [`projects=[${copies.join(", ")}]`];
    }
    case "Correlate":
      return correlateAttributes(node, style);
    case "GroupAggregate":
      return groupAggregateAttributes(node);
    case "WindowAggregate":
      return windowAggregateAttributes(node);
    case "GroupWindowAggregate": {
      const { columns } = node.input;
      const keys = node.keys.map((key) => columns[key].name);
      const callNames = node.columns.slice(keys.length, keys.length + node.calls.length).map((column) => column.name);
      const times = node.timeAttribute === "ROWTIME" ? ["rowtime", "proctime"] : ["proctime"];
      const properties = node.properties ? ["start", "end", ...times] : [];
      const calls = wholeCalls({ calls: node.calls, input: columns, retract: node.retract }, callNames);
      const selected = [...keys, ...calls, ...properties.map((property) => `${property}('w$) AS w$${property}`)];
      return [
        ...given("groupBy", keys.join(", ")),
        `window=[${legacyWindowText(node.spec, columns[node.timeField].name)}]`,
        ...given("properties", properties.map((property) => `w$${property}`).join(", ")),
        `select=[${selected.join(", ")}]`,
        ...given("emit", emitText(node.emit)),
      ];
    }
    case "WindowTableFunction":
      return [`window=[${windowingText(node.windowing, node.input.columns)}]`];
    case "OverAggregate": {
      const { columns } = node.input;
      const frame = `${node.frame.unit} BETWEEN ${node.frame.preceding === null ? "UNBOUNDED" : node.frame.preceding} PRECEDING AND CURRENT ROW`;
      const width = columns.length;
      const calls = node.calls.map((call, i) => {
        const args = call.args.length === 0 ? "*" : call.args.map((arg) => rexText(arg, over(columns, "execution"))).join(", ");
        return `${call.name}(${call.distinct ? "DISTINCT " : ""}${args}) AS ${node.columns[width + i].name}`;
      });
      return [
        ...given("partitionBy", names(columns, node.partition)),
        `orderBy=[${orderText(columns, node.order)}]`,
        `window=[ ${frame}]`,
        `select=[${[...columns.map((column) => column.name), ...calls].join(", ")}]`,
      ];
    }
    case "Rank": {
      if (style === "execution" && node.deduplicate !== null) {
        const { keepLast, timeAttribute } = node.deduplicate;
        const inserts = !node.changelog.updateAfter && !node.changelog.delete;
        return [
          `keep=[${keepLast ? "LastRow" : "FirstRow"}]`,
          `key=[${names(node.columns, node.partition)}]`,
          `order=[${timeAttribute}]`,
          `outputInsertOnly=[${inserts}]`,
        ];
      }
      const { columns } = node.input;
      const { start, end } = node.range;
      const range = typeof end === "number" ? `rankStart=${start}, rankEnd=${end}` : `rankEnd=${columns[end.field].name}`;
      const rowtime = node.deduplicate?.timeAttribute === "ROWTIME" ? "ROWTIME " : "";
      return [
        `strategy=[${strategyText(node.strategy)}]`,
        `rankType=[${node.rankType}]`,
        `rankRange=[${range}]`,
        `partitionBy=[${names(columns, node.partition)}]`,
        `orderBy=[${rowtime}${orderText(columns, node.order)}]`,
        select(node.columns),
      ];
    }
    case "WindowRank": {
      const { columns } = node.input;
      return [
        `window=[${windowingText(node.windowing, columns)}]`,
        "rankType=[ROW_NUMBER]",
        `rankRange=[rankStart=${node.start}, rankEnd=${node.end}]`,
        `partitionBy=[${names(columns, node.partition)}]`,
        `orderBy=[${orderText(columns, node.order)}]`,
        select(node.columns),
      ];
    }
    case "WindowDeduplicate": {
      const { columns } = node.input;
      return [
        `window=[${windowingText(node.windowing, columns)}]`,
        `keep=[${node.keepLast ? "LastRow" : "FirstRow"}]`,
        `partitionKeys=[${names(columns, node.partition)}]`,
        `orderKey=[${columns[node.timeField].name}]`,
        "order=[ROWTIME]",
      ];
    }
    case "SortLimit":
      return [
        `orderBy=[${orderText(node.columns, node.order)}]`,
        `offset=[${node.offset}]`,
        `fetch=[${node.fetch}]`,
        `strategy=[${strategyText(node.strategy)}]`,
      ];
    case "Limit":
      return [`offset=[${node.offset}]`, `fetch=[${node.fetch}]`];
    case "TemporalSort":
      return [`orderBy=[${orderText(node.columns, node.order)}]`];
    case "Join": {
      const specs = [`leftInputSpec=[${specText(node.leftSpec)}]`, `rightInputSpec=[${specText(node.rightSpec)}]`];
      return [...joinAttributes(node, style), ...specs, ...(node.miniBatch ? ["miniBatch=[true]"] : [])];
    }
    case "MultiJoin":
      return multiJoinAttributes(node, style);
    case "IntervalJoin": {
      const bounds = `windowBounds=[isRowTime=${node.timeAttribute === "ROWTIME"}, leftLowerBound=${node.lowerMs}, leftUpperBound=${node.upperMs}, leftTimeIndex=${node.leftTime}, rightTimeIndex=${node.rightTime}]`;
      const [type, where, selected] = joinAttributes(node, style);
      return [type, bounds, where, selected];
    }
    case "WindowJoin": {
      const [type, where, selected] = joinAttributes(node, style);
      const windows = [
        `leftWindow=[${windowingText(node.leftWindowing, node.left.columns)}]`,
        `rightWindow=[${windowingText(node.rightWindowing, node.right.columns)}]`,
      ];
      return [...windows, type, where, selected];
    }
    case "TemporalJoin":
      return temporalJoinAttributes(node, style);
    case "LookupJoin": {
      const keys = node.keys.map(({ column, from }) => {
        const value = from.kind === "field" ? node.input.columns[from.field].name : rexText(from.rex, over([], style));
        return `${node.table.columns[column].name}=${value}`;
      });
      const table = node.table.columns;
      const where = node.tableCondition === null ? [] : [`where=[${conditionText(node.tableCondition, table, style)}]`];
      const condition = node.condition === null ? [] : [`joinCondition=[${conditionText(node.condition, node.columns, style)}]`];
      return [
        `table=[${tableText(node.table).replaceAll(", ", ".")}]`,
        `joinType=[${node.joinType === "left" ? "LeftOuterJoin" : "InnerJoin"}]`,
        `lookup=[${keys.join(", ")}]`,
        ...where,
        ...condition,
        `select=[${lookedUpColumns(node, style).join(", ")}]`,
        ...lookupModes(node),
      ];
    }
    case "Union":
      return ["all=[true]", `union=[${node.columns.map((column) => column.name).join(", ")}]`];
    case "ProcessTableFunction":
      if (node.fn.aggregate !== undefined) {
        const { columns } = node.inputs[0];
        const keys = node.through.map(({ field }) => columns[field].name);
        const args = node.fn.aggregate.args.map((arg) => columns[arg].name).join(", ");
        const call = `${node.fn.name}(${args}) AS (${node.fn.aggregate.names.join(", ")})`;
        return [...given("groupBy", keys.join(", ")), `select=[${[...keys, call].join(", ")}]`];
      }
      return [
        `invocation=[${invocationText(node)}]`,
        `uid=[${node.uid}]`,
        `select=[${node.columns.map((column) => column.name).join(",")}]`,
        `rowType=[${rowTypeText(node.columns)}]`,
      ];
    case "Match": {
      const { columns } = node.input;
      const measures = node.measures.map(({ name, rex }) => `FINAL(${matchExpressionText(rex, { style, columns })}) AS ${name}`);
      const defines = node.defines.map(({ variable, rex }) => `${variable}=${matchExpressionText(rex, { style: "logical", columns: [] })}`);
      return [
        ...given("partitionBy", names(columns, node.partition)),
        `orderBy=[${orderText(columns, node.order)}]`,
        `measures=[${measures.join(", ")}]`,
        "rowsPerMatch=[ONE ROW PER MATCH]",
        `after=[${afterText(node.after, "physical")}]`,
        `pattern=[${patternText(node.pattern)}]`,
        ...given("subset", node.subsets.map(({ name, members }) => `${name} = (${members.join(", ")})`).join(", ")),
        `define=[{${defines.join(", ")}}]`,
      ];
    }
    case "Sink": {
      const materialize = node.upsertMaterialize ? ["upsertMaterialize=[true]"] : [];
      const conflict = node.onConflict === null ? [] : [`conflictStrategy=[${node.onConflict}]`];
      return [
        `table=[${tableText(node.table).replaceAll(", ", ".")}]`,
        ...(node.targets === null ? [] : [`targetColumns=[${node.targets.map((column) => `[${column}]`).join(",")}]`]),
        `fields=[${node.columns.map((column) => column.name).join(", ")}]`,
        ...materialize,
        ...conflict,
      ];
    }
  }
}

function watermarkText(node: Extract<PhysicalNode, { kind: "TableSourceScan" }>, style: PlanStyle): string {
  const { watermark } = node.table;
  if (watermark === null || watermark.fromSource) return "SOURCE_WATERMARK()";
  return rexText(watermark.expr, { style, field: (index) => node.table.columns[index].name });
}

function correlateAttributes(node: Extract<PhysicalNode, { kind: "Correlate" }>, style: PlanStyle): string[] {
  const { columns } = node.input;
  const width = columns.length;
  const appended = node.columns.slice(width);
  const type = `joinType=[${node.outer ? "LEFT" : "INNER"}]`;
  const selected = `select=[${node.columns.map((column) => column.name).join(",")}]`;
  const rowType = `rowType=[${rowTypeText(node.columns.map((column) => ({ ...column, type: { ...column.type, timeAttribute: column.type.timeAttribute } })))}]`;
  const condition =
    node.condition === null ? [] : [`condition=[${rexText(node.condition, { style: "physical", field: (index) => `$${index}` })}]`];
  if (node.call.kind === "replicateRows") {
    const fn = "$REPLICATE_ROWS$1";
    const args = columns.map((column) => column.name);
    return [
      `invocation=[${fn}(${args.map((_, i) => `$${i}`).join(", ")})]`,
      `correlate=[table(${fn}(${args.join(",")}))]`,
      selected,
      rowType,
      type,
      ...condition,
    ];
  }
  const { id, collection, withOrdinality } = node.call;
  const fn = withOrdinality ? "$UNNEST_ROWS_WITH_ORDINALITY$1" : "$UNNEST_ROWS$1";
  const cor = (index: number): string => `$cor${id}.${columns[index].name}`;
  if (collection.kind === "call" && collection.fn.tableFunction === true) {
    // A table function of the user's shows itself.
    const isAsync = isAsyncCorrelate(node);
    const invocation = rexText(collection, { style: "physical", field: isAsync ? (index) => `$${index}` : cor });
    const called = rexText(collection, { style, field: isAsync ? (index) => columns[index].name : cor }).replaceAll(", ", ",");
    return [`invocation=[${invocation}]`, `correlate=[table(${called})]`, selected, rowType, type, ...condition];
  }
  const invocation = `${fn}(${rexText(collection, { style, field: cor })})`;
  return [
    `invocation=[${invocation}]`,
    `correlate=[table(${invocation})]`,
    appended.length === 0 ? select(node.columns) : selected,
    rowType,
    type,
    ...condition,
  ];
}

function groupAggregateAttributes(node: Extract<PhysicalNode, { kind: "GroupAggregate" }>): string[] {
  const local: LocalInput = aggregateCallsOf(node);
  const keys = node.keys.map((key) => node.input.columns[key].name);
  const callNames = node.columns.slice(node.keys.length).map((column) => column.name);
  const text = { calls: allCallsOf(node), input: local.input, retract: node.retract };
  const partialFinal = node.partialFinal === "NONE" ? [] : [`partialFinalType=[${node.partialFinal}]`];
  switch (node.phase) {
    case "LOCAL": {
      const calls = localCalls(text);
      return [...given("groupBy", keys.join(", ")), ...partialFinal, `select=[${[...keys, ...calls].join(", ")}]`];
    }
    case "INCREMENTAL": {
      const finalKeys = (node.finalKeys ?? []).map((key) => keys[key]);
      const calls = incrementalCalls(text);
      return [
        `partialAggGrouping=[${keys.join(", ")}]`,
        `finalAggGrouping=[${finalKeys.join(", ")}]`,
        `select=[${[...finalKeys, ...calls].join(", ")}]`,
      ];
    }
    default: {
      const calls = node.phase === "GLOBAL" ? globalCalls(text, callNames, node.calls) : wholeCalls(text, callNames);
      return [...given("groupBy", keys.join(", ")), ...partialFinal, `select=[${[...keys, ...calls].join(", ")}]`];
    }
  }
}

function windowAggregateAttributes(node: Extract<PhysicalNode, { kind: "WindowAggregate" }>): string[] {
  const local: LocalInput = aggregateCallsOf(node);
  const keyNames = node.columns.slice(0, node.keys.length).map((column) => column.name);
  const callNames = node.columns.slice(node.keys.length, node.keys.length + node.calls.length).map((column) => column.name);
  const text = { calls: allCallsOf(node), input: local.input, retract: node.retract };
  const properties = node.properties.map(({ property }) => ({ start: "start('w$)", end: "end('w$)", time: "rowtime('w$)" })[property]);
  const outputs = [...callNames, ...node.properties.map(({ name }) => name)];
  let parts: string[];
  if (node.phase === "LOCAL") {
    const end = node.windowing.origin.kind === "attached" ? "$window_end" : "$slice_end";
    parts = [...localCalls(text), `slice_end('w$) AS ${end}`];
  } else {
    const calls = node.phase === "GLOBAL" ? globalCalls(text, outputs) : wholeCalls(text, outputs);
    // Flink names what it selects one after the other, the extra count included.
    const named = properties
      .map((property, i) => `${property} AS ${outputs[text.calls.length + i] ?? ""}`)
      .filter((part) => !part.endsWith(" AS "));
    parts = [...calls, ...named];
  }
  const window = node.phase === "GLOBAL" ? globalWindowText(node.windowing) : windowingText(node.windowing, local.input);
  return [...given("groupBy", keyNames.join(", ")), `window=[${window}]`, `select=[${[...keyNames, ...parts].join(", ")}]`];
}

function strategyText(strategy: RankStrategy): string {
  return strategy.kind === "UpdateFast" ? `UpdateFastStrategy[${strategy.keys.join(",")}]` : `${strategy.kind}Strategy`;
}

const JOIN_TYPES = {
  inner: "InnerJoin",
  left: "LeftOuterJoin",
  right: "RightOuterJoin",
  full: "FullOuterJoin",
  semi: "LeftSemiJoin",
  anti: "LeftAntiJoin",
} as const;

function joinedColumns(node: { readonly left: PhysicalNode; readonly right: PhysicalNode }): RelColumn[] {
  const all = [...node.left.columns, ...node.right.columns];
  const taken = new Set<string>();
  return all.map((column) => {
    let name = column.name;
    for (let i = 0; taken.has(name); i++) name = `${column.name}${i}`;
    taken.add(name);
    return { ...column, name };
  });
}

function joinAttributes(
  node: Join | Extract<PhysicalNode, { kind: "IntervalJoin" | "WindowJoin" | "TemporalJoin" }>,
  style: PlanStyle,
): [string, string, string] {
  const columns = joinedColumns(node);
  return [`joinType=[${JOIN_TYPES[node.joinType]}]`, `where=[${conditionText(node.condition, columns, style)}]`, select(node.columns)];
}

function temporalJoinAttributes(node: Extract<PhysicalNode, { kind: "TemporalJoin" }>, style: PlanStyle): string[] {
  const columns = joinedColumns(node);
  const width = node.left.columns.length;
  const name = (field: number): string => columns[field].name;
  const leftKeys = node.leftKeys.map(name);
  const rightKeys = node.rightKeys.map((field) => name(field + width));
  const key = node.rightPrimaryKey.map((field) => name(field + width));
  const list = (fn: string, fields: readonly string[]): string => `${fn}(${fields.join(", ")})`;
  const version = list("__TEMPORAL_JOIN_CONDITION", [
    name(node.leftTime),
    ...(node.rightTime < 0 ? [] : [name(node.rightTime + width)]),
    list("__TEMPORAL_JOIN_CONDITION_PRIMARY_KEY", key),
    list("__TEMPORAL_JOIN_LEFT_KEY", leftKeys),
    list("__TEMPORAL_JOIN_RIGHT_KEY", rightKeys),
  ]);
  const condition = conditionText(node.condition, columns, style);
  const joined =
    style === "execution"
      ? `(${condition.startsWith("(") && condition.includes(" AND ") ? condition.slice(1, -1) : condition} AND ${version})`
      : condition.startsWith("AND(")
        ? `${condition.slice(0, -1)}, ${version})`
        : `AND(${condition}, ${version})`;
  return [`joinType=[${JOIN_TYPES[node.joinType]}]`, `where=[${joined}]`, select(node.columns)];
}

function multiJoinAttributes(node: MultiJoin, style: PlanStyle): string[] {
  const { inputs, commonKeys, specs, ttlTexts, columns } = node;
  const common = names(inputs[0].columns, commonKeys[0]);
  const unique = specs.map((spec, i) => (spec.kind === "NoUniqueKey" ? "noUniqueKey" : `(${names(inputs[i].columns, spec.keys)})`));
  const ttls = ttlTexts.every((text) => text === null)
    ? []
    : [`stateTtlHints=[[[STATE_TTL options:[${ttlTexts.map((text) => text ?? "0s").join(", ")}]]]]`];
  return [
    `commonJoinKey=[${common === "" ? "noCommonJoinKey" : common}]`,
    `joinTypes=[${node.types.map((type) => type.toUpperCase()).join(", ")}]`,
    `inputUniqueKeys=[${unique.join(", ")}]`,
    ...ttls,
    `joinConditions=[${node.conditions.map((condition) => conditionText(condition, columns, style)).join(", ")}]`,
    `select=[${columns.map((column) => column.name).join(",")}]`,
    `rowType=[${rowTypeText(columns)}]`,
  ];
}

function specText(spec: JoinInputSpec): string {
  return spec.kind;
}

const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
  ["ms", 1],
] as const;

/** `5 min`, `90 s`: in the largest unit that divides it. */
function durationText(ms: number): string {
  if (ms === 0) return "0 ms";
  for (const [unit, size] of UNITS) if (ms % size === 0) return `${ms / size} ${unit}`;
  return `${ms} ms`;
}

function windowingText({ spec, origin }: Windowing, columns: readonly RelColumn[]): string {
  const rows =
    origin.kind === "time"
      ? `time_col=[${columns[origin.field].name}]`
      : `win_start=[${columns[origin.start].name}], win_end=[${columns[origin.end].name}]`;
  return specWindowText(spec, rows, columns);
}

function globalWindowText({ spec, origin }: Windowing): string {
  return specWindowText(spec, origin.kind === "time" ? "slice_end=[$slice_end]" : "win_end=[$window_end]", []);
}

function specWindowText(spec: WindowSpecification, rows: string, columns: readonly RelColumn[]): string {
  const offset = "offsetMs" in spec && spec.offsetMs !== 0 ? `, offset=[${durationText(spec.offsetMs)}]` : "";
  switch (spec.kind) {
    case "tumble":
      return `TUMBLE(${rows}, size=[${durationText(spec.sizeMs)}]${offset})`;
    case "hop":
      return `HOP(${rows}, size=[${durationText(spec.sizeMs)}], slide=[${durationText(spec.slideMs)}]${offset})`;
    case "cumulate":
      return `CUMULATE(${rows}, max_size=[${durationText(spec.sizeMs)}], step=[${durationText(spec.stepMs)}]${offset})`;
    case "session": {
      const partition =
        spec.partition.length === 0
          ? ""
          : `, partition keys=[${spec.partition.map((field) => columns[field]?.name ?? `$${field}`).join(", ")}]`;
      return `SESSION(${rows}, gap=[${durationText(spec.gapMs)}]${partition})`;
    }
  }
}

/** When results are given out besides at the end of the window. */
function emitText(emit: Extract<PhysicalNode, { kind: "GroupWindowAggregate" }>["emit"]): string {
  const delay = (word: string, ms: number | null | undefined): string[] =>
    ms == null ? [] : [`${word} ${ms === 0 ? "no delay" : `delay ${ms} millisecond`}`];
  return [...delay("early", emit?.earlyMs), ...delay("late", emit?.lateMs)].join(", ");
}

function legacyWindowText(spec: WindowSpecification, time: string): string {
  switch (spec.kind) {
    case "tumble":
      return `TumblingGroupWindow('w$, ${time}, ${spec.sizeMs})`;
    case "hop":
      return `SlidingGroupWindow('w$, ${time}, ${spec.sizeMs}, ${spec.slideMs})`;
    case "session":
      return `SessionGroupWindow('w$, ${time}, ${spec.gapMs})`;
    case "cumulate":
      return `CumulatingGroupWindow('w$, ${time}, ${spec.sizeMs}, ${spec.stepMs})`;
  }
}

type LookupJoinNode = Extract<PhysicalNode, { kind: "LookupJoin" }>;

function lookupModes({ async, hint, upsertKey }: LookupJoinNode): string[] {
  const parts: string[] = [];
  if (async !== null)
    parts.push(
      `async=[${async.ordered ? "ORDERED" : "UNORDERED"}, KEY_ORDERED: ${async.keyOrdered}, ${async.timeoutMs}ms, ${async.capacity}]`,
    );
  if (hint?.retry != null) parts.push(`retry=[lookup_miss, FIXED_DELAY, ${hint.retry.fixedDelayMs}ms, ${hint.retry.maxAttempts}]`);
  if (hint?.shuffle === true) parts.push("shuffle=[true]");
  if (upsertKey !== null) parts.push(`upsertKey=[[${upsertKey.join(", ")}]]`);
  return parts;
}

/** What is filtered or cut down on the table's side goes by the table's own names. */
function lookedUpColumns(node: LookupJoinNode, style: PlanStyle): string[] {
  const { projection, tableCondition, table, input, columns } = node;
  if (tableCondition === null && isIdentity(projection, table.columns.length)) return columns.map(({ name }) => name);
  const own = projection.map((rex, i) => {
    const text = rexText(rex, over(table.columns, style));
    const { name } = columns[input.columns.length + i];
    return rex.kind === "input" || text === name ? text : `${text} AS ${name}`;
  });
  return [...input.columns.map(({ name }) => name), ...own];
}
