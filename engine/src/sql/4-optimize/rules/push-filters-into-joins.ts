/** Conditions above an inner join become part of the join; those that look at one side only go below it. */
import { andOf } from "../../2-analyze/bind-expression.ts";
import type { Join, Rel } from "../../2-analyze/rel.ts";
import { filter } from "../../2-analyze/rel-builder.ts";
import { conjuncts, inputsOf, type Rex, shiftInputs } from "../../2-analyze/rex.ts";
import { mapInputs } from "../map-inputs.ts";

export function pushFiltersIntoJoins(rel: Rel): Rel {
  if (rel.kind === "filter" && rel.input.kind === "join" && rel.input.type === "inner" && rel.input.asOf === null) {
    const join: Join = rel.input;
    return pushDown({ ...join, condition: andOf([...trueConjuncts(join.condition), ...conjuncts(rel.condition)]) });
  }
  if (rel.kind === "join" && rel.type === "inner" && rel.asOf === null) return pushDown(rel);
  return mapInputs(rel, pushFiltersIntoJoins);
}

function trueConjuncts(condition: Rex): Rex[] {
  return conjuncts(condition).filter((part) => !(part.kind === "literal" && part.value === true));
}

function pushDown(join: Join): Rel {
  const width = join.left.columns.length;
  const left: Rex[] = [];
  const right: Rex[] = [];
  const both: Rex[] = [];
  for (const part of trueConjuncts(join.condition)) {
    const fields = [...inputsOf(part)];
    if (fields.length > 0 && fields.every((field) => field < width)) left.push(part);
    else if (fields.length > 0 && fields.every((field) => field >= width)) right.push(shiftInputs(part, -width));
    else both.push(part);
  }
  return {
    ...join,
    left: pushFiltersIntoJoins(left.length === 0 ? join.left : filter(join.left, andOf(left))),
    right: pushFiltersIntoJoins(right.length === 0 ? join.right : filter(join.right, andOf(right))),
    condition: andOf(both),
  };
}
