import { typeSummary } from "../types/logical-type.ts";
import { analyzeScript } from "./sql-program.ts";

export interface SqlSchemaTable {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly timeAttribute: "ROWTIME" | "PROCTIME" | null }[];
}

/** Tables that a DDL script defines, for the editor's completion. Statements with mistakes are left out. */
export function sqlSchema(given: string, topics: readonly string[]): readonly SqlSchemaTable[] {
  const { catalog } = analyzeScript("", { given, topics }).session;
  return catalog.tables().map((table) => ({
    name: table.name,
    columns: table.columns.map((column) => ({
      name: column.name,
      type: typeSummary(column.type),
      timeAttribute: column.type.timeAttribute ?? null,
    })),
  }));
}
