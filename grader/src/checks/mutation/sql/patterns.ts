/** Frames of OVER and patterns of MATCH_RECOGNIZE: rows for times, all of history, matches that overlap or take for ever. */
import type { Change } from "../mutant.ts";
import type { ScriptMutator, ScriptText } from "./script-text.ts";

export const frames: ScriptMutator = (script, at) => {
  const word = script.word(at);
  if ((word !== "RANGE" && word !== "ROWS") || script.word(at + 1) !== "BETWEEN") return [];
  const other = word === "RANGE" ? "ROWS" : "RANGE";
  const whole = script.reads(at + 2, "UNBOUNDED", "PRECEDING");
  // A frame by an interval cannot be one of rows; the whole of history is what a RANGE is without its bounds.
  return whole ? [script.replace(at, at, other)] : [withoutBounds(script, at)];
};

function withoutBounds(script: ScriptText, at: number): Change {
  let end = at;
  while (end < script.tokens.length - 2 && script.word(end + 1) !== ")")
    end = script.word(end + 1) === "(" ? script.closing(end + 1) : end + 1;
  return script.drop(at, end);
}

export const matches: ScriptMutator = (script, at) => {
  if (script.reads(at, "SKIP", "PAST", "LAST", "ROW")) return [script.replace(at, at + 3, "SKIP TO NEXT ROW")];
  if (script.reads(at, "SKIP", "TO", "NEXT", "ROW")) return [script.replace(at, at + 3, "SKIP PAST LAST ROW")];
  if (!script.reads(at, "WITHIN", "INTERVAL")) return [];
  return [script.drop(at, at + 3)];
};
