/**
 * Tables outside the cluster, as rows: what a test or a command line gives a job to read, and what sinks have committed. The one system that is there
 * for whoever looks at a job, and not for the job.
 */
import type { Row } from "../../types/row.ts";
import type { OutsideSystem, SystemAction, SystemDescription, SystemFactory } from "../systems/outside-system.ts";
import { unknownFault } from "../systems/call-conditions.ts";
import { ChangelogTable } from "./changelog-table.ts";

export interface ValuesDescription extends SystemDescription {
  readonly kind: "values";
}

export interface ValuesTableOutcome {
  readonly name: string;
  /** Changes committed. */
  readonly changes: number;
  readonly rows: readonly (readonly unknown[])[];
}

interface StoredTable {
  readonly contents: ChangelogTable;
  changes: number;
  readonly committed: Set<string>;
}

export class ValuesStore implements OutsideSystem {
  readonly kind = "values";
  readonly name: string;
  private readonly tables = new Map<string, StoredTable>();
  private writers = 0;

  constructor({ name }: ValuesDescription) {
    this.name = name;
  }

  /** Makes the table, empty; nothing happens when it is there. @param key see `ChangelogTable` */
  createTable(name: string, key: readonly number[]): void {
    if (!this.tables.has(name)) this.tables.set(name, { contents: new ChangelogTable(key), changes: 0, committed: new Set() });
  }

  /** Another number for each writer, also for those of later attempts and jobs. */
  nextWriter(): number {
    return this.writers++;
  }

  /** Applies changes once, however often they are brought under the same id. */
  commit(name: string, id: string, rows: readonly Row[]): void {
    const table = this.tables.get(name);
    if (table === undefined || table.committed.has(id)) return;
    table.committed.add(id);
    table.changes += rows.length;
    for (const row of rows) table.contents.apply(row);
  }

  /** Rows of a table as they are; none when there is no such table. */
  rows(name: string): (readonly unknown[])[] {
    return this.tables.get(name)?.contents.rows() ?? [];
  }

  /** Removes a table and gives its rows. */
  take(name: string): (readonly unknown[])[] {
    const rows = this.rows(name);
    this.tables.delete(name);
    return rows;
  }

  /** How many changes have been committed to a table. */
  changes(name: string): number {
    return this.tables.get(name)?.changes ?? 0;
  }

  outcome(): readonly ValuesTableOutcome[] {
    return [...this.tables].map(([name, { contents, changes }]) => ({ name, changes, rows: contents.rows() }));
  }

  strike(action: SystemAction): void {
    throw unknownFault(this.name, action);
  }
}

export const VALUES_FACTORY: SystemFactory<ValuesDescription> = { kind: "values", create: (description) => new ValuesStore(description) };
