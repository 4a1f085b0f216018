/**
 * What a session knows by name: catalogs, their databases, and in these tables and views. Temporary objects lie over permanent ones of the same
 * name, belong to the session, and may even name a database that does not exist (Flink: `CatalogManager`).
 */
import type { LogicalType } from "../../types/logical-type.ts";
import type { Query, TableOption } from "../1-parse/ast.ts";
import type { Rel, RelColumn } from "../2-analyze/rel.ts";
import type { Rex } from "../2-analyze/rex.ts";
import { Database } from "./database.ts";
import { DEFAULT_CATALOG, DEFAULT_DATABASE, defaultPath, type ObjectPath, pathText } from "./object-path.ts";
import type { TableDefinition } from "./table-definition.ts";
import type { CatalogModel } from "./catalog-model.ts";
import { UserFunctions } from "./user-functions.ts";

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
  readonly path: ObjectPath;
  /** The last part of the path. */
  readonly name: string;
  readonly temporary: boolean;
  readonly columns: readonly TableColumn[];
  /** Rowtime column and the watermark expression over all columns. `fromSource` = SOURCE_WATERMARK(): the connector makes it. */
  readonly watermark: { readonly column: number; readonly expr: Rex; readonly fromSource: boolean } | null;
  readonly primaryKey: readonly number[];
  readonly partitionKeys: readonly string[];
  /** What the source emits: +I only, all four kinds, or +I +U -D by primary key. */
  readonly changelogMode: "insert" | "retract" | "upsert";
  /** What the sink takes: +I only, +I +U -D by key, or all kinds; null = it cannot be written to, or nobody knows the connector. */
  readonly sinkMode: "insert" | "upsert" | "all" | null;
  /** The sink says that it takes upserts, even when a statement only inserts. Most say what the statement has of what they take. */
  readonly alwaysUpserts?: boolean;
  readonly options: ReadonlyMap<string, TableOption>;
  /** The connector answers by key, so FOR SYSTEM_TIME AS OF processing time can ask it. */
  readonly lookup?: LookupOffer;
  /** False when the connector leaves watermarks to an operator behind it. */
  readonly watermarkPushDown?: boolean;
  /** How plans call it; absent = catalog, database and name. */
  readonly explainName?: string;
  /** Text that the spans of `options` refer to is the given DDL, not the learner's script. */
  readonly given: boolean;
  /** As it was declared: what SHOW CREATE TABLE prints and ALTER TABLE changes. */
  readonly definition: TableDefinition;
}

/** How the connector answers: while the task waits, or later. */
export interface LookupOffer {
  readonly sync: boolean;
  readonly async: boolean;
}

export interface CatalogView {
  readonly kind: "view";
  readonly path: ObjectPath;
  readonly name: string;
  readonly temporary: boolean;
  readonly comment: string | null;
  /** Its schema, settled when it was made: later its query may give other types, which are cast to these. */
  readonly columns: readonly RelColumn[];
  /** Names that its query gave them when the view was made. */
  readonly queryColumns: readonly string[];
  readonly query: Query;
  /** What a program has built as a table; then `query` only stands for it. */
  readonly rel?: Rel;
}

export type CatalogObject = CatalogTable | CatalogView;

export interface CatalogEntry {
  readonly name: string;
  readonly comment: string | null;
  readonly options: ReadonlyMap<string, string>;
  readonly databases: Map<string, Database>;
}

/** `catalog.database.table`, as Flink's messages write it. */
export function tableName({ path }: { readonly path: ObjectPath }): string {
  return pathText(path);
}

export class Catalog {
  /** By path as text. */
  readonly models: Map<string, CatalogModel>;
  /** Partitions that ALTER TABLE has added, by their table's path as text: `d=1/h=2`. */
  readonly partitions: Map<string, readonly string[]>;
  readonly catalogs: Map<string, CatalogEntry>;
  readonly functions: UserFunctions;
  private readonly temporary: Map<string, CatalogObject>;
  currentCatalog: string;
  currentDatabase: string;

