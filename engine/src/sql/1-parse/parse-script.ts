import type { InsertInto, Query, Statement, StatementSet } from "./ast.ts";
import { Cursor } from "./cursor.ts";
import { tokenize } from "./lexer.ts";
import { parseOrderedQuery } from "./query.ts";
import { SqlError } from "./sql-error.ts";
import { parseStatement } from "./statement.ts";

export interface ParsedScript {
  readonly statements: readonly Statement[];
  /** In the order of the text; a statement that did not parse has one or more. */
  readonly errors: readonly SqlError[];
}

/** Parses statements separated by `;`. After a mistake it goes on at the next clause or behind the next `;`, so that each gets its own error. */
export function parseScript(text: string): ParsedScript {
  const statements: Statement[] = [];
  const errors: SqlError[] = [];
  const cursor = new Cursor(text, tokenize(text));
  for (;;) {
    while (cursor.accept(";"));
    if (cursor.atEnd) return { statements: groupStatementSets(statements), errors };
    try {
      const statement = parseStatement(cursor);
      if (!cursor.atEnd && !cursor.is(";")) throw cursor.unexpected("; or the end of the statement");
      if (!cursor.hasRecovered) statements.push(statement);
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      cursor.recover(error, cursor.mark());
      cursor.skipStatement();
    }
    errors.push(...cursor.takeErrors());
  }
}

/** `BEGIN STATEMENT SET; INSERT …; INSERT …; END;` is one statement of several; an unfinished or empty one stays as its parts. */
function groupStatementSets(statements: readonly Statement[]): readonly Statement[] {
  if (!statements.some(({ kind }) => kind === "beginStatementSet")) return statements;
  const grouped: Statement[] = [];
  for (let i = 0; i < statements.length; i++) {
    const set = statementSetAt(statements, i);
    grouped.push(set ?? statements[i]);
    if (set !== null) i += set.inserts.length + 1;
  }
  return grouped;
}

function statementSetAt(statements: readonly Statement[], begin: number): StatementSet | null {
  if (statements[begin].kind !== "beginStatementSet") return null;
  const inserts: InsertInto[] = [];
  for (let i = begin + 1; i < statements.length; i++) {
    const statement = statements[i];
    if (statement.kind === "insert") {
      inserts.push(statement);
      continue;
    }
    // One without inserts stays as its parts, too: it is refused when it is executed, and would be no set when it is printed.
    if (statement.kind !== "endStatementSet" || inserts.length === 0) return null;
    return { kind: "statementSet", inserts, span: { start: statements[begin].span.start, end: statement.span.end } };
  }
  return null;
}

/** Parses exactly one query; throws `SqlError`. Two statements are refused in the validate phase, as Flink's TableEnvironment does. */
export function parseSingleQuery(text: string): Query {
  const cursor = new Cursor(text, tokenize(text));
  const query = parseOrderedQuery(cursor);
  const [mistake] = cursor.takeErrors();
  if (mistake !== undefined) throw mistake;
  const ended = cursor.is(";");
  while (cursor.accept(";"));
  if (ended && !cursor.atEnd) {
    throw new SqlError("validate", "SQL_ONE_STATEMENT", "Only a single statement is supported here.", cursor.token);
  }
  if (!cursor.atEnd) throw cursor.unexpected("the end of the query");
  return query;
}
