/** MATCH_RECOGNIZE: the limits of Flink's pattern matching, in its words. */
import type { Span } from "../1-parse/span.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import { isUnsupportedMatchCall, matchAggregateOf, patternFieldOf } from "../2-analyze/match-expressions.ts";
import type { Match as LogicalMatch, RowPattern } from "../2-analyze/rel.ts";
import { partsOf, type Rex } from "../2-analyze/rex.ts";
import { byKeys, INSERTS } from "./build.ts";
import { matchExpressionText } from "./explain/match-expression-text.ts";
import { patternText } from "./explain/match-text.ts";
import { patternRefusal } from "./match-stages.ts";
import { type PhysicalNode, physicalInputs } from "./physical.ts";
import type { Planner } from "./planner.ts";

type Refuse = (message: string, hint?: string) => never;

function refuseAt(span: Span): Refuse {
  return (message, hint) => {
    throw new SqlError("plan", "SQL_MATCH_RECOGNIZE", message, span, hint === undefined ? {} : { hint });
  };
}

export function planMatch(planner: Planner, rel: LogicalMatch): PhysicalNode {
  const refuse = refuseAt(rel.span);
  if (rel.allRows) refuse("All rows per match mode is not supported yet.", "Write ONE ROW PER MATCH, which is the default.");
  if (rel.within !== null && rel.withinMs === null)
    refuse(
      "Only constant intervals with millisecond resolution are supported as time constraints of patterns.",
      "Write the interval in days.",
    );
  const { partition, order, measures, pattern, defines, subsets, after, withinMs, columns, span } = rel;
  return {
    kind: "Match",
    input: byKeys(planner.plan(rel.input), partition),
    partition,
    order,
    timeAttribute: order.length === 0 ? null : (rel.input.columns[order[0].field].type.timeAttribute ?? null),
    measures,
    pattern,
    defines,
    subsets,
    after,
    withinMs,
    span,
    columns,
    changelog: INSERTS,
  };
}

/** What Flink notices when it makes operators, that is after all that is wrong with the changelog. */
export function checkMatches(node: PhysicalNode): void {
  for (const input of physicalInputs(node)) checkMatches(input);
  if (node.kind !== "Match") return;
  const refuse = refuseAt(node.span);
  if (node.order.length === 0)
    refuse("You must specify either rowtime or proctime for order by.", "Add ORDER BY with the column of the WATERMARK.");
  if (node.timeAttribute === null) refuse("You must specify either rowtime or proctime for order by as the first one.");
  if (node.order[0].descending) refuse("Primary sort order of a streaming table must be ascending on time.");
  checkPattern(node.pattern, refuse);
  for (const { rex } of [...node.measures, ...node.defines]) {
    checkCalls(rex, refuse);
    checkAggregates(rex, node.span);
  }
  const refusal = patternRefusal(node);
  if (refusal !== null) refuse(refusal);
}

function checkCalls(rex: Rex, refuse: Refuse): void {
  for (const part of partsOf(rex)) {
    if (!isUnsupportedMatchCall(part)) continue;
    const { name } = part.fn;
    if (name === "PREV" || name === "NEXT")
      refuse("Flink does not support physical offsets within partition.", "LAST(A.x, 1) is the row of A before the last one.");
    refuse(`Unsupported call: ${name}`);
  }
}

/** Of built-in functions the analyzer has found this already. */
function checkAggregates(rex: Rex, span: Span): void {
  for (const part of partsOf(rex)) {
    if (matchAggregateOf(part) === null) continue;
    const used = new Set<string>();
    for (const inner of partsOf(part)) {
      const field = patternFieldOf(inner);
      if (field !== null) used.add(field.variable);
    }
    if (used.size <= 1) continue;
    const text = matchExpressionText(part, { style: "logical", columns: [] });
    const message = `Aggregation must be applied to a single pattern variable. Malformed expression: ${text}`;
    throw new SqlError("validate", "SQL_MATCH_RECOGNIZE", message, span, { found: [...used].join(" and ") });
  }
}

/** The variables in order, each with its quantifier. */
function parts(pattern: RowPattern): RowPattern[] {
  return pattern.kind === "concat" ? [...parts(pattern.left), ...parts(pattern.right)] : [pattern];
}

const OTHERS: Readonly<Record<string, string>> = {
  "|": "Currently, CEP doesn't support branching patterns.",
  PATTERN_PERMUTE: "Currently, CEP doesn't support PERMUTE patterns.",
  PATTERN_EXCLUDE: "Currently, CEP doesn't support '{-' '-}' patterns.",
};

function checkPattern(pattern: RowPattern, refuse: Refuse): void {
  const all = parts(pattern);
  const names = new Set<string>();
  for (const part of all) {
    const variable = part.kind === "quantified" ? part.pattern : part;
    if (variable.kind === "other") refuse(`Expression not supported: ${patternText(variable)}. ${OTHERS[variable.operator]}`);
    if (variable.kind !== "variable") {
      refuse(`Expression not supported: ${patternText(variable)} Group patterns are not supported yet.`);
      continue;
    }
    if (names.has(variable.name)) refuse("Pattern variables must be unique. That might change in the future.");
    names.add(variable.name);
    if (part.kind === "quantified" && part.reluctant && part.from === 0 && part.to === 1)
      refuse("Reluctant optional variables are not supported yet.");
  }
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
