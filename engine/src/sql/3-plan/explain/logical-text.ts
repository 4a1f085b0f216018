/** The syntax tree section of EXPLAIN: the logical tree as Calcite prints it, before any rule. */
import { hintText } from "./hint-text.ts";
import { invocationText, tableAggregateText } from "./process-text.ts";
import type { Correlate, Rel, SortKey, WindowTvf } from "../../2-analyze/rel.ts";
import { inputsOfRel } from "../../2-analyze/rel.ts";
import { namesOf, uniqueNames } from "../../2-analyze/rel-builder.ts";
import { partsOf, type Rex } from "../../2-analyze/rex.ts";
import { matchAttributes } from "./match-text.ts";
import { rexText, type TextContext, valueText } from "./rex-text.ts";
import { tableText } from "./table-text.ts";
import { treeText } from "./tree-text.ts";
import { rowTypeText } from "./type-text.ts";

const CONTEXT: TextContext = {
  style: "logical",
  field: (index) => `$${index}`,
  correl: (id) => `$cor${SHOWN.get(id) ?? id}`,
  subquery: (rex) => {
    const head = rex.op === "SCALAR" ? "$SCALAR_QUERY" : rex.op === "SOME" ? `${rex.comparison} SOME` : rex.op;
    const operands = rex.operands.map((operand) => `${rexText(operand, CONTEXT)}, `).join("");
    return `${head}(${operands}{\n${indented(rex.rel, 0)}})`;
  },
};

const SELECTED: TextContext = { ...CONTEXT, role: "selected" };

/** Calcite makes a variable per reference and keeps the last; its number is shown. Filled anew for every tree. */
const SHOWN = new Map<number, number>();

function countReferences(rel: Rel, variables: Set<number>): void {
  const known = new Set<number>();
  const note = (rex: Rex): void => {
    for (const part of partsOf(rex)) {
      if (part.kind === "correl" && variables.has(part.id))
        SHOWN.set(part.id, (SHOWN.get(part.id) ?? part.id - 1) + (rel.kind === "project" && known.has(part.id) ? 2 : 1));
      if (part.kind === "subquery") countReferences(part.rel, variables);
    }
  };
  if ((rel.kind === "filter" || rel.kind === "project") && rel.variable !== null) variables.add(rel.variable);
  if (rel.kind === "correlate") variables.add(rel.id);
  for (const input of inputsOfRel(rel)) {
    // The condition of a lateral join stands as a filter on its right side; it asks for no variable.
    const joined = rel.kind === "correlate" && input === rel.right && input.kind === "filter" ? input.input : input;
    countReferences(joined, variables);
  }
  // An expression of a select list asks twice for a variable that is known by then.
  for (const id of SHOWN.keys()) known.add(id);
  for (const rex of expressionsOfRel(rel)) note(rex);
}

function expressionsOfRel(rel: Rel): readonly Rex[] {
  switch (rel.kind) {
    case "filter":
    case "join":
      return [rel.condition];
    case "project":
      return rel.exprs;
    case "values":
      return rel.rows.flat();
    case "snapshot":
      return [rel.period];
    default:
      return [];
  }
}

/** Inside an expression the tree is indented by two, without lines. */
function indented(rel: Rel, depth: number): string {
  const own = `${"  ".repeat(depth)}${describeLogical(rel)}\n`;
  return (
    own +
    shownInputs(rel)
      .map((input) => indented(input, depth + 1))
      .join("")
  );
}

/** A user's table function is UNNEST of what it collects, but shows as itself. */
function tableFunctionOf(rel: Rel): Rex | null {
  if (rel.kind !== "uncollect" || rel.input.kind !== "project") return null;
  const [call] = rel.input.exprs;
  return call.kind === "call" && call.fn.tableFunction === true ? call : null;
}

function shownInputs(rel: Rel): readonly Rel[] {
  return tableFunctionOf(rel) === null ? inputsOfRel(rel) : [];
}

export function logicalText(rel: Rel): string {
  SHOWN.clear();
  countReferences(rel, new Set());
  HINT_PATHS.clear();
  noteHintPaths(rel, []);
  return treeText(rel, describeLogical, shownInputs);
}

/** Values of a table of constants show no types. */
export function tupleText(row: readonly Rex[]): string {
  return `{ ${row.map((rex) => (rex.kind === "literal" ? valueText(rex, "logical") : text(rex))).join(", ")} }`;
}

function text(rex: Rex): string {
  return rexText(rex, CONTEXT);
}

