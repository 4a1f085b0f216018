/** A section of the bench's report: a table whose rows may have a target. */

/** What a figure must reach: a lower bound for rates and ratios, an upper bound for times. */
export type Target = { readonly atLeast: number } | { readonly atMost: number };

export interface Row {
  /** Unique over all sections: names the row in the baseline and in the last line. */
  readonly id: string;
  /** A number for each of the section's columns. */
  readonly figures: Readonly<Record<string, number>>;
  readonly target?: Target;
  /** The result was wrong, whatever its speed. */
  readonly fault?: string;
}

export interface Section {
  readonly title: string;
  /** The column that targets and the baseline are about. */
  readonly judged: string;
  readonly rows: readonly Row[];
}

/** Why the row misses, or null. */
export function missOf({ judged }: Section, { figures, target, fault }: Row): string | null {
  if (fault !== undefined) return fault;
  if (target === undefined) return null;
  const value = figures[judged] ?? Number.NaN;
  // Written so that a figure that is no number misses.
  if ("atLeast" in target) return value >= target.atLeast ? null : `${shortNumber(value)} < ${target.atLeast}`;
  return value <= target.atMost ? null : `${shortNumber(value)} > ${target.atMost}`;
}

/** Lines of the table; `baseline` gives what the judged figure of a row was, if it is known. */
export function tableOf(section: Section, baseline: (id: string) => number | undefined): string[] {
  const columns = [...new Set(section.rows.flatMap(({ figures }) => Object.keys(figures)))];
  const lines = section.rows.map((row) => {
    const before = baseline(row.id);
    const now = row.figures[section.judged];
    const miss = missOf(section, row);
    return [
      row.id,
      ...columns.map((column) => shortNumber(row.figures[column])),
      row.target === undefined ? "" : "atLeast" in row.target ? `≥ ${row.target.atLeast}` : `≤ ${row.target.atMost}`,
      miss !== null ? "MISS" : row.target === undefined ? "" : "ok",
      before === undefined || now === undefined ? "" : `${(now / before).toFixed(2)} × ${shortNumber(before)}`,
    ];
  });
  return ["", section.title, ...aligned([["", ...columns, "target", "", `baseline (${section.judged})`], ...lines])];
}

/** Three digits that count. */
export function shortNumber(value: number | undefined): string {
  if (value === undefined) return "";
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size >= 100 || Number.isInteger(value)) return Math.round(value).toLocaleString("en-US");
  return value.toFixed(size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

/** The first column to the left, the others to the right. */
function aligned(lines: readonly (readonly string[])[]): string[] {
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines.map((line) =>
    line
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join("  ")
      .trimEnd(),
  );
}
