/** One statement of a script, by its first words. */
import { nearest } from "../../base/nearest.ts";
import { parseAlter } from "./alter.ts";
import type { Statement } from "./ast.ts";
import { parseRoutineCall } from "./call.ts";
import { parseCreate, parseDrop } from "./create.ts";
import { parseReplaceTable } from "./create-table.ts";
import type { Cursor } from "./cursor.ts";
import { parseDelete, parseInsert, parseMerge, parseUpdate } from "./dml.ts";
import { parseDescribe, parseShow } from "./inspection.ts";
import { parseCompile, parseExecute, parseExplain } from "./plan.ts";
import { beginsQuery, parseOrderedQuery } from "./query.ts";
import { parseAnalyze, parseJar, parseModule, parseReset, parseSet, parseStopJob, parseUse } from "./session.ts";

const STATEMENTS: Readonly<Record<string, (cursor: Cursor) => Statement>> = {
  ADD: parseJar,
  ALTER: parseAlter,
  ANALYZE: parseAnalyze,
  BEGIN: parseBegin,
  CALL: parseCallProcedure,
  COMPILE: parseCompile,
  CREATE: parseCreate,
  DELETE: parseDelete,
  DESC: parseDescribe,
  DESCRIBE: parseDescribe,
  DROP: parseDrop,
  END: (cursor) => ({ kind: "endStatementSet", span: cursor.next() }),
  EXECUTE: parseExecute,
  EXPLAIN: parseExplain,
  INSERT: parseInsert,
  LOAD: parseModule,
  MERGE: parseMerge,
  REMOVE: parseJar,
  REPLACE: parseReplaceTable,
  RESET: parseReset,
  SET: parseSet,
  SHOW: parseShow,
  STOP: parseStopJob,
  TRUNCATE: parseTruncate,
  UNLOAD: parseModule,
  UPDATE: parseUpdate,
  UPSERT: parseInsert,
  USE: parseUse,
};

const CLIENT_COMMANDS: Readonly<Record<string, "HELP" | "CLEAR" | "QUIT">> = { HELP: "HELP", CLEAR: "CLEAR", QUIT: "QUIT", EXIT: "QUIT" };

const FIRST_WORDS = [...Object.keys(STATEMENTS), "SELECT", "WITH", "VALUES"];

export function parseStatement(cursor: Cursor): Statement {
  const start = cursor.token;
  if (beginsQuery(cursor) || cursor.is("(")) {
    const query = parseOrderedQuery(cursor);
    return { kind: "queryStatement", query, span: cursor.spanFrom(start) };
  }
  const parse = start.kind === "word" ? STATEMENTS[start.upper] : undefined;
  if (parse !== undefined) return parse(cursor);
  const command = start.kind === "word" ? CLIENT_COMMANDS[start.upper] : undefined;
  if (command !== undefined && (cursor.peek().kind === "end" || cursor.peek().upper === ";")) {
    cursor.next();
    return { kind: "clientCommand", command, span: cursor.spanFrom(start) };
  }
  const meant = start.kind === "word" ? nearest(start.upper, FIRST_WORDS) : undefined;
  const hint =
    meant === undefined ? "CREATE TABLE, CREATE VIEW, INSERT INTO, SET, SELECT and others." : `Is '${start.text}' meant to be ${meant}?`;
  throw cursor.unexpected("a statement", undefined, hint);
}

/** BEGIN STATEMENT SET. */
function parseBegin(cursor: Cursor): Statement {
  const start = cursor.expect("BEGIN");
  cursor.expect("STATEMENT", "after BEGIN");
  cursor.expect("SET", "after STATEMENT");
  return { kind: "beginStatementSet", span: cursor.spanFrom(start) };
}

function parseCallProcedure(cursor: Cursor): Statement {
  const start = cursor.expect("CALL");
  const call = parseRoutineCall(cursor);
  return { kind: "callProcedure", call, span: cursor.spanFrom(start) };
}

function parseTruncate(cursor: Cursor): Statement {
  const start = cursor.expect("TRUNCATE");
  cursor.expect("TABLE", "after TRUNCATE");
  const path = cursor.path("a table");
  return { kind: "truncate", path, span: cursor.spanFrom(start) };
}
