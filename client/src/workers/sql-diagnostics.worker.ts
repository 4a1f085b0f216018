/** The engine's own parser, analyzer and planner, beside the page: an answer per request, in some milliseconds. */
import { formatSql } from "../sql/format-sql.ts";
import { completeSql, hoverSql } from "../sql/sql-language.ts";
import { checkScript } from "./check-script.ts";
import { Rehearsal } from "./rehearsal.ts";
import type { SqlCheckAnswer, SqlCheckRequest } from "./sql-diagnostics.ts";
import type { SqlAnswers, SqlLanguageAnswer, SqlLanguageRequest, SqlQuestion } from "./sql-language-messages.ts";

let last: SqlCheckRequest | null = null;
const rehearsal = new Rehearsal((text) => {
  if (last !== null) checkScript({ ...last, text });
});

self.onmessage = ({ data }: MessageEvent<SqlCheckRequest | SqlLanguageRequest>) => {
  if ("question" in data) {
    self.postMessage({ id: data.id, answer: answer(data.question) } satisfies SqlLanguageAnswer);
    return;
  }
  rehearsal.stop();
  self.postMessage({ diagnostics: checkScript(data) } satisfies SqlCheckAnswer);
  last = data;
  rehearsal.after(data.text);
};

function answer(question: SqlQuestion): SqlAnswers[keyof SqlAnswers] {
  switch (question.ask) {
    case "complete":
      return completeSql(question);
    case "hover":
      return hoverSql(question);
    case "format":
      return formatSql(question.text);
  }
}
