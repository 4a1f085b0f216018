/** Plain-text tables for the terminal. */
export function table(columns: readonly string[], rows: readonly (readonly unknown[])[], { maxWidth = 60 } = {}): string {
  const text = rows.map((row) => row.map((value) => cell(value, maxWidth)));
  const widths = columns.map((column, index) => Math.max(column.length, ...text.map((row) => row[index]?.length ?? 0)));
  const line = (cells: readonly string[]) => `  ${cells.map((value, index) => value.padEnd(widths[index]!)).join("  ")}`.trimEnd();
  return [line(columns), line(widths.map((width) => "-".repeat(width))), ...text.map(line)].join("\n");
}

function cell(value: unknown, maxWidth: number): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  return text.length > maxWidth ? `${text.slice(0, maxWidth - 1)}…` : text;
}
