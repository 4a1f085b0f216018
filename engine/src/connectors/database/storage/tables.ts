/** The tables of a database by name. */
import { nearestName } from "../../log/nearest-name.ts";
import type { TableDescription } from "../database-description.ts";
import { PostgresError, SQLSTATE } from "../postgres-error.ts";
import { Table } from "./table.ts";

export class Tables {
  private readonly byQualifiedName = new Map<string, Table>();

  /** @throws Error when two have one name */
  constructor(descriptions: readonly TableDescription[]) {
    for (const description of descriptions) {
      const table = new Table(description);
      if (this.byQualifiedName.has(table.qualifiedName)) throw new Error(`Two tables are called "${table.qualifiedName}".`);
      this.byQualifiedName.set(table.qualifiedName, table);
    }
  }

  all(): readonly Table[] {
    return [...this.byQualifiedName.values()];
  }

  /** @param name with or without its schema, which is `public` unless given. @throws PostgresError 42P01 */
  get(name: string): Table {
    const table = this.byQualifiedName.get(name.includes(".") ? name : `public.${name}`);
    if (table !== undefined) return table;
    const names = this.all().map((one) => (one.schema === "public" ? one.name : one.qualifiedName));
    const nearest = nearestName(name, names);
    throw new PostgresError(SQLSTATE.undefinedTable, `relation "${name}" does not exist`, {
      hint: nearest === undefined ? `There are: ${names.join(", ")}.` : `Did you mean "${nearest}"?`,
    });
  }
}
