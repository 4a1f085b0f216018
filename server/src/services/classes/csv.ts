/** Tables as CSV that spreadsheets open as text: no cell is ever taken for a formula, whatever learners call themselves. */

/** Rows of cells → RFC 4180, with a byte order mark, by which spreadsheets know that it is UTF-8. null = an empty cell. */
export function toCsv(rows: readonly (readonly (string | number | null)[])[]): string {
  return `\uFEFF${rows.map((row) => row.map(toCell).join(",")).join("\r\n")}\r\n`;
}

function toCell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n\t']/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}
