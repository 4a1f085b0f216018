/** Questions about the language that the SQL worker answers between two checks. */
import type { SqlCompletion, SqlHover, SqlPlace } from "../sql/sql-language.ts";

export type SqlQuestion =
  | ({ readonly ask: "complete" } & SqlPlace)
  | ({ readonly ask: "hover" } & SqlPlace)
  | { readonly ask: "format"; readonly text: string };

export interface SqlLanguageRequest {
  readonly id: number;
  readonly question: SqlQuestion;
}

export interface SqlAnswers {
  readonly complete: readonly SqlCompletion[];
  readonly hover: SqlHover | null;
  readonly format: string;
}

export interface SqlLanguageAnswer {
  readonly id: number;
  readonly answer: SqlAnswers[keyof SqlAnswers];
}
