/** Windows and other spans of time: one unit off, another kind of window, no patience for what is late. */
import type { Change } from "../mutant.ts";
import type { ScriptMutator, ScriptText } from "./script-text.ts";

/** `INTERVAL '5' MINUTE` one unit longer and shorter, wherever it stands; nothing for those with several parts. */
export const intervals: ScriptMutator = (script, at) => {
  if (script.word(at) !== "INTERVAL" || script.tokens[at + 1]?.kind !== "string") return [];
  const figure = Number(script.tokens[at + 1]!.text);
  const unit = script.tokens[at + 2]?.text ?? "";
  if (!Number.isInteger(figure) || isDelay(script, at)) return [];
  return [figure + 1, figure - 1]
    .filter((off) => off > 0)
    .map((off) => script.replace(at, at + 2, `INTERVAL '${off}' ${unit}`, { was: `'${figure}' ${unit}`, becomes: `'${off}' ${unit}` }));
};

/** Whether the interval is what a watermark lags behind by. */
function isDelay(script: ScriptText, at: number): boolean {
  return script.word(at - 1) === "-" && script.word(script.statementStart(at)) === "CREATE";
}

/** A watermark without its delay. */
export const watermarks: ScriptMutator = (script, at) => {
  if (script.word(at) !== "INTERVAL" || !isDelay(script, at)) return [];
  return [script.drop(at - 1, at + 2, { was: `watermark ${script.slice(at - 1, at + 2)}` })];
};

/** The other windowing functions; the arguments are made to fit. */
export const windowKinds: ScriptMutator = (script, at) => {
  const word = script.word(at);
  if (script.word(at + 1) !== "(" || script.word(at + 2) !== "TABLE") return [];
  const end = script.closing(at + 1);
  const items = script.items(at + 2, end - 1).map(({ from, to }) => script.slice(from, to));
  const [table = "", time = "", first = "", second] = items;
  const as = (kind: string, ...parameters: readonly string[]): Change =>
    script.replace(at, end, `${kind}(${[table, time, ...parameters].join(", ")})`, { was: word, becomes: kind });
  if (word === "TUMBLE") {
    const smaller = /^INTERVAL\s+'(\d+)'/i.exec(first);
    return smaller === null || Number(smaller[1]) < 2 ? [] : [as("HOP", first.replace(/'\d+'/, "'1'"), first)];
  }
  if (second === undefined) return [];
  if (word === "HOP") return [as("TUMBLE", second), as("CUMULATE", first, second)];
  return word === "CUMULATE" ? [as("TUMBLE", second), as("HOP", first, second)] : [];
};
