/**
 * `table.optimizer.multi-join.enabled` and the hint MULTI_JOIN (Flink: `JoinToMultiJoinRule`): inner and left joins that all meet by one common key run as one operator,
 * which keeps the rows of its inputs and nothing in between.
 *
 *   (a JOIN b ON a.id = b.id) LEFT JOIN c ON b.id = c.id   is one join of a, b and c by id
 *
 * Even a join of two becomes one, then joins above it are taken in as long as a key is left that all inputs share. What stands on the right side is an input as it is. Joins within
 * time, with versions of a table, and windows have operators of their own.
 */
import type { Join, MultiJoin, Rel } from "../../2-analyze/rel.ts";
import { commonJoinKeys, type JoinedInputs } from "../../2-analyze/multi-join-keys.ts";
import type { Rule } from "../rewrite.ts";

/** @param isMeant which joins are to be combined. @param isSpecial joins with operators of their own. */
export function combineJoins(isMeant: (join: Join) => boolean, isSpecial: (join: Join) => boolean): Rule {
  return (rel) => {
    if (rel.kind !== "join" || (rel.type !== "inner" && rel.type !== "left") || rel.asOf !== null) return rel;
    return isMeant(rel) && !isSpecial(rel) ? combine(rel, rel.type) : rel;
  };
}

function combine(rel: Join, type: "inner" | "left"): MultiJoin {
  const { left, right, condition, columns, hints, span } = rel;
  if (left.kind === "multiJoin") {
    const taken: JoinedInputs<Rel> = { inputs: [...left.inputs, right], conditions: [...left.conditions, condition] };
    if (commonJoinKeys(taken).length > 0)
      return {
        kind: "multiJoin",
        ...taken,
        types: [...left.types, type],
        hints: [...left.hints, ...hints] as Join["hints"],
        columns,
        span,
      };
  }
  return { kind: "multiJoin", inputs: [left, right], conditions: [condition], types: [type], hints, columns, span };
}

/** The tables that a join's sides are made of. */
export function tableNames(rel: Rel): readonly string[] {
  switch (rel.kind) {
    case "scan":
      return [rel.table.name];
    case "values":
      return [];
    case "join":
    case "correlate":
      return [...tableNames(rel.left), ...tableNames(rel.right)];
    case "union":
    case "intersect":
    case "except":
    case "process":
    case "multiJoin":
      return rel.inputs.flatMap(tableNames);
    default:
      return tableNames(rel.input);
  }
}
