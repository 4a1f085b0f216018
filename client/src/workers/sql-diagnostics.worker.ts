/** The engine's own parser, analyzer and planner, beside the page: an answer per request, in some milliseconds. */
import { checkScript } from "./check-script.ts";
import type { SqlCheckAnswer, SqlCheckRequest } from "./sql-diagnostics.ts";

self.onmessage = ({ data }: MessageEvent<SqlCheckRequest>) => {
  self.postMessage({ diagnostics: checkScript(data) } satisfies SqlCheckAnswer);
};
