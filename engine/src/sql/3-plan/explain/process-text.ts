/** Calls of process table functions, in EXPLAIN's syntax tree and plans alike. */
import type { Process } from "../../2-analyze/rel.ts";
import type { ProcessArgument } from "../../functions/process-function.ts";
import { rexText } from "./rex-text.ts";

/** `f(TABLE(#0) PARTITION BY($0), 1, DEFAULT(), _UTF-16LE'my-id')` */
export function invocationText({ fn, args, onTime, uidArgument }: Pick<Process, "fn" | "args" | "onTime" | "uidArgument">): string {
  const parts = [
    ...args.map(argumentText),
    onTime === null ? "DEFAULT()" : descriptorText(onTime),
    uidArgument === null ? "DEFAULT()" : `_UTF-16LE'${uidArgument}'`,
  ];
  return `${fn.name}(${parts.join(", ")})`;
}

/** `LogicalTableAggregate(group=[{0}], tableAggregate=[[Top2($1)]])` */
export function tableAggregateText({ fn, through }: Pick<Process, "fn" | "through">, args: readonly number[]): string {
  const group = through.map(({ field }) => field).join(", ");
  return `LogicalTableAggregate(group=[{${group}}], tableAggregate=[[${fn.name}(${args.map((arg) => `$${arg}`).join(", ")})]])`;
}

function argumentText(argument: ProcessArgument): string {
  if (argument === null) return "DEFAULT()";
  switch (argument.kind) {
    case "table": {
      const { input, partition, order } = argument;
      const by = partition.length === 0 ? "" : ` PARTITION BY(${partition.map((field) => `$${field}`).join(", ")})`;
      const keys = order.map(
        ({ field, descending, nullsFirst }) => `$${field} ${descending ? "DESC" : "ASC"}_NULLS_${nullsFirst ? "FIRST" : "LAST"}`,
      );
      return `TABLE(#${input})${by}${keys.length === 0 ? "" : ` ORDER BY(${keys.join(", ")})`}`;
    }
    case "descriptor":
      return descriptorText(argument.columns);
    case "scalar":
      return rexText(argument.value, { style: "logical", field: (index) => `$${index}` });
  }
}

function descriptorText(columns: readonly string[]): string {
  return `DESCRIPTOR(${columns.map((column) => `_UTF-16LE'${column}'`).join(", ")})`;
}
