import type { CatalogObject } from "./catalog.ts";

/** A database of a catalog, with its permanent tables and views by name. */
export class Database {
  readonly name: string;
  readonly comment: string | null;
  readonly properties: Map<string, string>;
  readonly objects = new Map<string, CatalogObject>();

  constructor(name: string, comment: string | null, properties: ReadonlyMap<string, string>) {
    this.name = name;
    this.comment = comment;
    this.properties = new Map(properties);
  }
}
