/** How a value of a table is written. Columns know their role from the problem's sample tables. */
import type { SampleTable } from "@millrace/server/contract";
import { timeFormatterFor, timeOf } from "../visuals/format-time.ts";

export type ColumnRole = SampleTable["columns"][number]["role"];

export interface TableColumn {
  readonly name: string;
  readonly role: ColumnRole;
}

/** Roles of a topic's columns as far as the samples tell them; what they do not know is a plain value. */
export function columnsOf(names: readonly string[], known: readonly TableColumn[] | undefined): TableColumn[] {
  return names.map((name) => ({ name, role: known?.find((c) => c.name === name)?.role ?? "value" }));
}

export function isTimeRole(role: ColumnRole): boolean {
  return role === "eventTime" || role === "processingTime";
}

/** One writer per column, so that a column either has dates everywhere or nowhere. */
export function cellWriters(columns: readonly TableColumn[], rows: readonly (readonly unknown[])[]): ((value: unknown) => string)[] {
  return columns.map((column, i) => {
    if (!isTimeRole(column.role)) return plainText;
    const time = timeFormatterFor(rows.map((row) => row[i]));
    return (value) => {
      const ms = timeOf(value);
      return ms === null ? plainText(value) : time(ms);
    };
  });
}

export function plainText(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "string") return value;
  return JSON.stringify(value);
}

/** Numbers stand at the right edge, times and texts at the left. */
export function isNumeric(column: TableColumn, rows: readonly (readonly unknown[])[], index: number): boolean {
  if (column.role !== "value") return false;
  return rows.some((row) => typeof row[index] === "number") && rows.every((row) => typeof row[index] === "number" || row[index] === null);
}
