/** All mistakes that can be put into a script. Add a family: its file, and one line here. */
import type { Change } from "../mutant.ts";
import { aggregates, windowBounds } from "./aggregates.ts";
import { clauses, grouping, ordering } from "./clauses.ts";
import { conditions } from "./conditions.ts";
import { joins } from "./joins.ts";
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
  settings,
];

export function changesOfScript(text: string): Change[] {
  const script = new ScriptText(text);
  return script.tokens.flatMap((_, at) => FAMILIES.flatMap((family) => family(script, at)));
}
