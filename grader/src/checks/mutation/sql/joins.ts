/** Joins that lose or invent rows, and versions that are not those of the row's own time. */
import type { ScriptMutator } from "./script-text.ts";

export const joins: ScriptMutator = (script, at) => {
  const word = script.word(at);
  if (script.reads(at, "FOR", "SYSTEM_TIME", "AS", "OF")) {
    let end = at + 4;
    while (script.word(end + 1) === ".") end += 2;
    if (script.word(end + 1) === "(") end = script.closing(end + 1);
    return [script.drop(at, end)];
  }
  if (word !== "JOIN") return [];
  const before = script.word(at - 1);
  if (before === "CROSS") return [];
  const outer = before === "OUTER" ? at - 2 : at - 1;
  switch (script.word(outer)) {
    case "LEFT":
      return [script.replace(outer, at, "JOIN")];
    case "RIGHT":
      return [script.replace(outer, at, "JOIN")];
    case "FULL":
      return [script.replace(outer, at, "LEFT JOIN"), script.replace(outer, at, "RIGHT JOIN")];
    case "INNER":
      return [script.replace(outer, at, "LEFT JOIN")];
    default:
      return [script.replace(at, at, "LEFT JOIN")];
  }
};
