/** Projections and filters that lie on each other become one of each, the filter below; projections that change nothing go. */
import { andOf } from "../../2-analyze/bind-expression.ts";
import type { Project, Rel } from "../../2-analyze/rel.ts";
import { filter, namesOf, project } from "../../2-analyze/rel-builder.ts";
import { conjuncts, hasOver, inputsOf, isDeterministic, isIdentity, isTrue, substituteInputs } from "../../2-analyze/rex.ts";

export function mergeProjections(rel: Rel): Rel {
  if (rel.kind === "project") {
    const { input } = rel;
    // The names of the columns above stay: whoever reads this node reads them by number.
    if (isIdentity(rel.exprs, input.columns.length) && rel.hints.length === 0 && rel.variable === null && !numbersFields(rel)) return input;
    if (input.kind === "project" && mergeable(rel, input)) {
      const exprs = rel.exprs.map((expr) => substituteInputs(expr, input.exprs));
      const merged: Project = { ...project(input.input, exprs, namesOf(rel)), hints: [...rel.hints, ...input.hints] as Project["hints"] };
      return mergeProjections(merged);
    }
    return rel;
  }
  if (rel.kind === "filter") {
    const { input } = rel;
    const parts = conjuncts(rel.condition).filter((part) => !isTrue(part));
    if (parts.length === 0) return input;
    if (input.kind === "filter") return mergeProjections(filter(input.input, andOf([...conjuncts(input.condition), ...parts])));
    if (input.kind === "project") {
      // What looks at an OVER call, or at a random number, stays above.
      const below = parts.filter((part) =>
        [...inputsOf(part)].every((field) => !hasOver(input.exprs[field]) && isDeterministic(input.exprs[field])),
      );
      const movable = below.length > 0 && isDeterministic(rel.condition) && !input.exprs.some(hasOver);
      if (!movable) return rel;
      const above = parts.filter((part) => !below.includes(part));
      const pushed = mergeProjections(filter(input.input, andOf(below.map((part) => substituteInputs(part, input.exprs)))));
      const moved = mergeProjections({ ...input, input: pushed });
      return above.length === 0 ? moved : filter(moved, andOf(above));
    }
  }
  return rel;
}

/** Calcite's own numbers in the place of names come from a projection that it does not take away again. */
export function numbersFields({ columns, input }: Project): boolean {
  return columns.some(({ name }, i) => /^\$\d+$/.test(name) && name !== input.columns[i]?.name);
}

/** Merging must not compute a random number twice, nor put one OVER call into another. */
function mergeable(above: Project, below: Project): boolean {
  if (below.variable !== null || above.variable !== null) return false;
  const uses = new Map<number, number>();
  for (const expr of above.exprs) for (const field of inputsOf(expr)) uses.set(field, (uses.get(field) ?? 0) + 1);
  const belowHasOver = below.exprs.some(hasOver);
  if (belowHasOver && above.exprs.some((expr) => expr.kind !== "input")) return false;
  if (above.exprs.some(hasOver) && (belowHasOver || below.exprs.some((expr) => expr.kind !== "input"))) return false;
  return [...uses].every(([field, times]) => times === 1 || isDeterministic(below.exprs[field]));
}