  constructor(shared?: Catalog) {
    this.catalogs = shared?.catalogs ?? new Map();
    this.functions = shared?.functions ?? new UserFunctions();
    this.temporary = shared?.temporary ?? new Map();
    this.models = shared?.models ?? new Map();
    this.partitions = shared?.partitions ?? new Map();
    this.currentCatalog = shared?.currentCatalog ?? DEFAULT_CATALOG;
    this.currentDatabase = shared?.currentDatabase ?? DEFAULT_DATABASE;
    if (shared === undefined) this.addCatalog(DEFAULT_CATALOG, { comment: null, options: new Map(), database: DEFAULT_DATABASE });
  }

  /** The same objects seen from another database: names in a view mean what they meant where it was made. */
  within({ catalog, database }: ObjectPath): Catalog {
    if (catalog === this.currentCatalog && database === this.currentDatabase) return this;
    const view = new Catalog(this);
    view.currentCatalog = catalog;
    view.currentDatabase = database;
    return view;
  }

  addCatalog(
    name: string,
    {
      comment,
      options,
      database,
    }: { readonly comment: string | null; readonly options: ReadonlyMap<string, string>; readonly database: string },
  ): void {
    const databases = new Map([[database, new Database(database, null, new Map())]]);
    this.catalogs.set(name, { name, comment, options, databases });
  }

  /** The full path of a name with one to three parts. */
  qualify(parts: readonly string[]): ObjectPath {
    return defaultPath(parts, this.currentCatalog, this.currentDatabase);
  }

  database({ catalog, database }: Pick<ObjectPath, "catalog" | "database">): Database | undefined {
    return this.catalogs.get(catalog)?.databases.get(database);
  }

  /** What the name means: a temporary object before a permanent one. */
  find(parts: readonly string[]): CatalogObject | undefined {
    return this.at(this.qualify(parts));
  }

  at(path: ObjectPath): CatalogObject | undefined {
    return this.temporary.get(pathText(path)) ?? this.permanentAt(path);
  }

  temporaryAt(path: ObjectPath): CatalogObject | undefined {
    return this.temporary.get(pathText(path));
  }

  permanentAt(path: ObjectPath): CatalogObject | undefined {
    return this.database(path)?.objects.get(path.name);
  }

  /** `find` for a name of one part. */
  get(name: string): CatalogObject | undefined {
    return this.find([name]);
  }

  /** Puts an object where its path says; its database must exist, unless it is temporary. */
  set(object: CatalogObject): void {
    if (object.temporary) this.temporary.set(pathText(object.path), object);
    else this.database(object.path)?.objects.set(object.path.name, object);
  }

  /** Takes away the temporary object of that path, else the permanent one. False = there is none. */
  delete(name: string): boolean {
    return this.deleteAt(this.qualify([name]));
  }

  deleteAt(path: ObjectPath): boolean {
    return this.temporary.delete(pathText(path)) || this.database(path)?.objects.delete(path.name) === true;
  }

  deletePermanent(path: ObjectPath): boolean {
    return this.database(path)?.objects.delete(path.name) === true;
  }

  /** Objects that a database holds and temporary ones named into it, by name. */
  objectsIn({ catalog, database }: Pick<ObjectPath, "catalog" | "database">): CatalogObject[] {
    const byName = new Map(this.database({ catalog, database })?.objects);
    for (const object of this.temporary.values()) {
      if (object.path.catalog === catalog && object.path.database === database) byName.set(object.name, object);
    }
    return [...byName.values()];
  }

  /** Names of the current database, for hints. */
  names(): string[] {
    return this.here().map(({ name }) => name);
  }

  tables(): CatalogTable[] {
    return this.here().filter((object) => object.kind === "table");
  }

  private here(): CatalogObject[] {
    return this.objectsIn({ catalog: this.currentCatalog, database: this.currentDatabase });
  }
}
