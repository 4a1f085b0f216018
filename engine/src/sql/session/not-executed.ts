/** Refusals of statements, and of parts of them, that are read and not carried out: nothing that changes a statement's meaning is passed over. */
import type { Statement } from "../1-parse/ast.ts";
import type { Span } from "../1-parse/span.ts";
import { SqlError } from "../1-parse/sql-error.ts";

export function notExecuted(what: string, span: Span): SqlError {
  const words = what.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter}`).toUpperCase();
  return new SqlError("validate", "SQL_UNSUPPORTED_STATEMENT", `${words} is not available here.`, span, {
    found: words,
    expected: "CREATE TABLE, CREATE VIEW, INSERT INTO, SET or SELECT",
  });
}

/** Throws SqlError for a part of the statement that would change its meaning. */
export function refuseParts(statement: Statement): void {
  if (statement.kind === "createTable") {
    if (statement.like !== null) throw notExecuted("LIKE", statement.like.span);
    if (statement.query !== null) throw notExecuted("CREATE TABLE AS", statement.query.span);
  }
  if (statement.kind === "createView" && statement.orReplace) throw notExecuted("CREATE OR REPLACE VIEW", statement.span);
  if (statement.kind !== "insert") return;
  if (statement.overwrite) throw notExecuted("INSERT OVERWRITE", statement.span);
  if (statement.upsert) throw notExecuted("UPSERT", statement.span);
  if (statement.partition.length > 0) throw notExecuted("PARTITION", statement.partition[0].span);
  if (statement.onConflict !== null) throw notExecuted("ON CONFLICT", statement.span);
}
