import type { Query, Statement } from "./ast.ts";
import { Cursor } from "./cursor.ts";
import { tokenize } from "./lexer.ts";
import { parseQuery } from "./query.ts";
import { SqlError } from "./sql-error.ts";
import { parseStatement } from "./statement.ts";

export interface ParsedScript {
  readonly statements: readonly Statement[];
  /** One per statement that did not parse, in order. */
  readonly errors: readonly SqlError[];
}

/** Parses statements separated by `;`. After a mistake it goes on behind the next `;`, so that each statement gets its own error. */
export function parseScript(text: string): ParsedScript {
  const statements: Statement[] = [];
  const errors: SqlError[] = [];
  let cursor: Cursor;
  try {
    cursor = new Cursor(text, tokenize(text));
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return { statements, errors: [error] };
  }
  for (;;) {
    while (cursor.accept(";"));
    if (cursor.atEnd) return { statements, errors };
    try {
      const statement = parseStatement(cursor);
      if (!cursor.atEnd && !cursor.is(";")) throw cursor.unexpected("; or the end of the statement");
      statements.push(statement);
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      errors.push(error);
      cursor.skipStatement();
    }
  }
}

/** Parses exactly one query; throws `SqlError`. Two statements are refused in the validate phase, as Flink's TableEnvironment does. */
export function parseSingleQuery(text: string): Query {
  const cursor = new Cursor(text, tokenize(text));
  const query = parseQuery(cursor);
  if (cursor.accept(";") && cursor.token.kind !== "end") {
    throw new SqlError("validate", "SQL_ONE_STATEMENT", "Only a single statement is supported here.", cursor.token);
  }
  if (cursor.token.kind !== "end") throw cursor.unexpected("the end of the query");
  return query;
}
