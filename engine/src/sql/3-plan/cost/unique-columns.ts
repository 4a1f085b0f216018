/** Whether no two rows of a node agree in some columns; null = not known (Flink: `FlinkRelMdColumnUniqueness`). */
import type { Rex } from "../../2-analyze/rex.ts";
import type { Expand, PhysicalNode, Rank, WindowRank } from "../physical.ts";

/** @param columns in ascending order */
export function areColumnsUnique(node: PhysicalNode, columns: readonly number[]): boolean | null {
  switch (node.kind) {
    case "TableSourceScan": {
      if (columns.length === 0) return false;
      const key = node.table.primaryKey.map((column) => node.fields.indexOf(column));
      return key.length === 0 || key.includes(-1) ? null : contains(columns, key);
    }
    case "Values":
      if (node.rows.length < 2) return true;
      return columns.some((column) => new Set(node.rows.map((row) => literalValue(row[column]))).size === node.rows.length);
    case "Calc": {
      const below = ascending(columns.flatMap((column) => fieldOf(node.projection[column])));
      return below.length === 0 ? null : areColumnsUnique(node.input, below);
    }
    case "Expand":
      return ofExpand(node, columns);
    case "Exchange":
    case "SortLimit":
    case "Limit":
    case "TemporalSort":
    case "DropUpdateBefore":
      return areColumnsUnique(node.input, columns);
    case "Rank":
    case "WindowRank":
      return ofRank(node, columns);
    case "ChangelogNormalize":
      return node.keys.length === columns.length && contains(columns, node.keys);
    case "GroupAggregate":
      return node.phase === "LOCAL" || node.phase === "INCREMENTAL"
        ? null
        : contains(
            columns,
            node.keys.map((_, i) => i),
          );
    case "GroupWindowAggregate": {
      if (!node.properties) return false;
      const keys = node.keys.map((_, i) => i);
      const first = node.keys.length + node.calls.length;
      return contains(columns, keys) && columns.some((column) => column >= first);
    }
    case "OverAggregate": {
      const below = columns.filter((column) => column < node.input.columns.length);
      const unique = areColumnsUnique(node.input, below);
      return unique === true || below.length === columns.length ? unique : null;
    }
    case "Join":
    case "IntervalJoin":
    case "WindowJoin":
    case "TemporalJoin":
      if (node.joinType === "semi" || node.joinType === "anti") return areColumnsUnique(node.left, columns);
      return ofJoin(
        {
          width: node.left.columns.length,
          left: (fields) => areColumnsUnique(node.left, fields),
          right: (fields) => areColumnsUnique(node.right, fields),
          leftKeys: ascending(node.leftKeys),
          rightKeys: ascending(node.rightKeys),
          leftMayMiss: node.joinType === "right" || node.joinType === "full",
          rightMayMiss: node.joinType === "left" || node.joinType === "full",
        },
        columns,
      );
    case "Union":
      return false;
    default:
      return null;
  }
}

export function ascending(fields: Iterable<number>): number[] {
  return [...new Set(fields)].sort((a, b) => a - b);
}

function contains(columns: readonly number[], key: readonly number[]): boolean {
  return key.every((field) => columns.includes(field));
}

function fieldOf(rex: Rex): number[] {
  return rex.kind === "input" ? [rex.index] : [];
}

function literalValue(rex: Rex): unknown {
  return rex.kind === "literal" ? rex.value : rex;
}

/** The number of the copy, together with a key of the input that all copies keep. */
function ofExpand(node: Expand, columns: readonly number[]): boolean | null {
  const id = node.columns.length - 1;
  if (!columns.includes(id)) return false;
  const below = columns.flatMap((column) => {
    const fields = new Set(node.projects.map((project) => fieldOf(project[column])[0] ?? -1));
    const [only] = fields;
    return column !== id && fields.size === 1 && only >= 0 ? [only] : [];
  });
  return below.length === 0 ? false : areColumnsUnique(node.input, ascending(below));
}

function ofRank(node: Rank | WindowRank, columns: readonly number[]): boolean | null {
  const { start, end, rankType } =
    node.kind === "Rank" ? { ...node.range, rankType: node.rankType } : { ...node, rankType: "ROW_NUMBER" as const };
  if (!node.outputRank && rankType === "ROW_NUMBER" && start === 1 && end === 1)
    return columns.length === node.partition.length && node.partition.every((field, i) => field === columns[i]);
  if (!node.outputRank) return areColumnsUnique(node.input, columns);
  const rank = node.columns.length - 1;
  const below = columns.filter((column) => column !== rank);
  if (areColumnsUnique(node.input, below) === true) return true;
  return rankType === "ROW_NUMBER" && contains(columns, [...node.partition, rank]);
}

interface JoinSides {
  readonly width: number;
  readonly left: (fields: readonly number[]) => boolean | null;
  readonly right: (fields: readonly number[]) => boolean | null;
  readonly leftKeys: readonly number[];
  readonly rightKeys: readonly number[];
  readonly leftMayMiss: boolean;
  readonly rightMayMiss: boolean;
}

/** Columns of one side stay unique when a row of it meets at most one row of the other. */
function ofJoin(sides: JoinSides, columns: readonly number[]): boolean | null {
  if (columns.length === 0) return false;
  const left = columns.filter((column) => column < sides.width);
  const right = columns.filter((column) => column >= sides.width).map((column) => column - sides.width);
  if (left.length > 0 && right.length > 0) return both(sides.left(left), sides.right(right));
  if (left.length > 0) return sides.leftMayMiss ? false : both(sides.right(sides.rightKeys), sides.left(left));
  return sides.rightMayMiss ? false : both(sides.left(sides.leftKeys), sides.right(right));
}

function both(a: boolean | null, b: boolean | null): boolean | null {
  return a === null || b === null ? null : a && b;
}
