/** Bytes of a row, on average (Flink: `FlinkRelMdSize`). */
import type { LogicalType } from "../../../types/logical-type.ts";
import type { Rex, RexLiteral } from "../../2-analyze/rex.ts";
import type { Expand, PhysicalNode } from "../physical.ts";
import { localSizes } from "./local-row.ts";
import { typeSize } from "./type-size.ts";

const BYTES_PER_CHARACTER = 2;
/** Bytes of a row of the node. */
export function rowSize(node: PhysicalNode): number {
  return columnSizes(node).reduce((sum, size) => sum + size, 0);
}

function columnSizes(node: PhysicalNode): readonly number[] {
  switch (node.kind) {
    case "Values":
      if (node.rows.length === 0) break;
      return node.columns.map(
        ({ type }, i) => node.rows.reduce((sum, row) => sum + valueSize(type, row[i] as RexLiteral), 0) / node.rows.length,
      );
    case "Calc": {
      const input = columnSizes(node.input);
      return node.projection.map((rex) => rexSize(rex, input));
    }
    case "Expand":
      return expandedSizes(node);
    case "Exchange":
    case "SortLimit":
    case "Limit":
    case "TemporalSort":
      return columnSizes(node.input);
    case "Rank":
    case "WindowRank": {
      const input = columnSizes(node.input);
      const last = node.columns[node.columns.length - 1];
      return node.columns.length === input.length ? input : [...input, typeSize(last.type)];
    }
    case "Join":
    case "IntervalJoin":
    case "WindowJoin":
    case "TemporalJoin": {
      const left = columnSizes(node.left);
      return node.joinType === "semi" || node.joinType === "anti" ? left : [...left, ...columnSizes(node.right)];
    }
    case "GroupAggregate":
    case "WindowAggregate":
      if (node.phase !== "LOCAL") break;
      return localSizes(node);
    case "Union": {
      const inputs = node.inputs.map(columnSizes);
      return node.columns.map((_, i) => inputs.reduce((sum, sizes) => sum + sizes[i], 0) / inputs.length);
    }
    default:
  }
  return node.columns.map(({ type }) => typeSize(type));
}

function valueSize(type: LogicalType, literal: RexLiteral): number {
  if (literal.value === null) return 1;
  if (type.root === "CHAR" || type.root === "VARCHAR") return String(literal.value).length * BYTES_PER_CHARACTER;
  if (literal.value instanceof Uint8Array) return literal.value.length;
  return typeSize(type);
}

/** A call is as large as its first argument of the same type. */
function rexSize(rex: Rex, input: readonly number[]): number {
  if (rex.kind === "input") return input[rex.index];
  if (rex.kind === "literal") return valueSize(rex.type, rex);
  if (rex.kind === "call") {
    const alike = rex.args.find((arg) => arg.type.root === rex.type.root);
    if (alike !== undefined) return rexSize(alike, input);
  }
  return typeSize(rex.type);
}

/** A column that is a field in some copies and empty in the others has the field's size. */
function expandedSizes(node: Expand): readonly number[] {
  const input = columnSizes(node.input);
  return node.columns.map(({ type }, i) => {
    const fields = new Set(node.projects.flatMap((project) => (project[i].kind === "input" ? [project[i].index] : [])));
    if (i === node.columns.length - 1 || fields.size > 1) return typeSize(type);
    const [field] = fields;
    if (field !== undefined) return input[field];
    const literals = node.projects.map((project) => project[i] as RexLiteral);
    return valueSize(type, literals.find((literal) => literal.value !== null) ?? literals[0]);
  });
}
