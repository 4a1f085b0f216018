/** A table's full name in plans. */
import type { CatalogTable } from "../../catalog/catalog.ts";

export function tableText(table: CatalogTable): string {
  return table.explainName ?? `default_catalog, default_database, ${table.name}`;
}
