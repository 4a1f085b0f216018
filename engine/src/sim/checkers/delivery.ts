/** What a job promises about its output: each row exactly once, at least once, or the right last value for each key. */
import { type Checker, countRows, type OutputRow, rowText } from "./checker.ts";

/** The committed output is, as a multiset, that of the run in which nothing broke. */
export const exactlyOnce: Checker = {
  name: "exactly once",
  check({ rows, expected }) {
    return difference(rows, expected, true);
  },
};

/** Every row of the quiet run is there; some may be there again. */
export const atLeastOnce: Checker = {
  name: "at least once",
  check({ rows, expected }) {
    return difference(rows, expected, false);
  },
};

/** Rows replace earlier ones of their key, so only each key's last counts; one without a value takes the key away, whether it was there or not. */
export const lastPerKey: Checker = {
  name: "last value per key",
  check({ rows, expected }) {
    return difference(lastRows(rows), lastRows(expected), true);
  },
};

/** The rows of each key come in the order in which the quiet run gave them. */
export const orderPerKey: Checker = {
  name: "order per key",
  check({ rows, expected }) {
    const found = byKey(rows);
    for (const [key, wanted] of byKey(expected)) {
      const got = found.get(key) ?? [];
      const index = wanted.findIndex((text, place) => text !== got[place]);
      if (index >= 0) return `row ${index} of ${key} is ${got[index] ?? "missing"} instead of ${wanted[index]}`;
    }
    return null;
  },
};

function difference(rows: readonly OutputRow[], expected: readonly OutputRow[], exactly: boolean): string | null {
  const found = countRows(rows);
  const wanted = countRows(expected);
  let lost = 0;
  let added = 0;
  let firstLost: string | null = null;
  let firstAdded: string | null = null;
  for (const [text, count] of wanted) {
    const missing = count - (found.get(text) ?? 0);
    if (missing <= 0) continue;
    lost += missing;
    firstLost ??= text;
  }
  for (const [text, count] of found) {
    const more = count - (wanted.get(text) ?? 0);
    // A row that nobody expected is wrong even where repeats are allowed.
    if (more <= 0 || (!exactly && wanted.has(text))) continue;
    added += more;
    firstAdded ??= text;
  }
  if (firstLost === null && firstAdded === null) return null;
  const parts = [
    firstLost === null ? null : `${lost} lost, first ${firstLost}`,
    firstAdded === null ? null : `${added} ${wanted.has(firstAdded) ? "repeated" : "wrong"}, first ${firstAdded}`,
  ];
  return parts.filter((part) => part !== null).join("; ");
}

function lastRows(rows: readonly OutputRow[]): OutputRow[] {
  const last = new Map(rows.map((row) => [`${row.place} ${row.key}`, row]));
  return [...last.values()].filter(({ value }) => value !== null);
}

function byKey(rows: readonly OutputRow[]): Map<string, string[]> {
  const lists = new Map<string, string[]>();
  for (const row of rows) {
    const name = `${row.place}, key ${row.key}`;
    const list = lists.get(name);
    if (list === undefined) lists.set(name, [rowText(row)]);
    else list.push(rowText(row));
  }
  return lists;
}
