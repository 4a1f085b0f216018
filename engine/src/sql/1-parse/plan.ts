/** EXPLAIN, EXECUTE, COMPILE PLAN. */
import type { CompilePlan, ExecuteStatement, ExplainDetail, ExplainStatement, Statement, StatementSet } from "./ast.ts";
import { parseCreate } from "./create.ts";
import { parseReplaceTable } from "./create-table.ts";
import type { Cursor } from "./cursor.ts";
import { parseInsert, parseStatementSet } from "./dml.ts";
import { parseStringLiteral } from "./literal.ts";
import { parseOrderedQuery } from "./query.ts";

const DETAILS = ["ESTIMATED_COST", "CHANGELOG_MODE", "JSON_EXECUTION_PLAN", "PLAN_ADVICE"] as const;

/** At EXPLAIN. */
export function parseExplain(cursor: Cursor): ExplainStatement {
  const start = cursor.expect("EXPLAIN");
  const details: ExplainDetail[] = [];
  if (cursor.is("PLAN")) {
    cursor.next();
    cursor.expect("FOR", "after EXPLAIN PLAN");
  } else {
    for (let detail = cursor.acceptOneOf(DETAILS); detail !== null; detail = parseNextDetail(cursor)) {
      if (details.includes(detail)) throw cursor.refusal(`${detail} is asked for twice.`, cursor.previous, { found: detail });
      details.push(detail);
    }
  }
  const statement = parseExplained(cursor);
  return { kind: "explain", details, statement, span: cursor.spanFrom(start) };
}

function parseNextDetail(cursor: Cursor): ExplainDetail | null {
  return cursor.accept(",") ? cursor.expectOneOf(DETAILS, "in EXPLAIN") : null;
}

function parseExplained(cursor: Cursor): ExplainStatement["statement"] {
  const start = cursor.token;
  switch (start.upper) {
    case "REPLACE":
      return parseReplaceTable(cursor);
    case "STATEMENT":
      return parseStatementSet(cursor);
    case "EXECUTE": {
      const executed = parseExecute(cursor);
      if (executed.kind === "executePlan") throw cursor.refusal("A compiled plan cannot be explained.", executed.span);
      return executed;
    }
    case "INSERT":
    case "UPSERT":
      return parseInsert(cursor);
    case "CREATE": {
      const created = parseCreate(cursor);
      if (created.kind === "createTable" && created.query !== null) return created;
      throw cursor.refusal("Of CREATE statements only CREATE TABLE … AS can be explained.", created.span, { found: "CREATE" });
    }
    default: {
      const query = parseOrderedQuery(cursor);
      return { kind: "queryStatement", query, span: cursor.spanFrom(start) };
    }
  }
}

/** At EXECUTE. */
export function parseExecute(cursor: Cursor): ExecuteStatement | StatementSet | Extract<Statement, { kind: "executePlan" }> {
  const start = cursor.expect("EXECUTE");
  if (cursor.accept("PLAN")) {
    const file = parseStringLiteral(cursor, "the plan's file in quotes").text;
    return { kind: "executePlan", file, span: cursor.spanFrom(start) };
  }
  if (cursor.is("STATEMENT")) {
    const set = parseStatementSet(cursor);
    return { ...set, span: cursor.spanFrom(start) };
  }
  if (cursor.is("INSERT") || cursor.is("UPSERT")) {
    const statement = parseInsert(cursor);
    return { kind: "execute", statement, span: cursor.spanFrom(start) };
  }
  const query = parseOrderedQuery(cursor);
  const statement = { kind: "queryStatement", query, span: query.span } as const;
  return { kind: "execute", statement, span: cursor.spanFrom(start) };
}

/** At COMPILE. */
export function parseCompile(cursor: Cursor): CompilePlan {
  const start = cursor.expect("COMPILE");
  const execute = cursor.accept("AND", "EXECUTE");
  cursor.expect("PLAN", "in COMPILE PLAN");
  const file = parseStringLiteral(cursor, "the plan's file in quotes").text;
  const ifNotExists = !execute && cursor.accept("IF", "NOT", "EXISTS");
  cursor.expect("FOR", "in COMPILE PLAN");
  const statement = cursor.is("STATEMENT") ? parseStatementSet(cursor) : parseInsert(cursor);
  return { kind: "compilePlan", file, ifNotExists, execute, statement, span: cursor.spanFrom(start) };
}
