/**
 * ROW_NUMBER() OVER (…) with a filter on it: Top-N, deduplication, or their window variants. The planner knows only this shape: a
 * filter over (a projection over) the OVER call.
 */
import { SqlError } from "../1-parse/sql-error.ts";
import { andOf } from "../2-analyze/bind-expression.ts";
import type { Filter, Over, Project, Rel } from "../2-analyze/rel.ts";
import { conjuncts, inputsOf, mapLeaves, type Rex } from "../2-analyze/rex.ts";
import { CalcOperator } from "../5-execute/operators/calc-operator.ts";
import { DeduplicateOperator } from "../5-execute/operators/deduplicate.ts";
import { TopNOperator } from "../5-execute/operators/top-n.ts";
import { WindowTopNOperator } from "../5-execute/operators/window-top-n.ts";
import { ALL_CHANGES, type Distribution, INSERT_ONLY, isInsertOnly, type PhysicalNode } from "./physical.ts";
import type { Planner } from "./planner.ts";
import { windowPropertiesOf } from "./window-properties.ts";

const RANKS = ["ROW_NUMBER", "RANK", "DENSE_RANK"];

/** A filter whose input is a ranking; null = something else. */
function rankingBelow(rel: Rel): { over: Over; between: Project | null } | null {
  if (rel.kind !== "filter") return null;
  const between = rel.input.kind === "project" ? rel.input : null;
  const over = between === null ? rel.input : between.input;
  return over.kind === "over" && over.calls.length === 1 && RANKS.includes(over.calls[0].name) ? { over, between } : null;
}

export function planRankFilter(planner: Planner, rel: Filter | Project): PhysicalNode | null {
  const at: Rel = rel.kind === "project" && rel.input.kind === "filter" ? rel.input : rel;
  const found = rankingBelow(at);
  if (found === null || at.kind !== "filter") return null;
  const { over, between } = found;
  const rankField = over.columns.length - 1;
  const below = (rex: Rex): Rex =>
    between === null ? rex : mapLeaves(rex, (leaf) => (leaf.kind === "input" ? between.exprs[leaf.index] : leaf));
  const parts = conjuncts(below(at.condition));
  const bounds = parts.filter((part) => inputsOf(part).has(rankField));
  if (bounds.length === 0) return null;
  const rest = parts.filter((part) => !inputsOf(part).has(rankField));
  const range = rankRange(bounds, rankField, over);
  const exprs = rel.kind === "project" ? rel.exprs.map(below) : (between?.exprs ?? null);
  const used = new Set(exprs === null ? [rankField] : exprs.flatMap((expr) => [...inputsOf(expr)]));
  for (const part of rest) inputsOf(part, used);
  const outputRank = used.has(rankField);
  const ranked = planRanking(planner, over, range, outputRank);
  const condition = rest.length === 0 ? null : andOf(rest);
  if (exprs === null && condition === null) return ranked;
  const { session } = planner;
  return {
    name: "Calc",
    detail: `select=[${rel.columns.map((column) => column.name).join(", ")}]`,
    columns: rel.columns,
    changelog: ranked.changelog,
    upsertKey: null,
    body: { kind: "one", input: ranked, distribution: { kind: "any" }, create: () => new CalcOperator(session, condition, exprs) },
  };
}

planRankFilter.matches = (rel: Rel): boolean => rankingBelow(rel) !== null;

interface RankRange {
  readonly start: number;
  readonly end: number | { readonly field: number };
}

function rankRange(bounds: readonly Rex[], rankField: number, over: Over): RankRange {
  let start = 1;
  let end: RankRange["end"] | null = null;
  for (const bound of bounds) {
    if (bound.kind !== "call" || bound.args.length !== 2) throw noEnd(over);
    const [a, b] = bound.args.map(unwrapCast);
    const rankFirst = a.kind === "input" && a.index === rankField;
    const other = rankFirst ? b : a;
    const op = rankFirst ? bound.fn.name : ({ "<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=" }[bound.fn.name] ?? "");
    if (other.kind === "input") {
      if (op !== "<=" && op !== "=") throw noEnd(over);
      end = { field: other.index };
      continue;
    }
    if (other.kind !== "literal") throw noEnd(over);
    const value = Number(other.value);
    if (op === "=") {
      start = Math.max(start, value);
      end = value;
    } else if (op === "<=") end = Math.min(typeof end === "number" ? end : value, value);
    else if (op === "<") end = Math.min(typeof end === "number" ? end : value, value - 1);
    else if (op === ">=") start = Math.max(start, value);
    else if (op === ">") start = Math.max(start, value + 1);
  }
  if (end === null) throw noEnd(over);
  return { start, end };
}