function describeLogical(rel: Rel): string {
  switch (rel.kind) {
    case "scan":
      return `LogicalTableScan(table=[[${tableText(rel.table)}]]${rel.hints.length === 0 ? "" : `, hints=[[${hintText(rel.hints, "inheritPath:[] ")}]]`})`;
    case "watermarkAssigner":
      return `LogicalWatermarkAssigner(rowtime=[${rel.columns[rel.field].name}], watermark=[${rel.expr === null ? "SOURCE_WATERMARK()" : text(rel.expr)}])`;
    case "values":
      return `LogicalValues(tuples=[[${rel.rows.map(tupleText).join(", ")}]])`;
    case "filter":
      return `LogicalFilter(condition=[${text(rel.condition)}]${rel.variable === null ? "" : `, variablesSet=[[${CONTEXT.correl?.(rel.variable)}]]`})`;
    case "project": {
      const names = uniqueNames(namesOf(rel));
      const variables = rel.variable === null ? [] : [`variablesSet=[[${CONTEXT.correl?.(rel.variable)}]]`];
      return `LogicalProject(${[...variables, ...rel.exprs.map((expr, i) => `${names[i]}=[${rexText(expr, SELECTED)}]`)].join(", ")})`;
    }
    case "aggregate": {
      const set = (fields: readonly number[]): string => `{${fields.map((field) => rel.keys[field]).join(", ")}}`;
      const parts = [`group=[{${rel.keys.join(", ")}}]`];
      if (rel.sets !== null) parts.push(`groups=[[${rel.sets.map(set).join(", ")}]]`);
      rel.calls.forEach((call, i) => {
        const args = (call.grouping ?? call.args).map((arg) => `$${arg}`).join(", ");
        const filter = call.filter < 0 ? "" : ` FILTER $${call.filter}`;
        parts.push(`${call.name ?? `agg#${i}`}=[${call.fn.name}(${call.distinct ? "DISTINCT " : ""}${args})${filter}]`);
      });
      return `LogicalAggregate(${parts.join(", ")})`;
    }
    case "windowTvf":
      return `LogicalTableFunctionScan(invocation=[${invocation(rel)}], rowType=[${rowTypeText(rel.columns)}])`;
    case "join":
      return `LogicalJoin(condition=[${rexText(rel.condition, { ...CONTEXT, role: "join" })}], joinType=[${rel.type}])`;
    case "correlate":
      return `LogicalCorrelate(correlation=[${CONTEXT.correl?.(rel.id)}], joinType=[${rel.type}], requiredColumns=[{${correlatedFields(rel.right, rel.id).join(", ")}}]${joinHints(rel)})`;
    case "snapshot":
      return `LogicalSnapshot(period=[${text(rel.period)}])`;
    case "uncollect":
      if (tableFunctionOf(rel) !== null)
        return `LogicalTableFunctionScan(invocation=[${text(tableFunctionOf(rel)!)}], rowType=[${rowTypeText(rel.columns)}])`;
      return rel.withOrdinality ? "Uncollect(withOrdinality=[true])" : "Uncollect";
    case "union":
      return `LogicalUnion(all=[${rel.all}])`;
    case "intersect":
      return `LogicalIntersect(all=[${rel.all}])`;
    case "except":
      return `LogicalMinus(all=[${rel.all}])`;
    case "sort":
      return `LogicalSort(${sortText(rel.keys, rel.offset, rel.fetch)})`;
    case "process":
      if (rel.fn.aggregate !== undefined) return tableAggregateText(rel, rel.fn.aggregate.args);
      return `LogicalTableFunctionScan(invocation=[${invocationText(rel)}], rowType=[${rowTypeText(rel.columns)}])`;
    case "match":
      return `LogicalMatch(${matchAttributes(rel)})`;
    case "sink":
      return `LogicalSink(table=[${tableText(rel.table).replaceAll(", ", ".")}]${rel.targets == null ? "" : `, targetColumns=[${rel.targets.map((column) => `[${column}]`).join(",")}]`}, fields=[${namesOf(rel).join(", ")}])`;
    case "multiJoin":
    case "windowAggregate":
    case "expand":
    case "over":
    case "rank":
    case "unnest":
    case "replicateRows":
      return rel.kind;
  }
}

/** Of joins with hints: the way from the SELECT that has the hints, by numbers of inputs. */
const HINT_PATHS = new Map<Rel, readonly number[]>();

function noteHintPaths(rel: Rel, path: readonly number[]): void {
  if (rel.kind === "correlate" && rel.hints.length > 0) HINT_PATHS.set(rel, path);
  const start = rel.kind === "project" && rel.hints.length > 0 ? [] : path;
  shownInputs(rel).forEach((input, i) => {
    noteHintPaths(input, [...start, i]);
  });
}

function joinHints(rel: Correlate): string {
  if (rel.hints.length === 0) return "";
  const path = HINT_PATHS.get(rel) ?? [];
  return `, joinHints=[[${hintText(rel.hints, `inheritPath:[${path.join(", ")}] `)}]]`;
}

function invocation(rel: WindowTvf): string {
  const name = rel.spec.kind.toUpperCase();
  const partition =
    rel.spec.kind === "session" && rel.spec.partition.length > 0
      ? ` PARTITION BY(${rel.spec.partition.map((field) => `$${field}`).join(", ")})`
      : "";
  const time = rel.columns[rel.timeField].name;
  return `${name}(${[`TABLE(#0)${partition}`, `DESCRIPTOR(_UTF-16LE'${time}')`, ...rel.intervals.map(text)].join(", ")})`;
}

function sortText(keys: readonly SortKey[], offset: number, fetch: number | null): string {
  const fields = keys.map((key, i) => `sort${i}=[$${key.field}]`);
  const directions = keys.map((key, i) => `dir${i}=[${key.descending ? "DESC" : "ASC"}-nulls-${key.nullsFirst ? "first" : "last"}]`);
  const limits = [...(offset > 0 ? [`offset=[${offset}]`] : []), ...(fetch === null ? [] : [`fetch=[${fetch}]`])];
  return [...fields, ...directions, ...limits].join(", ");
}

function correlatedFields(rel: Rel, id: number): number[] {
  const found = new Set<number>();
  const look = (rex: Rex): void => {
    for (const part of partsOf(rex)) {
      if (part.kind === "correl" && part.id === id) found.add(part.index);
      if (part.kind === "subquery") visit(part.rel);
    }
  };
  const visit = (node: Rel): void => {
    if (node.kind === "filter" || node.kind === "join") look(node.condition);
    else if (node.kind === "project") node.exprs.forEach(look);
    else if (node.kind === "snapshot") look(node.period);
    else if (node.kind === "values") node.rows.flat().forEach(look);
    inputsOfRel(node).forEach(visit);
  };
  visit(rel);
  return [...found].sort((a, b) => a - b);
}
