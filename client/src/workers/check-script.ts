/** A script with its functions, checked without running anything. */
import { checkSql } from "@millrace/engine/sql";
import type { DiagnosticData } from "@millrace/server/contract";
import { type FunctionClass, type FunctionExports, functionExportsOf } from "./function-classes.ts";
import type { SqlCheckRequest } from "./sql-diagnostics.ts";

/** More are of no use on one screen; the server cuts them there, too. */
const MAX_DIAGNOSTICS = 20;

/** Who types in one file leaves the other as it is. */
let last: { readonly text: string; readonly exports: FunctionExports | null } = { text: "", exports: new Map() };

/** null = the script names a class of which reading does not tell enough. */
export function checkScript({ text, functions, given, topics }: SqlCheckRequest): readonly DiagnosticData[] | null {
  if (last.text !== functions) last = { text: functions, exports: functionExportsOf(functions) };
  const named = [...text.matchAll(/\bAS\s+'((?:[^']|'')*)'/gi)].map(([, name]) => name);
  if (last.exports === null && named.length > 0) return null;
  const classes = new Map<string, FunctionClass>();
  for (const [name, found] of last.exports ?? []) {
    if (found !== null) classes.set(name, found);
    else if (named.includes(name)) return null;
  }
  return checkSql(text, given, topics, classes).slice(0, MAX_DIAGNOSTICS);
}
