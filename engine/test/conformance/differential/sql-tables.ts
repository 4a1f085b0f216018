/** Random input tables of SQL cases: events out of order and late, and changelogs that take back only what they have given. */
import type { Choices } from "./choices.ts";

export type CaseRow = readonly [seq: number, op: string, values: readonly unknown[]];

export interface GeneratedTable {
  readonly name: string;
  readonly columns: readonly (readonly [name: string, type: string])[];
  readonly changelogMode: "insert" | "retract" | "upsert";
  readonly primaryKey?: readonly string[];
  readonly rowtime?: string;
  readonly watermarkDelayMs?: number;
  readonly computed?: readonly (readonly [name: string, expression: string])[];
  readonly rows: readonly CaseRow[];
}

export interface GeneratedQuery {
  readonly title: string;
  readonly tables: readonly GeneratedTable[];
  readonly setup?: readonly string[];
  readonly config?: Readonly<Record<string, string>>;
  readonly query: string;
}

const START_MS = Date.UTC(2026, 2, 2, 10);

export function timeText(minutes: number): string {
  return new Date(START_MS + Math.round(minutes * 60_000)).toISOString().replace("T", " ").replace("Z", "");
}

/** Hands out arrival numbers over several tables. */
export class Arrivals {
  private readonly free: number[];

  constructor(choices: Choices, total: number) {
    const numbers = Array.from({ length: total }, (_, i) => i);
    for (let i = total - 1; i > 0; i--) {
      const j = choices.int(0, i);
      [numbers[i], numbers[j]] = [numbers[j], numbers[i]];
    }
    this.free = numbers;
  }

  take(count: number): number[] {
    return this.free.splice(0, count).sort((a, b) => a - b);
  }
}

export interface EventTableOptions {
  readonly name: string;
  readonly seqs: readonly number[];
  readonly keys?: readonly (string | null)[];
  readonly computed?: GeneratedTable["computed"];
  /** Columns besides k, id, v, ts. */
  readonly primaryKey?: readonly string[];
}

/** `k STRING, id INT, v INT, ts TIMESTAMP(3)`, inserts, about a minute apart, some late. */
export function eventTable(choices: Choices, { name, seqs, keys = ["a", "b"], computed, primaryKey }: EventTableOptions): GeneratedTable {
  const delay = choices.of([0, 2, 4]);
  const rows = seqs.map((seq, i): CaseRow => {
    const minute = Math.max(0, i + choices.of([0, 0, 0, 1, 2, -1, -3, -6]));
    const value = choices.chance(8) ? null : choices.int(-5, 30);
    return [seq, "+I", [choices.of(keys), i, value, timeText(minute)]];
  });
  return {
    name,
    columns: [
      ["k", "STRING"],
      ["id", primaryKey === undefined ? "INT" : "INT NOT NULL"],
      ["v", "INT"],
      ["ts", "TIMESTAMP(3)"],
    ],
    rowtime: "ts",
    watermarkDelayMs: delay * 60_000,
    changelogMode: "insert",
    ...(computed === undefined ? {} : { computed }),
    rows,
  };
}

export interface ChangingTableOptions {
  readonly name: string;
  readonly seqs: readonly number[];
  /** With a primary key `id`; else rows are what they are. */
  readonly keyed: boolean;
  readonly mode?: "retract" | "upsert";
  readonly keys?: readonly (string | null)[];
}

/** `id INT, k STRING, v INT`: rows that come, change and go. */
export function changingTable(
  choices: Choices,
  { name, seqs, keyed, mode = "retract", keys = ["a", "b", "c"] }: ChangingTableOptions,
): GeneratedTable {
  const alive: unknown[][] = [];
  const rows: CaseRow[] = [];
  let at = 0;
  const fresh = (id: number): unknown[] => [id, choices.of(keys), choices.chance(10) ? null : choices.int(0, 6)];
  while (at < seqs.length) {
    const index = alive.length === 0 ? -1 : choices.int(0, alive.length - 1);
    const what = choices.weighted([
      [5, "insert"],
      [4, "update"],
      [3, "delete"],
    ] as const);
    if (index < 0 || what === "insert") {
      const ids = [1, 2, 3, 4, 5, 6].filter((id) => !keyed || !alive.some((row) => row[0] === id));
      if (ids.length === 0) continue;
      const row = fresh(choices.of(ids));
      alive.push(row);
      rows.push([seqs[at++], "+I", row]);
    } else if (what === "delete") {
      rows.push([seqs[at++], "-D", alive[index]]);
      alive.splice(index, 1);
    } else {
      const row = fresh(alive[index][0] as number);
      if (mode === "retract") {
        if (at + 1 >= seqs.length) break;
        rows.push([seqs[at++], "-U", alive[index]]);
      }
      rows.push([seqs[at++], "+U", row]);
      alive[index] = row;
    }
  }
  return {
    name,
    columns: [
      ["id", keyed ? "INT NOT NULL" : "INT"],
      ["k", "STRING"],
      ["v", "INT"],
    ],
    ...(keyed ? { primaryKey: ["id"] } : {}),
    changelogMode: mode,
    rows,
  };
}
