/**
 * A filter on ROW_NUMBER() OVER (…) is a Top-N: it keeps as many rows per partition as it can show. The planner knows only this shape, a
 * filter directly over the window, which the rules before have made of subqueries, projections and QUALIFY. A rank that can only be one
 * number is that number.
 */
import { SqlError } from "../../1-parse/sql-error.ts";
import { andOf } from "../../2-analyze/bind-expression.ts";
import type { Filter, Over, Project, Rank, RankRange, Rel } from "../../2-analyze/rel.ts";
import { allFields, filter, namesOf, project } from "../../2-analyze/rel-builder.ts";
import { conjuncts, inputsOf, literalOf, mapLeaves, type Rex } from "../../2-analyze/rex.ts";

const RANKS: ReadonlySet<string> = new Set(["ROW_NUMBER", "RANK", "DENSE_RANK"]);
const MIRRORED: Readonly<Record<string, string>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=" };

export function planRanks(rel: Rel): Rel {
  if (rel.kind === "project" && rel.input.kind === "filter") {
    const ranked = ranking(rel.input);
    return ranked === null ? rel : withoutUnusedRank(rel, ranked);
  }
  return rel;
}

/** A filter with no projection above it. */
export function planBareRanks(rel: Rel): Rel {
  if (rel.kind !== "filter") return rel;
  const ranked = ranking(rel);
  if (ranked === null) return rel;
  const all = project(rel, allFields(rel), namesOf(rel));
  return withoutUnusedRank(all, ranked);
}

interface Ranking {
  readonly rank: Rank;
  /** Conditions that are not about the rank. */
  readonly rest: readonly Rex[];
}

function ranking(rel: Filter): Ranking | null {
  const { input } = rel;
  if (input.kind !== "over" || input.groups.length !== 1) return null;
  const [group] = input.groups;
  if (group.calls.length !== 1 || !RANKS.has(group.calls[0].name)) return null;
  const rankField = input.columns.length - 1;
  const parts = conjuncts(rel.condition);
  const bounds = parts.filter((part) => inputsOf(part).has(rankField));
  if (bounds.length === 0) return null;
  const range = rankRange(bounds, rankField, input);
  if (range === null) return null;
  const rank: Rank = {
    kind: "rank",
    input: input.input,
    rankType: group.calls[0].name as Rank["rankType"],
    partition: group.partition,
    order: group.order,
    range,
    outputRank: true,
    computes: input.computes,
    columns: input.columns,
    span: input.span,
  };
  return { rank, rest: parts.filter((part) => !bounds.includes(part)) };
}

function withoutUnusedRank(above: Project, { rank, rest }: Ranking): Rel {
  const rankField = rank.columns.length - 1;
  const { range } = rank;
  const number = typeof range.end === "number" && range.start === range.end ? literalOf(range.end, rank.columns[rankField].type) : null;
  const constant = (rex: Rex): Rex =>
    number === null ? rex : mapLeaves(rex, (leaf) => (leaf.kind === "input" && leaf.index === rankField ? number : leaf));
  const exprs = above.exprs.map(constant);
  const isRank = (expr: Rex): boolean => expr.kind === "input" && expr.index === rankField;
  const used = exprs.some((expr) => inputsOf(expr).has(rankField));
  const bare: Rank = used ? rank : { ...rank, outputRank: false, columns: rank.columns.slice(0, -1) };
  const filtered = rest.length === 0 ? bare : filter(bare, andOf([...rest]));
  const names = namesOf(above).map((name, i) => (isRank(exprs[i]) ? rank.columns[rankField].name : name));
  return { ...project(filtered, exprs, names), hints: above.hints };
}

/** What a rank is compared with, and how, the rank standing first. */
interface Bound {
  readonly op: string;
  readonly other: Rex;
}

function boundOf(rex: Rex, rankField: number): Bound | null {
  if (rex.kind !== "call" || rex.args.length !== 2) return null;
  const [a, b] = rex.args.map((arg) => unwrapCoerced(arg, rex.fn.name));
  const rankFirst = isField(a, rankField);
  if (!rankFirst && !isField(b, rankField)) return null;
  const op = rankFirst ? rex.fn.name : MIRRORED[rex.fn.name];
  const other = rankFirst ? b : a;
  return op === undefined || !(op in MIRRORED) || inputsOf(other).has(rankField) ? null : { op, other };
}

function isField(rex: Rex, field: number): boolean {
  return rex.kind === "input" && rex.index === field;
}

/** null = not a bound: the rank is computed for every row (Flink: `RankUtil.extractRankRange`). */
function rankRange(conditions: readonly Rex[], rankField: number, over: Over): RankRange | null {
  const bounds: Bound[] = [];
  for (const condition of conditions) {
    const bound = boundOf(condition, rankField);
    if (bound === null) return null;
    bounds.push(bound);
  }
  const [{ op, other }] = bounds;
  // A column bounds the rank alone and from above. Flink makes no difference between <, <= and =.
  if (bounds.length === 1 && other.kind === "input") return op === ">" || op === ">=" ? null : { start: 1, end: { field: other.index } };
  return constantRange(bounds, over);
}

function constantRange(bounds: readonly Bound[], over: Over): RankRange | null {
  let start = 1;
  let end = Number.POSITIVE_INFINITY;
  for (const { op, other } of bounds) {
    if (other.kind !== "literal") return null;
    const value = Number(other.value);
    if (op === "=" || op === ">=") start = Math.max(start, value);
    if (op === "=" || op === "<=") end = Math.min(end, value);
    if (op === "<") end = Math.min(end, value - 1);
    if (op === ">") start = Math.max(start, value + 1);
  }
  if (end === Number.POSITIVE_INFINITY) throw noEnd(over);
  if (end <= 0) throw new SqlError("plan", "SQL_RANK_END", `Rank end should not less than zero, but now is ${end}`, over.span);
  return { start, end };
}

/** Flink compares numbers of two types as they are, but where they must be equal. */
function unwrapCoerced(rex: Rex, op: string): Rex {
  if (rex.kind !== "call" || rex.fn.name !== "CAST") return rex;
  const inner = unwrapCoerced(rex.args[0], op);
  return inner.kind === "literal" || (rex.options.implicit === true && op !== "=") ? inner : rex;
}

function noEnd(over: Over): SqlError {
  return new SqlError(
    "plan",
    "SQL_RANK_END",
    "Rank end is not specified. Currently rank only support TopN, which means the rank end must be specified.",
    over.span,
    { expected: "a filter such as rn <= 3" },
  );
}
