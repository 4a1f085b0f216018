/** How many values columns have in what the rows were taken from; null = not known (Flink: `FlinkRelMdPopulationSize`). */
import type { PhysicalNode } from "../physical.ts";
import { distinctRows, distinctValues, expressionValues, splitFields } from "./distinct-rows.ts";
import { rankCount, rowCount } from "./row-count.ts";
import { areColumnsUnique, ascending } from "./unique-columns.ts";

/** @param columns in ascending order */
export function populationSize(node: PhysicalNode, columns: readonly number[]): number | null {
  const size = estimate(node, columns);
  return size === null ? null : Math.max(1, size);
}

function estimate(node: PhysicalNode, columns: readonly number[]): number | null {
  switch (node.kind) {
    case "TableSourceScan":
      return areColumnsUnique(node, columns) === true ? rowCount(node) : distinctRows(node, columns, null);
    case "Values":
      return Math.max(node.rows.length / 2, 1);
    case "Calc": {
      const { fields, expressions } = splitFields(node.projection, columns);
      let population = populationSize(node.input, fields);
      if (population === null || expressions.length === 0) return population;
      for (const expression of expressions) {
        const values = expressionValues(node, expression);
        if (values === null) return null;
        population *= Math.max(1, values);
      }
      return distinctValues(population, rowCount(node));
    }
    case "Exchange":
    case "SortLimit":
    case "Limit":
    case "TemporalSort":
      return populationSize(node.input, columns);
    case "Expand": {
      const id = node.columns.length - 1;
      if (!columns.includes(id)) return populationSize(node.input, columns);
      const sizes = node.projects.map((project) =>
        populationSize(
          node.input,
          ascending(
            columns.flatMap((column) => {
              const rex = project[column];
              return column !== id && rex.kind === "input" ? [rex.index] : [];
            }),
          ),
        ),
      );
      return sizes.reduce((sum, size) => (sum === null || size === null ? null : sum + size), 0);
    }
    case "Rank":
    case "WindowRank": {
      const rank = node.outputRank ? node.columns.length - 1 : -1;
      if (rank < 0 || !columns.includes(rank)) return populationSize(node.input, columns);
      const rest = columns.filter((column) => column !== rank);
      const below = rest.length === 0 ? 1 : populationSize(node.input, rest);
      return below === null ? null : Math.min(below * rankCount(node.kind === "Rank" ? node.range : node), rowCount(node));
    }
    case "Join":
    case "IntervalJoin":
    case "WindowJoin":
    case "TemporalJoin": {
      if (node.joinType === "semi" || node.joinType === "anti") return populationSize(node.left, columns);
      const width = node.left.columns.length;
      const left = populationSize(
        node.left,
        columns.filter((column) => column < width),
      );
      const right = populationSize(
        node.right,
        columns.filter((column) => column >= width).map((column) => column - width),
      );
      return left === null || right === null ? null : distinctValues(left * right, rowCount(node));
    }
    case "Union":
      return node.inputs
        .map((input) => populationSize(input, columns))
        .reduce((sum, size) => (sum === null || size === null ? null : sum + size), 0);
    default:
      return areColumnsUnique(node, columns) === true ? rowCount(node) : null;
  }
}
