/** Names and types of a result, in the notation of the cases. */
import type { RelColumn } from "../../../src/sql/2-analyze/rel.ts";
import { columnTypeText } from "../../../src/cases/run-case.ts";

export function differenceOfColumns(ours: readonly RelColumn[], expected: readonly (readonly [string, string])[]): string | null {
  const text = (columns: readonly (readonly [string, string])[]): string => columns.map(([name, type]) => `${name} ${type}`).join(", ");
  const own = ours.map(({ name, type }): [string, string] => [name, columnTypeText(type)]);
  if (own.length !== expected.length) return `columns: ${text(own)} instead of ${text(expected)}`;
  const at = expected.findIndex(([name, type], i) => own[i][0] !== name || own[i][1] !== type);
  return at < 0 ? null : `column ${at + 1}: ${text([own[at]])} instead of ${text([expected[at]])}`;
}