function unwrapCast(rex: Rex): Rex {
  return rex.kind === "call" && rex.fn.name === "CAST" ? unwrapCast(rex.args[0]) : rex;
}

function noEnd(over: Over): SqlError {
  return new SqlError(
    "plan",
    "SQL_RANK_END",
    "Rank end is not specified. Currently rank only support TopN, which means the rank end must be specified.",
    over.span,
    {
      expected: "a filter such as rn <= 3",
    },
  );
}

function planRanking(planner: Planner, over: Over, range: RankRange, outputRank: boolean): PhysicalNode {
  const [call] = over.calls;
  if (call.name !== "ROW_NUMBER") {
    throw new SqlError("plan", "SQL_RANK_FUNCTION", `${call.name}() on streaming table is not supported currently.`, over.span, {
      expected: "ROW_NUMBER()",
    });
  }
  const input = planner.plan(over.input);
  const append = isInsertOnly(input.changelog);
  const columns = outputRank ? over.columns : over.columns.slice(0, -1);
  const distribution: Distribution = over.partition.length === 0 ? { kind: "single" } : { kind: "hash", keys: over.partition };
  const detail = `partitionBy=[${over.partition.map((field) => over.input.columns[field].name).join(", ")}], orderBy=[${over.order.map((key) => over.input.columns[key.field].name).join(", ")}]`;
  const node = (
    name: string,
    changelog: PhysicalNode["changelog"],
    create: () => TopNOperator | DeduplicateOperator | WindowTopNOperator,
  ): PhysicalNode => ({
    name,
    detail,
    columns,
    changelog,
    upsertKey: null,
    body: { kind: "one", input, distribution, create },
  });
  const { session } = planner;
  const { partition, order } = over;
  const window = windowPropertiesOf(over.input);
  const end = window === null ? undefined : partition.find((field) => window.ends.includes(field));
  const start = window === null ? undefined : partition.find((field) => window.starts.includes(field));
  if (append && end !== undefined && start !== undefined && typeof range.end === "number") {
    const options = { order, start: range.start, end: range.end, outputRank, windowEnd: end };
    return node("WindowRank", INSERT_ONLY, () => new WindowTopNOperator(session, options));
  }
  const time = order.length === 1 ? over.input.columns[order[0].field].type.timeAttribute : undefined;
  if (append && time !== undefined && range.start === 1 && range.end === 1) {
    const options = { timeField: time === "ROWTIME" ? order[0].field : -1, keepLast: order[0].descending, outputRank };
    return node(
      "Deduplicate",
      options.keepLast ? { updates: true, deletes: false } : INSERT_ONLY,
      () => new DeduplicateOperator(session, options),
    );
  }
  const growing = order.length > 0 && order[0].descending && isGrowing(over.input, order[0].field) && !input.changelog.deletes;
  const updateKey = !append && growing && outputRank ? input.upsertKey : null;
  return node(
    "Rank",
    ALL_CHANGES,
    () => new TopNOperator(session, { order, start: range.start, end: range.end, outputRank, retract: !append, updateKey }),
  );
}

/** A count per key over inserts never falls. */
function isGrowing(rel: Rel, field: number): boolean {
  if (rel.kind === "project") {
    const expr = rel.exprs[field];
    return expr.kind === "input" && isGrowing(rel.input, expr.index);
  }
  if (rel.kind === "aggregate") return field >= rel.keys.length && rel.calls[field - rel.keys.length]?.fn.name === "COUNT";
  return false;
}
