/** Conditions: `<` for `<=`, a bound of BETWEEN that does not count, a constant one off, OR for AND, one of several forgotten, the opposite. */
import type { Change } from "../mutant.ts";
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
  if (word === "AND" && !closesBetween(script, at)) return [script.replace(at, at, "OR"), forgotten(script, at)];
  if (word === "BETWEEN" && script.word(at - 1) !== "NOT" && script.clauseOf(at) !== "") {
    return /ROWS|RANGE/.test(script.word(at - 1)) ? [] : [script.replace(at, at, "NOT BETWEEN"), ...strictBounds(script, at)];
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

/** Where a condition ends that begins behind an AND. */
const ENDS = [
  "AND",
  "OR",
  "GROUP",
  "ORDER",
  "HAVING",
  "LIMIT",
  "WINDOW",
  "UNION",
  "WHERE",
  "JOIN",
  "LEFT",
  "INNER",
  "RIGHT",
  "FULL",
  "THEN",
  "ON",
  ",",
  ";",
  "QUALIFY",
];

function conditionEnd(script: ScriptText, from: number): number {
  for (let at = from; at < script.tokens.length; at++) {
    const word = script.word(at);
    if (word === ")" || script.tokens[at]!.kind === "end" || ENDS.includes(word)) return at - 1;
    if (word === "(") at = script.closing(at);
    // The AND of a BETWEEN is part of the condition.
    if (word === "BETWEEN") at = conditionEnd(script, at + 1) + 1;
  }
  return script.tokens.length - 2;
}

/** `a AND b` → a. */
function forgotten(script: ScriptText, at: number): Change {
  const end = conditionEnd(script, at + 1);
  return script.drop(at, end, { was: script.slice(at, end) });
}

/** `x BETWEEN a AND b` → x > a AND x <= b, and x >= a AND x < b. */
function strictBounds(script: ScriptText, at: number): Change[] {
  let from = at - 1;
  while (from > 0 && script.word(from - 1) === ".") from -= 2;
  if (!script.tokens[from]!.identifier) return [];
  const lowerEnd = conditionEnd(script, at + 1);
  if (script.word(lowerEnd + 1) !== "AND") return [];
  const end = conditionEnd(script, lowerEnd + 2);
  const [value, lower, upper] = [script.slice(from, at - 1), script.slice(at + 1, lowerEnd), script.slice(lowerEnd + 2, end)];
  const was = script.slice(from, end);
  return [
    script.replace(from, end, `${value} > ${lower} AND ${value} <= ${upper}`, { was, becomes: `without ${lower}` }),
    script.replace(from, end, `${value} >= ${lower} AND ${value} < ${upper}`, { was, becomes: `without ${upper}` }),
  ];
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
