/** `'connector' = 'print'`: each change as a line of the task manager's standard output. (Flink: docs/connectors/table/print) */
import { PrintSink } from "../../../connectors/print-sink.ts";
import { rowKindString } from "../../../types/row-kind.ts";
import { FIELD_OFFSET, kindOf, type Row } from "../../../types/row.ts";
import type { TableColumn } from "../../catalog/catalog.ts";
import { textOf } from "../../functions/cast.ts";
import type { EvalContext } from "../../functions/scalar-function.ts";
import type { Connector } from "./connector.ts";
import { optional } from "./table-options.ts";

export const PRINT: Connector = {
  identifier: "print",
  options: [optional("print-identifier"), optional("standard-error", "boolean"), optional("sink.parallelism", "integer")],
  sinkMode: () => "all",
  sink: ({ options }) => ({ sink: new PrintSink<unknown>(options.text("print-identifier")), wantsText: true }),
};

/** What `print` writes: `+I[1, a]`. */
export function printedRow(columns: readonly TableColumn[], context: EvalContext): (row: Row) => string {
  const texts = columns.map((column) => textOf(column.type, context) ?? String);
  return (row) =>
    `${rowKindString(kindOf(row))}[${texts.map((text, i) => (row[i + FIELD_OFFSET] === null ? "null" : text(row[i + FIELD_OFFSET]))).join(", ")}]`;
}
