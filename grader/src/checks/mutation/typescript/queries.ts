/** SQL within a job: the mistakes that can be put into a script. */
import ts from "typescript";
import type { Change } from "../mutant.ts";
import { changesOfScript } from "../sql/mutate-script.ts";
import { methodCall, type Mutator } from "./job-text.ts";

export const queries: Mutator = (node, job) => {
  const query = methodCall(node, "sqlQuery", "executeSql")?.node.arguments[0];
  if (query === undefined || !ts.isStringLiteralLike(query)) return [];
  const start = query.getStart(job.source) + 1;
  // Offsets within a text with escapes are not those within its source.
  if (job.source.text.slice(start, query.end - 1) !== query.text) return [];
  return changesOfScript(query.text, "").map(
    (change): Change => ({
      ...change,
      at: change.at + start,
      edits: change.edits.map(({ start: from, end, text }) => ({ start: from + start, end: end + start, text })),
    }),
  );
};
