/** The tree below a window TVF's aggregation without the TVF: rows keep their time column instead of window columns. */
import type { Expand, Rel } from "../2-analyze/rel.ts";
import { filter, project } from "../2-analyze/rel-builder.ts";
import { inputRef, inputsOf, mapLeaves, type Rex } from "../2-analyze/rex.ts";

export interface StrippedWindow {
  readonly rel: Rel;
  /** Per field of the original: its field now, or which window property it was. */
  readonly mapping: readonly (number | "start" | "end" | "time")[];
  readonly timeField: number;
}

/** null when something in between looks at the window columns. */
export function stripWindow(rel: Rel): StrippedWindow | null {
  switch (rel.kind) {
    case "windowTvf":
      return { rel: rel.input, mapping: [...rel.input.columns.map((_, i) => i), "start", "end", "time"], timeField: rel.timeField };
    case "filter": {
      const below = stripWindow(rel.input);
      if (below === null) return null;
      const condition = remap(rel.condition, below);
      return condition === null ? null : { ...below, rel: filter(below.rel, condition) };
    }
    case "project": {
      const below = stripWindow(rel.input);
      if (below === null) return null;
      const exprs: Rex[] = [];
      const names: string[] = [];
      const mapping: StrippedWindow["mapping"][number][] = [];
      for (const [i, expr] of rel.exprs.entries()) {
        const property = expr.kind === "input" ? below.mapping[expr.index] : null;
        if (typeof property === "string") {
          mapping.push(property);
          continue;
        }
        const moved = remap(expr, below);
        if (moved === null) return null;
        mapping.push(exprs.length);
        exprs.push(moved);
        names.push(rel.columns[i].name);
      }
      const known = exprs.findIndex((expr) => expr.kind === "input" && expr.index === below.timeField);
      if (known >= 0) return { rel: project(below.rel, exprs, names), mapping, timeField: known };
      exprs.push(inputRef(below.timeField, below.rel.columns[below.timeField].type));
      names.push(below.rel.columns[below.timeField].name);
      return { rel: project(below.rel, exprs, names), mapping, timeField: exprs.length - 1 };
    }
    case "expand": {
      const below = stripWindow(rel.input);
      if (below === null) return null;
      // The window's columns are in every grouping set, so they are copied as they are.
      const kept = rel.columns.flatMap((_, i) => (windowFieldOf(rel, below, i) === null ? [i] : []));
      const projects: Rex[][] = [];
      for (const project of rel.projects) {
        const moved = kept.map((i) => remap(project[i], below));
        if (moved.some((expr) => expr === null)) return null;
        projects.push([...(moved as Rex[]), inputRef(below.timeField, below.rel.columns[below.timeField].type)]);
      }
      const columns = [...kept.map((i) => rel.columns[i]), below.rel.columns[below.timeField]];
      const mapping = rel.columns.map((_, i) => windowFieldOf(rel, below, i) ?? kept.indexOf(i));
      return { rel: { kind: "expand", input: below.rel, projects, columns }, mapping, timeField: kept.length };
    }
    default:
      return null;
  }
}

/** The window property that a column of an Expand carries on in every copy. */
function windowFieldOf(rel: Expand, below: StrippedWindow, index: number): "start" | "end" | "time" | null {
  const expr = rel.projects[0][index];
  const property = expr.kind === "input" ? below.mapping[expr.index] : null;
  return typeof property === "string" ? property : null;
}

function remap(rex: Rex, below: StrippedWindow): Rex | null {
  for (const field of inputsOf(rex)) if (typeof below.mapping[field] === "string") return null;
  return mapLeaves(rex, (leaf) => (leaf.kind === "input" ? inputRef(below.mapping[leaf.index] as number, leaf.type) : leaf));
}
