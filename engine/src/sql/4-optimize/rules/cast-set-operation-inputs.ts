/** The inputs of a set operation get the common types of its columns. */
import { castTo } from "../../2-analyze/bind-expression.ts";
import type { Rel } from "../../2-analyze/rel.ts";
import { allFields, namesOf, project } from "../../2-analyze/rel-builder.ts";
import { isIdentity } from "../../2-analyze/rex.ts";

export function castSetOperationInputs(rel: Rel): Rel {
  if (rel.kind !== "union" && rel.kind !== "intersect" && rel.kind !== "except") return rel;
  const inputs = rel.inputs.map((input) => {
    const exprs = allFields(input).map((field, i) => castTo(field, rel.columns[i].type));
    return isIdentity(exprs, input.columns.length) ? input : project(input, exprs, namesOf(input));
  });
  return inputs.every((input, i) => input === rel.inputs[i]) ? rel : { ...rel, inputs };
}
