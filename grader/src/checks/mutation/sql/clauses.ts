/** Clauses left out, columns of GROUP BY forgotten, Top-N from the wrong end. */
import type { Change } from "../mutant.ts";
import type { ScriptMutator } from "./script-text.ts";

export const clauses: ScriptMutator = (script, at) => {
  const word = script.word(at);
  if (word === "WHERE" || word === "HAVING") return [script.drop(at, script.clauseEnd(at))];
  if (word === "DISTINCT" && script.word(at - 1) !== "IS") return [script.drop(at, at, { was: script.slice(at, at + 1) })];
  if (script.reads(at, "UNION", "ALL")) return [script.replace(at, at + 1, "UNION")];
  if (word === "UNION") return [script.replace(at, at, "UNION ALL")];
  if (word === "LIMIT" && script.tokens[at + 1]?.kind === "integer") {
    const figure = Number(script.tokens[at + 1]!.text);
    return [figure + 1, figure - 1].map((off) => script.replace(at, at + 1, `LIMIT ${off}`));
  }
  return [];
};

export const grouping: ScriptMutator = (script, at) => {
  const partitions = script.reads(at, "PARTITION", "BY");
  if (!partitions && !script.reads(at, "GROUP", "BY")) return [];
  const end = partitions ? partitionEnd(script, at) : script.clauseEnd(at);
  const items = script.items(at + 2, end);
  // Without its only key a GROUP BY is another query; a window, a pattern or a ranking is one over everything.
  if (items.length < 2) return partitions ? [script.drop(at, end)] : [];
  return items.map(({ from, to }, index): Change => {
    // The comma behind it goes along, behind the last one that before it.
    const start = index === items.length - 1 ? from - 1 : from;
    const told = { was: `${script.slice(at, at + 1)} … ${script.slice(from, to)}`, becomes: "none" };
    return script.replace(start, index === items.length - 1 ? to : to + 1, "", told);
  });
};

function partitionEnd(script: Parameters<ScriptMutator>[0], at: number): number {
  let next = at + 2;
  while (next < script.tokens.length - 1 && !["ORDER", "ROWS", "RANGE", "MEASURES", "ONE", "ALL"].includes(script.word(next))) {
    if (script.word(next) === ")") return next - 1;
    if (script.word(next) === "(") next = script.closing(next);
    next++;
  }
  return next - 1;
}

export const ordering: ScriptMutator = (script, at) => {
  if (!script.reads(at, "ORDER", "BY")) return [];
  let end = at + 2;
  while (end < script.tokens.length - 1 && ![")", "ROWS", "RANGE", "LIMIT", ";", "MEASURES", "ONE"].includes(script.word(end))) {
    if (script.word(end) === "(") end = script.closing(end);
    end++;
  }
  return script.items(at + 2, end - 1).map(({ from, to }) => {
    const last = script.word(to);
    const was = `ORDER BY ${script.slice(from, to)}`;
    if (last === "DESC" || last === "ASC")
      return script.replace(to, to, last === "DESC" ? "ASC" : "DESC", { was, becomes: last === "DESC" ? "ASC" : "DESC" });
    return script.replace(to, to, `${script.slice(to, to)} DESC`, { was, becomes: "DESC" });
  });
};
