/** The least for the greatest, the first for the last, rows counted for values and values for rows, fractions cut off, filters and defaults forgotten. */
import type { Change } from "../mutant.ts";
import type { ScriptMutator, ScriptText } from "./script-text.ts";

const OTHERS: Readonly<Record<string, string | undefined>> = {
  MIN: "MAX",
  MAX: "MIN",
  FIRST_VALUE: "LAST_VALUE",
  LAST_VALUE: "FIRST_VALUE",
  FIRST: "LAST",
  LAST: "FIRST",
  LAG: "LEAD",
  TUMBLE_START: "TUMBLE_END",
  TUMBLE_END: "TUMBLE_START",
  HOP_START: "HOP_END",
  HOP_END: "HOP_START",
  SESSION_START: "SESSION_END",
  SESSION_END: "SESSION_START",
};

export const aggregates: ScriptMutator = (script, at) => {
  if (script.word(at + 1) !== "(") return [];
  const other = OTHERS[script.word(at)];
  if (other !== undefined) return [script.replace(at, at, other)];
  switch (script.word(at)) {
    case "COUNT":
      if (script.word(at + 2) === "*") return countedValues(script, at);
      return script.word(at + 2) === "DISTINCT" ? [] : [script.replace(at, script.closing(at + 1), "COUNT(*)")];
    case "COALESCE":
    case "IFNULL": {
      const [value] = script.items(at + 2, script.closing(at + 1) - 1);
      return [script.replace(at, script.closing(at + 1), script.slice(value!.from, value!.to))];
    }
    case "CAST":
      return withoutFraction(script, at);
    case "FILTER":
      return [script.drop(at, script.closing(at + 1))];
    default:
      return [];
  }
};

/** `COUNT(*)` → `COUNT(column)`: what is missing does not count. Of the columns that can be missing one that the query aggregates, or else the first. */
function countedValues(script: ScriptText, at: number): Change[] {
  const select = script.queryStart(at);
  const table = select < 0 ? null : script.tableOf(select);
  if (table === null) return [];
  const keys = keysOf(script, at);
  const candidates = script.columnsOf(table).filter(({ name, type, timeAttribute }) => {
    const isIdentifier = /(^|_)id$/i.test(name);
    return (
      timeAttribute === null && !type.endsWith("NOT NULL") && !isIdentifier && !keys.has(name.toUpperCase()) && !script.isMadeInto(name)
    );
  });
  const column = candidates.find(({ name }) => isAggregated(script, select, name)) ?? candidates[0];
  return column === undefined ? [] : [script.replace(at, script.closing(at + 1), `COUNT(\`${column.name}\`)`)];
}

/** Whether `MAX(column)` or the like stands in the statement, from its query on. */
function isAggregated(script: ScriptText, select: number, column: string): boolean {
  for (let at = select; at < script.tokens.length && script.word(at) !== ";"; at++) {
    if (!AGGREGATES.includes(script.word(at)) || script.word(at + 1) !== "(") continue;
    const end = script.closing(at + 1);
    for (let inside = at + 2; inside < end; inside++) if (script.tokens[inside]!.text === column) return true;
  }
  return false;
}

const AGGREGATES = ["SUM", "AVG", "MIN", "MAX"];

/** Columns that this statement groups or partitions by somewhere. */
function keysOf(script: ScriptText, at: number): ReadonlySet<string> {
  const keys = new Set<string>();
  for (let key = script.statementStart(at); key < script.tokens.length && script.word(key) !== ";"; key++) {
    if (!script.reads(key, "GROUP", "BY") && !script.reads(key, "PARTITION", "BY")) continue;
    const end = script.clauseEnd(key);
    for (let name = key + 2; name <= end; name++) keys.add((script.tokens[name]?.text ?? "").toUpperCase());
  }
  return keys;
}

/** `CAST(n AS DOUBLE)` → n: the quotient or the mean of whole numbers is a whole number. */
function withoutFraction(script: ScriptText, at: number): Change[] {
  const end = script.closing(at + 1);
  for (let as = at + 2; as < end; as++) {
    if (script.word(as) !== "AS" || !["DOUBLE", "FLOAT", "DECIMAL"].includes(script.word(as + 1))) continue;
    return [script.replace(at, end, script.slice(at + 2, as - 1))];
  }
  return [];
}

/** What a window calls its bounds; not what a column is to be called. */
export const windowBounds: ScriptMutator = (script, at) => {
  if (script.clauseOf(at) !== "SELECT" || script.word(at - 1) === "AS") return [];
  const word = script.word(at);
  if (word === "WINDOW_START") return [script.replace(at, at, "window_end")];
  return word === "WINDOW_END" ? [script.replace(at, at, "window_start")] : [];
};
