/**
 * The stand-in for Parquet: rows as JSON lines between Parquet's magic words, with a footer that counts them. What matters is kept: a file
 * without its footer cannot be read.
 */
import { toPlainValue } from "../log/plain-value.ts";

const MAGIC = "PAR1";

export const PARQUET_BEGINNING = `${MAGIC}\n`;

export function parquetRow(row: unknown): string {
  return `${JSON.stringify(toPlainValue(row))}\n`;
}

export function parquetFooter(rows: number): string {
  return `{"rows":${rows}}\n${MAGIC}`;
}

export function parquetText(rows: readonly unknown[]): string {
  return PARQUET_BEGINNING + rows.map(parquetRow).join("") + parquetFooter(rows.length);
}

/** JSON texts of the rows. @throws Error when the file was never finished. */
export function parquetRows(content: string): string[] {
  const lines = content.split("\n");
  if (lines[0] === MAGIC && lines.length >= 3 && lines[lines.length - 1] === MAGIC) return lines.slice(1, -2);
  throw new Error(`This is not a Parquet file (expected magic number ${MAGIC} at its beginning and its end).`);
}
