/** How many rows of a node have NULL in a column; null = not known, as for all tables (Flink: `FlinkRelMdColumnNullCount`). */
import { conjuncts } from "../../2-analyze/rex.ts";
import type { PhysicalNode } from "../physical.ts";

export function nullCount(node: PhysicalNode, field: number): number | null {
  switch (node.kind) {
    case "Exchange":
    case "SortLimit":
    case "Limit":
    case "TemporalSort":
      return nullCount(node.input, field);
    case "Calc": {
      const rex = node.projection[field];
      const below = rex.kind === "input" ? nullCount(node.input, rex.index) : rex.kind === "literal" ? Number(rex.value === null) : null;
      if (node.condition === null || below === 0) return below;
      const known = conjuncts(node.condition).some(
        (part) =>
          part.kind === "call" &&
          part.fn.name === "IS NOT NULL" &&
          part.args[0].kind === "input" &&
          rex.kind === "input" &&
          part.args[0].index === rex.index,
      );
      return known ? 0 : null;
    }
    default:
      return null;
  }
}
