/** The least for the greatest, the first for the last, rows counted for values. */
import type { ScriptMutator } from "./script-text.ts";

const OTHERS: Readonly<Record<string, string | undefined>> = {
  MIN: "MAX",
  MAX: "MIN",
  FIRST_VALUE: "LAST_VALUE",
  LAST_VALUE: "FIRST_VALUE",
  FIRST: "LAST",
  LAST: "FIRST",
  LAG: "LEAD",
  TUMBLE_START: "TUMBLE_END",
  TUMBLE_END: "TUMBLE_START",
  HOP_START: "HOP_END",
  HOP_END: "HOP_START",
  SESSION_START: "SESSION_END",
  SESSION_END: "SESSION_START",
};

export const aggregates: ScriptMutator = (script, at) => {
  if (script.word(at + 1) !== "(") return [];
  const other = OTHERS[script.word(at)];
  if (other !== undefined) return [script.replace(at, at, other)];
  if (script.word(at) !== "COUNT" || script.word(at + 2) === "*" || script.word(at + 2) === "DISTINCT") return [];
  return [script.replace(at, script.closing(at + 1), "COUNT(*)")];
};

/** What a window calls its bounds; not what a column is to be called. */
export const windowBounds: ScriptMutator = (script, at) => {
  if (script.clauseOf(at) !== "SELECT" || script.word(at - 1) === "AS") return [];
  const word = script.word(at);
  if (word === "WINDOW_START") return [script.replace(at, at, "window_end")];
  return word === "WINDOW_END" ? [script.replace(at, at, "window_start")] : [];
};
