/** Settings and hints that are not there. */
import type { ScriptMutator } from "./script-text.ts";

export const settings: ScriptMutator = (script, at) => {
  if (script.word(at) === "/*+") {
    let end = at;
    while (end < script.tokens.length - 2 && script.word(end) !== "*/") end++;
    return [script.drop(at, end)];
  }
  if (script.word(at) !== "SET" || script.statementStart(at) !== at || script.tokens[at + 1]?.kind !== "string") return [];
  let end = at;
  while (end < script.tokens.length - 2 && script.word(end) !== ";") end++;
  return [script.drop(at, end)];
};
