/** SET and RESET, USE, modules, jars, jobs, statistics. */
import type { AnalyzeTable, Identifier, Statement } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { isStringToken, parseStringLiteral } from "./literal.ts";
import { acceptOptions, parsePartition } from "./options.ts";

/** `key = value` without quotes, as Flink's client takes it: the key has neither spaces nor quotes, the value ends at a space or semicolon. */
const UNQUOTED_ASSIGNMENT = /^\s+([^'\s]+)\s*=\s*(?:'([^']*)'|([^;\s]+))\s*$/;
const UNQUOTED_KEY = /^\s+([^'\s]+)\s*$/;

/** At SET: `SET 'key' = 'value'`, `SET key = value`, SET alone. */
export function parseSet(cursor: Cursor): Statement {
  const start = cursor.expect("SET");
  if (cursor.atEnd || cursor.is(";")) return { kind: "listOptions", span: cursor.spanFrom(start) };
  if (isStringToken(cursor.token)) {
    const key = parseStringLiteral(cursor);
    cursor.expect("=", "behind the option");
    const value = parseStringLiteral(cursor, "the option's value in quotes");
    const spans = { keySpan: key.span, valueSpan: value.span, span: cursor.spanFrom(start) };
    return { kind: "setOption", key: key.text, value: value.text, ...spans };
  }
  const mark = cursor.mark();
  const rest = restOfStatement(cursor);
  const match = UNQUOTED_ASSIGNMENT.exec(rest);
  if (match === null) {
    cursor.reset(mark);
    throw cursor.unexpected("an option in quotes", "after SET", "SET 'table.local-time-zone' = 'UTC';");
  }
  const [, key, quoted, bare] = match;
  const keyStart = start.end + rest.indexOf(key);
  const value = quoted ?? bare;
  const valueStart = start.end + rest.lastIndexOf(value);
  const keySpan = { start: keyStart, end: keyStart + key.length };
  const valueSpan = { start: valueStart, end: valueStart + value.length };
  return { kind: "setOption", key, value, keySpan, valueSpan, span: cursor.spanFrom(start) };
}

/** At RESET: `RESET 'key'`, `RESET key`, RESET alone. */
export function parseReset(cursor: Cursor): Statement {
  const start = cursor.expect("RESET");
  if (cursor.atEnd || cursor.is(";")) return { kind: "resetOption", key: null, span: cursor.spanFrom(start) };
  if (isStringToken(cursor.token)) {
    const key = parseStringLiteral(cursor).text;
    return { kind: "resetOption", key, span: cursor.spanFrom(start) };
  }
  const mark = cursor.mark();
  const match = UNQUOTED_KEY.exec(restOfStatement(cursor));
  if (match === null) {
    cursor.reset(mark);
    throw cursor.unexpected("an option in quotes", "after RESET");
  }
  return { kind: "resetOption", key: match[1], span: cursor.spanFrom(start) };
}

/** The text up to the next semicolon, which is read over; it need not consist of SQL's tokens. */
function restOfStatement(cursor: Cursor): string {
  const from = cursor.previous.end;
  while (!cursor.atEnd && !cursor.is(";")) cursor.next();
  return cursor.text.slice(from, cursor.token.start);
}

/** At USE. */
export function parseUse(cursor: Cursor): Statement {
  const start = cursor.expect("USE");
  if (cursor.accept("CATALOG")) {
    const name = cursor.identifier("a catalog");
    return { kind: "useCatalog", name, span: cursor.spanFrom(start) };
  }
  if (cursor.accept("MODULES")) {
    const names: Identifier[] = [];
    do names.push(cursor.identifier("a module"));
    while (cursor.accept(","));
    return { kind: "useModules", names, span: cursor.spanFrom(start) };
  }
  const path = cursor.path("a database");
  return { kind: "useDatabase", path, span: cursor.spanFrom(start) };
}

/** At LOAD or UNLOAD. */
export function parseModule(cursor: Cursor): Statement {
  const start = cursor.next();
  cursor.expect("MODULE", `after ${start.upper}`);
  const name = cursor.identifier("a module");
  if (start.upper === "UNLOAD") return { kind: "unloadModule", name, span: cursor.spanFrom(start) };
  return { kind: "loadModule", name, options: acceptOptions(cursor), span: cursor.spanFrom(start) };
}

/** At ADD or REMOVE. */
export function parseJar(cursor: Cursor): Statement {
  const start = cursor.next();
  cursor.expect("JAR", `after ${start.upper}`);
  const path = cursor.string("the jar's path in quotes").text;
  return { kind: start.upper === "ADD" ? "addJar" : "removeJar", path, span: cursor.spanFrom(start) };
}

/** At STOP. */
export function parseStopJob(cursor: Cursor): Statement {
  const start = cursor.expect("STOP");
  cursor.expect("JOB", "after STOP");
  const job = cursor.string("the job's id in quotes").text;
  const withSavepoint = cursor.accept("WITH", "SAVEPOINT");
  const drain = cursor.token;
  const withDrain = cursor.accept("WITH", "DRAIN");
  if (withDrain && !withSavepoint)
    throw cursor.refusal("WITH DRAIN goes with WITH SAVEPOINT only.", drain, { expected: "WITH SAVEPOINT WITH DRAIN" });
  return { kind: "stopJob", job, withSavepoint, withDrain, span: cursor.spanFrom(start) };
}

/** At ANALYZE. */
export function parseAnalyze(cursor: Cursor): Statement {
  const start = cursor.expect("ANALYZE");
  cursor.expect("TABLE", "after ANALYZE");
  const path = cursor.path("a table");
  const partition = cursor.accept("PARTITION") ? parsePartition(cursor, { optional: true }) : [];
  cursor.expect("COMPUTE", "in ANALYZE TABLE");
  cursor.expect("STATISTICS", "after COMPUTE");
  const columns = cursor.accept("FOR") ? parseAnalyzedColumns(cursor) : null;
  return { kind: "analyzeTable", path, partition, columns, span: cursor.spanFrom(start) };
}

function parseAnalyzedColumns(cursor: Cursor): AnalyzeTable["columns"] {
  if (cursor.accept("ALL", "COLUMNS")) return "all";
  cursor.expect("COLUMNS", "after FOR");
  const columns = [cursor.identifier("a column name")];
  while (cursor.accept(",")) columns.push(cursor.identifier("a column name"));
  return columns;
}
