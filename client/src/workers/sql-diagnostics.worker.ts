/** The engine's own parser, analyzer and planner, beside the page: an answer per request, in some milliseconds. */
import { checkScript } from "./check-script.ts";
import { Rehearsal } from "./rehearsal.ts";
import type { SqlCheckAnswer, SqlCheckRequest } from "./sql-diagnostics.ts";

let last: SqlCheckRequest | null = null;
const rehearsal = new Rehearsal((text) => {
  if (last !== null) checkScript({ ...last, text });
});

self.onmessage = ({ data }: MessageEvent<SqlCheckRequest>) => {
  rehearsal.stop();
  self.postMessage({ diagnostics: checkScript(data) } satisfies SqlCheckAnswer);
  last = data;
  rehearsal.after(data.text);
};
