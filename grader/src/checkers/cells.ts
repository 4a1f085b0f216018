/** When two cells are the same. */
import { resolveTime } from "../plan/time-text.ts";
import type { OutputColumn } from "../pack/problem.ts";

/** A text that is equal for equal cells (tolerances apart). */
export function canonicalCell(column: OutputColumn, value: unknown): string {
  if (value === null || value === undefined) return "null";
  const instant = column.type === "time" ? instantOf(value) : null;
  if (instant !== null) return String(instant);
  if (typeof value === "string") return value;
  if (typeof value === "object") return JSON.stringify(sortKeys(value));
  return Object.is(value, -0) ? "0" : String(value);
}

/** Epoch ms of a number, an ISO or an SQL timestamp; null when it is none. */
export function instantOf(value: unknown): number | null {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return null;
  if (/^-?\d{9,}$/.test(value)) return Number(value);
  return value.includes("-") ? resolveTime(value, null) : null;
}

export function sameCell(column: OutputColumn, expected: unknown, actual: unknown): boolean {
  if (column.type === "number" && column.tolerance > 0) {
    const [a, b] = [numberOf(expected), numberOf(actual)];
    if (a !== null && b !== null) return Math.abs(a - b) <= column.tolerance;
  }
  return canonicalCell(column, expected) === canonicalCell(column, actual);
}

export function sameRow(columns: readonly OutputColumn[], expected: readonly unknown[], actual: readonly unknown[]): boolean {
  return columns.every((column, index) => sameCell(column, expected[index], actual[index]));
}

function numberOf(value: unknown): number | null {
  if (typeof value !== "number" && typeof value !== "string") return null;
  const number = Number(value);
  return value === "" || Number.isNaN(number) ? null : number;
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sortKeys(item)]));
}
