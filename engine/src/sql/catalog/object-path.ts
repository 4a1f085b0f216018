import { SqlError } from "../1-parse/sql-error.ts";

/** Where an object lies. (Flink: `ObjectIdentifier`) */
export interface ObjectPath {
  readonly catalog: string;
  readonly database: string;
  readonly name: string;
}

export const DEFAULT_CATALOG = "default_catalog";
export const DEFAULT_DATABASE = "default_database";

/** The parts of a name as it was written. */
export function partsOf(path: readonly { readonly name: string }[]): string[] {
  return path.map(({ name }) => name);
}

/** A name with one to three parts, completed from the left. */
export function defaultPath(parts: readonly string[], catalog = DEFAULT_CATALOG, database = DEFAULT_DATABASE): ObjectPath {
  if (parts.length > 3)
    throw new SqlError("validate", "SQL_IDENTIFIER", "Object identifier must consist of 1 to 3 parts.", null, {
      found: parts.join("."),
      expected: "a name, database.name or catalog.database.name",
    });
  const name = parts[parts.length - 1] ?? "";
  if (parts.length >= 3) return { catalog: parts[parts.length - 3], database: parts[parts.length - 2], name };
  if (parts.length === 2) return { catalog, database: parts[0], name };
  return { catalog, database, name };
}

/** `default_catalog.default_database.t` */
export function pathText({ catalog, database, name }: ObjectPath): string {
  return `${catalog}.${database}.${name}`;
}

/** With every part in backticks: `` `default_catalog`.`default_database`.`t` `` */
export function quotedPath({ catalog, database, name }: ObjectPath): string {
  return [catalog, database, name].map((part) => `\`${part.replaceAll("`", "``")}\``).join(".");
}
