/** The engine's own parser, analyzer and planner, beside the page: an answer per request, in some milliseconds. */
import { checkSql } from "@millrace/engine/sql";
import type { SqlCheckAnswer, SqlCheckRequest } from "./sql-diagnostics.ts";

/** More are of no use on one screen; the server cuts them there, too. */
const MAX_DIAGNOSTICS = 20;

self.onmessage = ({ data }: MessageEvent<SqlCheckRequest>) => {
  const diagnostics = checkSql(data.text, data.given, data.topics).slice(0, MAX_DIAGNOSTICS);
  self.postMessage({ diagnostics } satisfies SqlCheckAnswer);
};
