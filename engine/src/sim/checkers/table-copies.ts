/**
 * For jobs that read a database's changes. What comes out depends on when each row was read and when it changed, so there is no run to compare
 * with; but the changes put together must give the table that the database has in the end.
 */
import { canonicalKey, type MapKey } from "../../base/canonical-key.ts";
import type { DatabaseOutcome } from "../../connectors/database/database.ts";
import type { CheckedRun, Checker } from "./checker.ts";

/** A table of a database of the world. */
export interface TableName {
  readonly system: string;
  /** With its schema: `public.orders`. */
  readonly table: string;
  /** Columns that tell rows apart. */
  readonly key: readonly string[];
  /** A column that is true in rows that count as deleted; it is not compared. */
  readonly deletedBy?: string;
}

type Row = Readonly<Record<string, unknown>>;

/** A change as Debezium tells of it. */
interface Change {
  readonly op: string;
  readonly before: Row | null;
  readonly after: Row | null;
}

/**
 * The job's rows are the table's changes, each once and in the order of its key: every one fits what those before it have left (which needs
 * replica identity FULL), and all together give the table.
 */
export function replaysTo(table: TableName): Checker {
  return {
    name: "replays to the table",
    check(run) {
      const copy = new Map<MapKey, Row>();
      for (const { value } of run.rows) {
        const { op, before, after } = value as Change;
        const key = keyOf((after ?? before) as Row, table);
        const there = copy.get(key) ?? null;
        const wanted = op === "r" || op === "c" ? null : before;
        if (!same(there, wanted)) return `a change meets ${JSON.stringify(there)}: ${JSON.stringify(value)}`;
        if (after === null) copy.delete(key);
        else copy.set(key, after);
      }
      return difference([...copy.values()], rowsOf(run, table), table);
    },
  };
}

/** A table that the job writes holds the same rows as the one that it reads. */
export function mirrors(original: TableName, copy: TableName): Checker {
  return {
    name: "mirrors the table",
    check: (run) => difference(rowsOf(run, copy), rowsOf(run, original), original),
  };
}

function rowsOf({ outcome }: CheckedRun, { system, table, deletedBy }: TableName): readonly Row[] {
  const contents = outcome.systems.find(({ name }) => name === system)?.contents as DatabaseOutcome | undefined;
  const found = contents?.tables.find(({ name }) => name === table);
  if (found === undefined) throw new Error(`The world has no table ${table} in ${system}.`);
  if (deletedBy === undefined) return found.rows;
  return found.rows.filter((row) => row[deletedBy] !== true).map(({ [deletedBy]: _, ...row }) => row);
}

function difference(found: readonly Row[], wanted: readonly Row[], table: TableName): string | null {
  const left = new Map(found.map((row) => [keyOf(row, table), row]));
  for (const row of wanted) {
    const key = keyOf(row, table);
    const there = left.get(key) ?? null;
    if (!same(there, row)) return `${JSON.stringify(there)} is there instead of ${JSON.stringify(row)}`;
    left.delete(key);
  }
  const [rest] = left.values();
  return rest === undefined ? null : `${left.size} rows are there that the table has not, first ${JSON.stringify(rest)}`;
}

function keyOf(row: Row, { key }: TableName): MapKey {
  return canonicalKey(key.map((column) => row[column] ?? null));
}

function same(left: Row | null, right: Row | null): boolean {
  if (left === null || right === null) return left === right;
  return canonicalKey(left) === canonicalKey(right);
}
