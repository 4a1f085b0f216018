/** All mistakes that can be put into a script. Add a family: its file, and one line here. */
import type { Change } from "../mutant.ts";
import { aggregates, windowBounds } from "./aggregates.ts";
import { clauses, grouping, ordering } from "./clauses.ts";
import { clocks } from "./clocks.ts";
import { conditions } from "./conditions.ts";
import { joins } from "./joins.ts";
import { frames, matches } from "./patterns.ts";
import { type ScriptMutator, ScriptText } from "./script-text.ts";
import { settings } from "./settings.ts";
import { intervals, watermarks, windowKinds } from "./windows.ts";

const FAMILIES: readonly ScriptMutator[] = [
  conditions,
  clauses,
  grouping,
  ordering,
  joins,
  intervals,
  watermarks,
  windowKinds,
  aggregates,
  windowBounds,
  frames,
  matches,
  clocks,
  settings,
];

/** @param given the DDL in front of the script; names the columns that tables have. */
export function changesOfScript(text: string, given: string): Change[] {
  const script = new ScriptText(text, given);
  return script.tokens.flatMap((_, at) => FAMILIES.flatMap((family) => family(script, at)));
}
