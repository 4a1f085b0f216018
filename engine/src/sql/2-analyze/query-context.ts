import type { Hint, Query } from "../1-parse/ast.ts";
import type { Rel } from "./rel.ts";
import type { Catalog, CatalogTable } from "../catalog/catalog.ts";

/** A WITH entry, bound anew at each use in the context of its definition. */
export interface BoundCommonTable {
  readonly query: Query;
  /** A table that a program has built: bound already. */
  readonly rel?: Rel;
  readonly columns: readonly string[];
  readonly context: QueryContext;
}

/** What binding a query needs besides its text. */
export interface QueryContext {
  readonly catalog: Catalog;
  readonly commonTables: ReadonlyMap<string, BoundCommonTable>;
  /** Names of the views being expanded: a view that contains itself is refused. */
  readonly expanding: readonly string[];
  /** Hints of the SELECT whose FROM is being bound. */
  readonly hints?: readonly Hint[];
  /** Told of each table that is read; throws SqlError when it cannot be. Absent = nobody wants to know. */
  readonly scanned?: (table: CatalogTable) => void;
  /** Told of the table that is written, before the query is bound; throws SqlError when it cannot be. */
  readonly written?: (table: CatalogTable) => void;
  /** The table with what its connector makes of its options, after a hint has changed them. */
  readonly described?: (table: CatalogTable) => CatalogTable;
  /** `table.dynamic-table-options.enabled`; absent = true. */
  readonly hintsAllowed?: boolean;
}
