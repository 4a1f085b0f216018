/** Processing time for event time: tables whose rows get the time at which they are seen. */
import type { Edit } from "../mutant.ts";
import type { ScriptMutator, ScriptText } from "./script-text.ts";

/** One mutant for the whole script, since a query on two clocks is mostly no program at all. The time attribute keeps its name, in a view in front of the script. */
export const clocks: ScriptMutator = (script, at) => {
  if (rowtimeReadAt(script, at) === null) return [];
  const tables = new Map<string, string>();
  const edits: Edit[] = [];
  for (let reference = 0; reference < script.tokens.length; reference++) {
    const rowtime = rowtimeReadAt(script, reference);
    if (rowtime === null) continue;
    if (reference < at) return [];
    const { text: table, start, end } = script.tokens[reference]!;
    tables.set(table, rowtime);
    edits.push({ start, end, text: `${table}_as_seen` });
  }
  const views = [...tables].map(([table, rowtime]) => {
    const columns = script.columnsOf(table).map(({ name }) => (name === rowtime ? `PROCTIME() AS \`${name}\`` : `\`${name}\``));
    return `CREATE TEMPORARY VIEW ${table}_as_seen AS SELECT ${columns.join(", ")} FROM ${table};\n`;
  });
  const { start } = script.tokens[at]!;
  const was = [...tables].map(([table, rowtime]) => `${table}.${rowtime}`).join(", ");
  return [{ at: start, was, becomes: "PROCTIME()", edits: [{ start: 0, end: 0, text: views.join("") }, ...edits] }];
};

/** The event time of the table that a query reads here; null where it reads none, or one without, or nothing depends on it. */
function rowtimeReadAt(script: ScriptText, at: number): string | null {
  if (!["FROM", "JOIN", "TABLE"].includes(script.word(at - 1))) return null;
  const columns = script.columnsOf(script.tokens[at]!.text);
  const rowtime = columns.find(({ timeAttribute }) => timeAttribute === "ROWTIME")?.name ?? null;
  return script.tokens.some((token) => token.identifier && token.text === rowtime) ? rowtime : null;
}
