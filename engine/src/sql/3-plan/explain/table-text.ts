/** A table's full name in plans. */
import { type CatalogTable, tableName } from "../../catalog/catalog.ts";

export function tableText(table: CatalogTable): string {
  return table.explainName ?? tableName(table).replaceAll(".", ", ");
}
