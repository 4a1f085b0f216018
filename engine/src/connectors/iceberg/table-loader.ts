import { Diagnostic } from "../../base/diagnostic.ts";
import type { OutsideWorld } from "../../flow/operator.ts";
import { nearestName } from "../log/nearest-name.ts";
import { systemsOf } from "../systems/outside-system.ts";
import { IcebergCatalog } from "./iceberg-catalog.ts";
import type { TableMetadata } from "./table-metadata.ts";

/** Names a table of one of the scenario's catalogs. (Flink: docs/connectors/table/overview) */
export class TableLoader {
  /** Name of the catalog, as in the scenario. */
  readonly catalogName: string;
  /** "db.table" */
  readonly tableName: string;

  readonly #partitionByIfNew: readonly string[] | null;

  private constructor(catalogName: string, tableName: string, partitionByIfNew: readonly string[] | null) {
    this.catalogName = catalogName;
    this.tableName = tableName;
    this.#partitionByIfNew = partitionByIfNew;
  }

  /** The table "db.table" of the catalog that the scenario calls so. */
  static fromCatalog(catalogName: string, tableName: string): TableLoader {
    return new TableLoader(catalogName, tableName, null);
  }

  /** @internal The same, and the table is made when it is not there. */
  static createIfMissing(catalogName: string, tableName: string, partitionBy: readonly string[]): TableLoader {
    return new TableLoader(catalogName, tableName, partitionBy);
  }

  /** @internal @throws Diagnostic SYSTEM_UNKNOWN, ICEBERG_TABLE_UNKNOWN */
  load(outside: OutsideWorld): { readonly catalog: IcebergCatalog; readonly table: TableMetadata } {
    const catalog = systemsOf(outside).get(this.catalogName, IcebergCatalog);
    if (this.#partitionByIfNew !== null) catalog.createTable(this.tableName, this.#partitionByIfNew);
    const table = catalog.table(this.tableName);
    if (table !== undefined) return { catalog, table };
    const nearest = nearestName(this.tableName, catalog.tableNames);
    throw new Diagnostic({
      code: "ICEBERG_TABLE_UNKNOWN",
      phase: "runtime",
      message: `Table does not exist: ${this.tableName}`,
      found: this.tableName,
      expected: nearest ?? `one of ${catalog.tableNames.join(", ")}`,
    });
  }
}
