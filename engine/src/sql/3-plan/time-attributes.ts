/**
 * Time attributes on their way through a plan. Regular joins and aggregates make plain timestamps of them, since their rows come in no order
 * of time; the types of the logical tree do not show that, so what goes by time asks its input here.
 */
import { typeName } from "../../types/logical-type.ts";
import type { Span } from "../1-parse/span.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import { physicalInputs, type PhysicalNode } from "./physical.ts";

type TimeAttribute = "ROWTIME" | "PROCTIME";

/** What the field of the node's rows goes by; undefined = it is an ordinary column. */
export function timeAttributeOf(node: PhysicalNode, field: number): TimeAttribute | undefined {
  const { timeAttribute } = node.columns[field].type;
  return timeAttribute === undefined || isMaterialized(node, field) ? undefined : timeAttribute;
}

function isMaterialized(node: PhysicalNode, field: number): boolean {
  switch (node.kind) {
    case "Join":
    case "GroupAggregate":
      return true;
    case "Calc": {
      const expr = node.projection[field];
      return expr?.kind === "input" && isMaterialized(node.input, expr.index);
    }
    case "ProcessTableFunction": {
      const own = field - node.through.length;
      const at = own < 0 ? node.through[field] : null;
      return at !== null && isMaterialized(node.inputs[at.input], at.field);
    }
    case "Union":
      return node.inputs.some((input) => isMaterialized(input, field));
    case "IntervalJoin":
    case "WindowJoin": {
      const width = node.left.columns.length;
      return field < width ? isMaterialized(node.left, field) : isMaterialized(node.right, field - width);
    }
    case "WatermarkAssigner":
    case "WindowAggregate":
    case "GroupWindowAggregate":
    case "Match":
      return false;
    default: {
      const input = physicalInputs(node).at(0);
      return input !== undefined && field < input.columns.length && isMaterialized(input, field);
    }
  }
}

/**
 * Window functions need the time attribute itself; columns that never were one are refused before. (Legacy group windows take a materialized one: Flink finds
 * them while the logical types still say that it is a time attribute.)
 */
export function requireTimeAttribute(input: PhysicalNode, field: number, span: Span): void {
  if (!isMaterialized(input, field)) return;
  const type = typeName({ ...input.columns[field].type, timeAttribute: undefined });
  throw new SqlError(
    "validate",
    "SQL_TIME_ATTRIBUTE",
    `The window function requires the timecol is a time attribute type, but is ${type}.`,
    span,
    {
      found: type,
      hint: "A time attribute is lost in regular joins and unbounded aggregates: join on an interval of time, or window first.",
    },
  );
}
