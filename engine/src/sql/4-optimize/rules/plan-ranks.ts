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

/** null = not a bound: the rank is computed for every row. */
function rankRange(bounds: readonly Rex[], rankField: number, over: Over): RankRange | null {
  let start = 1;
  let end: RankRange["end"] | null = null;
  const atMost = (value: number): void => {
    end = typeof end === "number" ? Math.min(end, value) : value;
  };
  for (const bound of bounds) {
    if (bound.kind !== "call" || bound.args.length !== 2) return null;
    const [a, b] = bound.args.map(unwrapCast);
    const rankFirst = a.kind === "input" && a.index === rankField;
    const other = rankFirst ? b : a;
    const op = rankFirst ? bound.fn.name : (MIRRORED[bound.fn.name] ?? "");
    if (!rankFirst && !(b.kind === "input" && b.index === rankField)) return null;
    if (other.kind === "input") {
      if (op !== "<=" && op !== "=") throw noEnd(over);
      end = { field: other.index };
      continue;
    }
    if (other.kind !== "literal") return null;
    const value = Number(other.value);
    if (op === "=") {
      start = Math.max(start, value);
      atMost(value);
    } else if (op === "<=") atMost(value);
    else if (op === "<") atMost(value - 1);
    else if (op === ">=") start = Math.max(start, value);
    else if (op === ">") start = Math.max(start, value + 1);
    else return null;
  }
  if (end === null) throw noEnd(over);
  if (typeof end === "number" && end <= 0)
    throw new SqlError("plan", "SQL_RANK_END", `Rank end should not less than zero, but now is ${end}`, over.span);
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
    { expected: "a filter such as rn <= 3" },
  );
}
