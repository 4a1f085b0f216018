/** Settings and hints that are not there; state that lives half as long, or twice. */
import type { Change } from "../mutant.ts";
import type { ScriptMutator, ScriptText } from "./script-text.ts";

export const settings: ScriptMutator = (script, at) => {
  if (script.word(at) === "/*+") {
    let end = at;
    while (end < script.tokens.length - 2 && script.word(end) !== "*/") end++;
    return [script.drop(at, end), ...otherLifetimes(script, at, end)];
  }
  if (script.word(at) !== "SET" || script.statementStart(at) !== at || script.tokens[at + 1]?.kind !== "string") return [];
  let end = at;
  while (end < script.tokens.length - 2 && script.word(end) !== ";") end++;
  return [script.drop(at, end), ...otherLifetimes(script, at, end)];
};

/** `'table.exec.state.ttl' = '1 h'`, `STATE_TTL('t' = '1 h')`. */
function otherLifetimes(script: ScriptText, from: number, to: number): Change[] {
  const isLifetime = /^SET\s+'table\.exec\.state\.ttl'|STATE_TTL/i.test(script.slice(from, to));
  if (!isLifetime) return [];
  const changes: Change[] = [];
  for (let at = from; at <= to; at++) {
    const token = script.tokens[at]!;
    const [, figure = "", unit = ""] = /^(\d+)(\s*[a-z]+)$/i.exec(token.text) ?? [];
    if (token.kind !== "string" || script.word(at - 1) !== "=" || figure === "") continue;
    const [half, twice] = [`'${Number(figure) / 2}${unit}'`, `'${Number(figure) * 2}${unit}'`];
    changes.push(script.replace(at, at, twice, { becomes: twice }));
    if (Number(figure) % 2 === 0) changes.push(script.replace(at, at, half));
    else changes.push(...inSmallerUnits(script, at, Number(figure), unit.trim().toLowerCase()));
  }
  return changes;
}

const SMALLER: Readonly<Record<string, readonly [number, string] | undefined>> = { d: [12, "h"], h: [30, "min"], min: [30, "s"] };

/** Half of `1 h` is `30 min`. */
function inSmallerUnits(script: ScriptText, at: number, figure: number, unit: string): Change[] {
  const smaller = SMALLER[unit];
  return smaller === undefined ? [] : [script.replace(at, at, `'${figure * smaller[0]} ${smaller[1]}'`)];
}
