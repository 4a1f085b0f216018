/** How values read inside a sentence. */
import { instantOf } from "../checkers/cells.ts";
import type { OutputColumn } from "../pack/problem.ts";

/** "10:00:00" on the day of `startMs`, else with its date; milliseconds only when there are any. UTC. */
export function formatInstant(epochMs: number, startMs: number): string {
  const date = new Date(epochMs);
  if (Number.isNaN(date.getTime())) return String(epochMs);
  const iso = date.toISOString();
  const clock = iso.slice(11, iso.endsWith(".000Z") ? 19 : 23);
  const sameDay = iso.slice(0, 10) === new Date(startMs).toISOString().slice(0, 10);
  return sameDay ? clock : `${iso.slice(0, 10)} ${clock}`;
}

export function formatCell(column: OutputColumn, value: unknown, startMs: number): string {
  if (column.type === "time") {
    const instant = instantOf(value);
    if (instant !== null) return formatInstant(instant, startMs);
  }
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "null");
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** "1 row", "3 rows". */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
