/** The tables and views that a script can name. One catalog and database; names with more parts are taken by their last one. */
import type { LogicalType } from "../../types/logical-type.ts";
import type { Query, TableOption } from "../1-parse/ast.ts";
import type { Rex } from "../2-analyze/rex.ts";

export interface TableColumn {
  readonly name: string;
  readonly type: LogicalType;
  /** computed = an expression over the physical and metadata columns before it. */
  readonly kind: "physical" | "computed" | "metadata";
  readonly expr: Rex | null;
  /** Connector's key of a metadata column. */
  readonly metadataKey: string | null;
  /** False for computed and VIRTUAL columns: INSERT leaves them out. */
  readonly persisted: boolean;
}

export interface CatalogTable {
  readonly kind: "table";
  readonly name: string;
  readonly columns: readonly TableColumn[];
  /** Rowtime column and the watermark expression over all columns. */
  readonly watermark: { readonly column: number; readonly expr: Rex } | null;
  readonly primaryKey: readonly number[];
  /** What the source emits: +I only, all four kinds, or +I +U -D by primary key. */
  readonly changelogMode: "insert" | "retract" | "upsert";
  readonly options: ReadonlyMap<string, TableOption>;
  /** The connector answers by key, so FOR SYSTEM_TIME AS OF processing time can ask it. */
  readonly lookup?: boolean;
  /** False when the connector leaves watermarks to an operator behind it. */
  readonly watermarkPushDown?: boolean;
  /** What the connector takes when it is written to; absent = as its name says. */
  readonly sinkMode?: "append" | "upsert" | "retract";
  /** How plans call it; absent = catalog, database and name. */
  readonly explainName?: string;
  /** Text that the spans of `options` refer to is the given DDL, not the learner's script. */
  readonly given: boolean;
}

export interface CatalogView {
  readonly kind: "view";
  readonly name: string;
  readonly columns: readonly string[];
  readonly query: Query;
}

export class Catalog {
  private readonly objects = new Map<string, CatalogTable | CatalogView>();

  get(name: string): CatalogTable | CatalogView | undefined {
    return this.objects.get(name);
  }

  set(object: CatalogTable | CatalogView): void {
    this.objects.set(object.name, object);
  }

  delete(name: string): boolean {
    return this.objects.delete(name);
  }

  names(): string[] {
    return [...this.objects.keys()];
  }

  tables(): CatalogTable[] {
    return [...this.objects.values()].filter((object) => object.kind === "table");
  }
}
