/** Conditions: `<` for `<=`, a constant one off, OR for AND, the opposite. */
import type { ScriptMutator, ScriptText } from "./script-text.ts";

const COMPARISONS: Readonly<Record<string, string | undefined>> = { "<": "<=", "<=": "<", ">": ">=", ">=": ">", "=": "<>", "<>": "=" };
/** Where an equals sign compares. In ON it is what makes a join possible, elsewhere it sets something. */
const WHERE_EQUAL_COMPARES = ["WHERE", "HAVING", "WHEN"];

export const conditions: ScriptMutator = (script, at) => {
  const word = script.word(at);
  const other = COMPARISONS[word];
  if (other !== undefined) {
    if ((word === "=" || word === "<>") && !WHERE_EQUAL_COMPARES.includes(script.clauseOf(at))) return [];
    if (script.word(script.statementStart(at)) === "CREATE" && script.clauseOf(at) === "WITH") return [];
    const was = script.slice(at - 1, at + 1);
    return [script.replace(at, at, other, { was, becomes: other }), ...constants(script, at)];
  }
  if (word === "OR") return [script.replace(at, at, "AND")];
  if (word === "AND" && !closesBetween(script, at)) return [script.replace(at, at, "OR")];
  if (word === "BETWEEN" && script.word(at - 1) !== "NOT" && script.clauseOf(at) !== "") {
    return /ROWS|RANGE/.test(script.word(at - 1)) ? [] : [script.replace(at, at, "NOT BETWEEN")];
  }
  if (script.reads(at, "IS", "NOT", "NULL")) return [script.replace(at, at + 2, "IS NULL")];
  if (script.reads(at, "IS", "NULL")) return [script.replace(at, at + 1, "IS NOT NULL")];
  return [];
};

function constants(script: ScriptText, at: number) {
  const was = script.slice(at - 1, at + 1);
  return [at - 1, at + 1].flatMap((side) => {
    const token = script.tokens[side];
    if (token?.kind !== "integer") return [];
    return [Number(token.text) + 1, Number(token.text) - 1].map((off) =>
      script.replace(side, side, String(off), { was, becomes: String(off) }),
    );
  });
}

function closesBetween(script: ScriptText, at: number): boolean {
  let depth = 0;
  for (let before = at - 1; before >= 0; before--) {
    const word = script.word(before);
    if (word === ")") depth++;
    if (word === "(" && --depth < 0) return false;
    if (depth > 0) continue;
    if (word === "BETWEEN") return true;
    if (word === "AND" || word === "OR" || word === "WHERE" || word === "ON" || word === ";") return false;
  }
  return false;
}
