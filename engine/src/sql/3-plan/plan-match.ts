/** MATCH_RECOGNIZE: the limits of Flink's pattern matching, in its words. */
import { SqlError } from "../1-parse/sql-error.ts";
import type { Match as LogicalMatch, RowPattern } from "../2-analyze/rel.ts";
import { byKeys, INSERTS } from "./build.ts";
import type { Match, PhysicalNode } from "./physical.ts";
import type { Planner } from "./planner.ts";

export function planMatch(planner: Planner, rel: LogicalMatch): PhysicalNode {
  const refuse = (message: string, hint?: string): never => {
    throw new SqlError("plan", "SQL_MATCH_RECOGNIZE", message, rel.span, hint === undefined ? {} : { hint });
  };
  if (rel.order.length === 0) refuse("You must specify either rowtime or proctime for order by.");
  const [first] = rel.order;
  const { timeAttribute } = rel.input.columns[first.field].type;
  const input = byKeys(planner.plan(rel.input), rel.partition);
  if (timeAttribute === undefined) return refuse("You must specify either rowtime or proctime for order by as the first one.");
  if (first.descending) refuse("Primary sort order of a streaming table must be ascending on time.");
  checkPattern(rel.pattern, refuse);
  const node: Match = {
    kind: "Match",
    input,
    partition: rel.partition,
    order: rel.order,
    timeAttribute,
    measures: rel.measures,
    pattern: rel.pattern,
    defines: rel.defines,
    after: rel.after,
    withinMs: rel.withinMs,
    columns: rel.columns,
    changelog: INSERTS,
  };
  return node;
}

/** The variables in order, each with its quantifier. */
function parts(pattern: RowPattern): RowPattern[] {
  return pattern.kind === "concat" ? [...parts(pattern.left), ...parts(pattern.right)] : [pattern];
}

function checkPattern(pattern: RowPattern, refuse: (message: string, hint?: string) => never): void {
  const all = parts(pattern);
  const last = all[all.length - 1];
  if (all.every((part) => part.kind === "quantified" && part.from === 0)) {
    refuse("Patterns that can produce empty matches are not supported. There must be at least one non-optional state.");
  }
  if (last.kind === "quantified" && !last.reluctant && last.from !== last.to && !(last.from === 0 && last.to === 1)) {
    refuse(
      "Greedy quantifiers are not allowed as the last element of a Pattern yet. Finish your pattern with either a simple variable or reluctant quantifier.",
    );
  }
}
