/** Methods that users' aggregate functions need where they stand: `retract` where rows are taken back, `merge` where windows are put together. */
import type { LogicalType } from "../../types/logical-type.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import type { AggregateFunction } from "../functions/aggregate-function.ts";
import { type PhysicalNode, physicalInputs } from "./physical.ts";

const HINTS = {
  retract: "The input has updates, or rows of an OVER window leave it again: write retract(accumulator, …), the reverse of accumulate.",
  merge: "Windows are put together from parts: write merge(accumulator, others).",
};

/** Throws SqlError for the first function, from the sources up, that lacks a method. (Flink: `UserDefinedFunctionHelper.validateClassForRuntime`) */
export function checkAggregates(node: PhysicalNode): void {
  for (const input of physicalInputs(node)) checkAggregates(input);
  checkDistinct(node);
  checkHoppingDistinct(node);
  checkSingleValue(node);
  const method = neededMethod(node);
  if (method === null) return;
  for (const { fn } of callsOf(node)) {
    const message = fn?.without?.(method) ?? null;
    if (message !== null)
      throw new SqlError("validate", "FUNCTION_WITHOUT_METHOD", message, null, { expected: `${method}(…)`, hint: HINTS[method] });
  }
}

/** Values that are told apart are keys of a state; rows cannot be. */
function checkDistinct(node: PhysicalNode): void {
  if ((node.kind !== "GroupAggregate" && node.kind !== "WindowAggregate") || (node.phase !== "SINGLE" && node.phase !== "LOCAL")) return;
  const refused = node.calls.find(({ distinct, args }) => distinct && args.some((arg) => node.input.columns[arg].type.root === "ROW"));
  if (refused === undefined) return;
  throw new SqlError("plan", "SQL_DISTINCT_TYPE", "Distinct aggregate function does not support type: ROW.", null, {
    found: `${refused.fn.name}(DISTINCT a row)`,
    hint: "Count the fields as one text, or group by them in a query below.",
  });
}

/** What Flink's functions say that cannot take values back. */
const WITHOUT_RETRACTION: ReadonlyMap<string, string> = new Map([
  ["SUM", "This function does not support retraction, Please choose SumWithRetractAggFunction."],
  ["LISTAGG", "This function does not support retraction."],
]);

/**
 * Over HOP, Flink's distinct values are made to be taken back, though none ever is, and the functions that they go to are not (`AggregateUtil.deriveWindowAggregateInfoList`:
 * a count of rows, which hopping windows need, stands for an input with updates).
 */
function checkHoppingDistinct(node: PhysicalNode): void {
  if (node.kind !== "WindowAggregate" || node.phase === "GLOBAL" || node.windowing.spec.kind !== "hop") return;
  const refused = node.calls.find(({ distinct, fn }) => distinct && WITHOUT_RETRACTION.has(fn.name));
  if (refused === undefined) return;
  const { name } = refused.fn;
  throw new SqlError("plan", "SQL_DISTINCT_HOP", WITHOUT_RETRACTION.get(name)!, null, {
    found: `${name}(DISTINCT …) over HOP`,
    hint: "Take TUMBLE or CUMULATE, or make the rows distinct by window in a query below.",
  });
}

/** Types of which Flink has a function for the one value of a scalar subquery. (`AggFunctionFactory.createSingleValueAggFunction`) */
const SINGLE: ReadonlySet<LogicalType["root"]> = new Set([
  "TINYINT",
  "SMALLINT",
  "INT",
  "BIGINT",
  "FLOAT",
  "DOUBLE",
  "BOOLEAN",
  "CHAR",
  "VARCHAR",
  "DECIMAL",
  "DATE",
  "TIME",
  "TIMESTAMP",
  "TIMESTAMP_LTZ",
]);

function checkSingleValue(node: PhysicalNode): void {
  if (node.kind !== "GroupAggregate" && node.kind !== "WindowAggregate") return;
  const refused = node.calls.find(({ fn, type }) => fn.name === "SINGLE_VALUE" && !SINGLE.has(type.root));
  if (refused === undefined) return;
  const { root } = refused.type;
  throw new SqlError("plan", "SQL_AGGREGATE_TYPE", `SINGLE_VALUE aggregate function doesn't support type '${root}'.`, null, {
    found: `a scalar subquery of type ${root}`,
    hint: "Join with the query below instead.",
  });
}

function callsOf(node: PhysicalNode): readonly { readonly fn: AggregateFunction | null }[] {
  switch (node.kind) {
    case "GroupAggregate":
    case "WindowAggregate":
    case "GroupWindowAggregate":
    case "OverAggregate":
      return node.calls;
    default:
      return [];
  }
}

function neededMethod(node: PhysicalNode): "retract" | "merge" | null {
  switch (node.kind) {
    case "GroupAggregate":
      return node.retract ? "retract" : null;
    case "OverAggregate":
      return node.frame.preceding !== null ? "retract" : null;
    case "WindowAggregate":
      if (node.retract) return "retract";
      return node.windowing.spec.kind === "tumble" ? null : "merge";
    case "GroupWindowAggregate":
      if (node.retract) return "retract";
      return node.spec.kind === "tumble" ? null : "merge";
    default:
      return null;
  }
}
