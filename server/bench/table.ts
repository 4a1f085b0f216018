/** Figures beside their targets. */

export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly target?: { readonly atMost: number } | { readonly atLeast: number };
}

/** Written so that a figure that is no number misses. */
export function missedOf({ value, target }: Row): boolean {
  if (target === undefined) return false;
  return "atMost" in target ? !(value <= target.atMost) : !(value >= target.atLeast);
}

export function printed(rows: readonly Row[]): string[] {
  const lines = rows.map((row) => [
    row.name,
    `${row.value.toFixed(row.value < 20 && !Number.isInteger(row.value) ? 2 : 0)} ${row.unit}`,
    row.target === undefined ? "" : "atMost" in row.target ? `≤ ${row.target.atMost}` : `≥ ${row.target.atLeast}`,
    row.target === undefined ? "" : missedOf(row) ? "missed" : "ok",
  ]);
  const all = [["", "", "target", ""], ...lines];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((line) => line[column]!.length)));
  return all.map((line) =>
    line
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
      .join("  ")
      .trimEnd(),
  );
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(Math.max(Math.ceil(sorted.length * share) - 1, 0), sorted.length - 1)] ?? Number.NaN;
}
