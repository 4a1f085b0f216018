/** Which tables' changes are given out under which name. */
import { PostgresError, SQLSTATE } from "../postgres-error.ts";
import type { Table } from "../storage/table.ts";
import type { Tables } from "../storage/tables.ts";

export class Publications {
  private readonly tables: Tables;
  /** null = all tables. */
  private readonly byName = new Map<string, ReadonlySet<Table> | null>();

  constructor(tables: Tables, descriptions: readonly { readonly name: string; readonly tables: readonly string[] | "all" }[]) {
    this.tables = tables;
    for (const { name, tables: members } of descriptions) this.create(name, members);
  }

  /** @throws PostgresError 42P01 */
  create(name: string, members: readonly string[] | "all"): void {
    this.byName.set(name, members === "all" ? null : new Set(members.map((member) => this.tables.get(member))));
  }

  /** As a Debezium connector does at its start: one for all tables, unless there is one of that name. */
  createForAllTablesIfMissing(name: string): void {
    if (!this.byName.has(name)) this.byName.set(name, null);
  }

  /** Some publication has the table. */
  has(table: Table): boolean {
    for (const members of this.byName.values()) if (members === null || members.has(table)) return true;
    return false;
  }

  /** @throws PostgresError 42704 */
  tablesOf(name: string): (table: Table) => boolean {
    const members = this.byName.get(name);
    if (members === undefined) throw new PostgresError(SQLSTATE.undefinedObject, `publication "${name}" does not exist`);
    return members === null ? () => true : (table) => members.has(table);
  }
}
