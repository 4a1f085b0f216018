/** CREATE of everything, and DROP of everything. */
import type {
  ColumnNode,
  CreateConnection,
  CreateDatabase,
  CreateFunction,
  CreateModel,
  CreateView,
  DropStatement,
  FunctionLanguage,
  FunctionResource,
  Statement,
} from "./ast.ts";
import { parseCreateMaterializedTable, parseCreateTable } from "./create-table.ts";
import type { Cursor } from "./cursor.ts";
import { acceptComment, acceptIfExists, acceptIfNotExists, acceptOptions, parseOptions } from "./options.ts";
import { parseOrderedQuery } from "./query.ts";
import type { Span } from "./span.ts";
import { parseTableElement, SchemaBuilder } from "./table-schema.ts";

/** At CREATE. */
export function parseCreate(cursor: Cursor): Statement {
  const start = cursor.expect("CREATE");
  const orReplace = cursor.accept("OR", "REPLACE");
  const temporaryWord = cursor.token;
  const temporary = cursor.accept("TEMPORARY");
  if (cursor.accept("TABLE")) return parseCreateTable(cursor, start, { temporary, orReplace });
  if (cursor.accept("VIEW")) return parseCreateView(cursor, start, { temporary, orReplace });
  const orAlter = cursor.accept("OR", "ALTER");
  if (cursor.is("MATERIALIZED")) {
    const word = cursor.next();
    if (temporary) throw cursor.refusal("A materialized table is never temporary.", temporaryWord, { found: "TEMPORARY" });
    if (orReplace) {
      throw cursor.refusal("CREATE OR REPLACE does not go with MATERIALIZED TABLE.", word, { found: "OR REPLACE", expected: "OR ALTER" });
    }
    cursor.expect("TABLE", "after MATERIALIZED");
    return parseCreateMaterializedTable(cursor, start, orAlter);
  }
  if (orAlter) throw cursor.unexpected("MATERIALIZED TABLE", "after OR ALTER");
  const system = cursor.is("SYSTEM") ? cursor.next() : null;
  if (cursor.accept("FUNCTION")) {
    if (system !== null && !temporary) throw temporaryOnly(cursor, system, "FUNCTION");
    return parseCreateFunction(cursor, start, { temporary, system: system !== null });
  }
  if (cursor.accept("CONNECTION")) {
    if (system !== null && !temporary) throw temporaryOnly(cursor, system, "CONNECTION");
    return parseCreateConnection(cursor, start, { temporary, system: system !== null });
  }
  if (system !== null) throw cursor.unexpected("FUNCTION or CONNECTION", "after SYSTEM");
  if (cursor.accept("CATALOG")) {
    const ifNotExists = acceptIfNotExists(cursor);
    const name = cursor.identifier("the catalog's name");
    const comment = acceptComment(cursor);
    const options = acceptOptions(cursor);
    return { kind: "createCatalog", ifNotExists, name, comment, options, span: cursor.spanFrom(start) };
  }
  if (cursor.accept("DATABASE")) return parseCreateDatabase(cursor, start);
  if (cursor.accept("MODEL")) return parseCreateModel(cursor, start, temporary);
  throw cursor.unexpected(
    "TABLE, VIEW, FUNCTION, CATALOG, DATABASE, MODEL, CONNECTION or MATERIALIZED TABLE",
    `after ${cursor.previous.upper}`,
  );
}

function temporaryOnly(cursor: Cursor, word: Span, what: string): Error {
  return cursor.refusal(`A system ${what.toLowerCase()} is always temporary.`, word, {
    found: `SYSTEM ${what}`,
    expected: `TEMPORARY SYSTEM ${what}`,
  });
}

function parseCreateView(cursor: Cursor, start: Span, { temporary, orReplace }: { temporary: boolean; orReplace: boolean }): CreateView {
  const ifNotExists = acceptIfNotExists(cursor);
  const path = cursor.path("the view's name");
  const columns = cursor.is("(") ? cursor.identifierList() : [];
  const comment = acceptComment(cursor);
  cursor.expect("AS", "in CREATE VIEW");
  const query = parseOrderedQuery(cursor);
  return { kind: "createView", temporary, orReplace, ifNotExists, path, columns, comment, query, span: cursor.spanFrom(start) };
}

function parseCreateDatabase(cursor: Cursor, start: Span): CreateDatabase {
  const ifNotExists = acceptIfNotExists(cursor);
  const path = cursor.path("the database's name");
  const comment = acceptComment(cursor);
  const options = acceptOptions(cursor);
  return { kind: "createDatabase", ifNotExists, path, comment, options, span: cursor.spanFrom(start) };
}

function parseCreateFunction(cursor: Cursor, start: Span, { temporary, system }: { temporary: boolean; system: boolean }): CreateFunction {
  const ifNotExists = acceptIfNotExists(cursor);
  const path = system ? [cursor.identifier("the function's name")] : cursor.path("the function's name");
  cursor.expect("AS", "in CREATE FUNCTION");
  const className = cursor.string("the class name in quotes");
  const language = acceptLanguage(cursor);
  const languageWord = cursor.previous;
  const resources: FunctionResource[] = [];
  if (cursor.accept("USING")) {
    do resources.push(parseResource(cursor));
    while (cursor.accept(","));
  }
  if (resources.length > 0 && (language === "SQL" || language === "PYTHON")) {
    throw cursor.refusal("USING goes with JAVA and SCALA only.", languageWord, { found: language, expected: "JAVA or SCALA" });
  }
  const options = acceptOptions(cursor);
  const head = { temporary, system, ifNotExists, path, className: className.text, classNameSpan: className };
  return { kind: "createFunction", ...head, language, resources, options, span: cursor.spanFrom(start) };
}

export function acceptLanguage(cursor: Cursor): FunctionLanguage | null {
  return cursor.accept("LANGUAGE") ? cursor.expectOneOf(["JAVA", "SCALA", "SQL", "PYTHON", "TYPESCRIPT"] as const, "after LANGUAGE") : null;
}

function parseResource(cursor: Cursor): FunctionResource {
  const start = cursor.token;
  const kind = cursor.expectOneOf(["JAR", "ARTIFACT"] as const, "in USING");
  const uri = cursor.string("the address in quotes").text;
  return { kind, uri, span: cursor.spanFrom(start) };
}

function parseCreateModel(cursor: Cursor, start: Span, temporary: boolean): CreateModel {
  const ifNotExists = acceptIfNotExists(cursor);
  const path = cursor.path("the model's name");
  const inputs = cursor.accept("INPUT") ? parseModelColumns(cursor) : [];
  const outputs = cursor.accept("OUTPUT") ? parseModelColumns(cursor) : [];
  const comment = acceptComment(cursor);
  const options = acceptOptions(cursor);
  const query = cursor.accept("AS") ? parseOrderedQuery(cursor) : null;
  return { kind: "createModel", temporary, ifNotExists, path, inputs, outputs, comment, options, query, span: cursor.spanFrom(start) };
}

function parseModelColumns(cursor: Cursor): readonly ColumnNode[] {
  const builder = new SchemaBuilder();
  cursor.expect("(");
  do parseTableElement(cursor, builder);
  while (cursor.accept(","));
  cursor.expect(")", "after the columns");
  return builder.columns;
}

function parseCreateConnection(
  cursor: Cursor,
  start: Span,
  { temporary, system }: { temporary: boolean; system: boolean },
): CreateConnection {
  const ifNotExists = acceptIfNotExists(cursor);
  const path = cursor.path("the connection's name");
  const comment = acceptComment(cursor);
  cursor.expect("WITH", "in CREATE CONNECTION");
  const options = parseOptions(cursor);
  return { kind: "createConnection", temporary, system, ifNotExists, path, comment, options, span: cursor.spanFrom(start) };
}

/** At DROP. */
export function parseDrop(cursor: Cursor): DropStatement {
  const start = cursor.expect("DROP");
  const temporaryWord = cursor.token;
  const temporary = cursor.accept("TEMPORARY");
  const systemWord = cursor.token;
  const system = cursor.accept("SYSTEM");
  const what = parseDroppedKind(cursor, system);
  if (what === "MATERIALIZED TABLE" && temporary) {
    throw cursor.refusal("A materialized table is never temporary.", temporaryWord, { found: "TEMPORARY" });
  }
  if (what === "CONNECTION" && system && !temporary) throw temporaryOnly(cursor, systemWord, "CONNECTION");
  const ifExists = acceptIfExists(cursor);
  const path = cursor.path("a name");
  const behaviour = what === "DATABASE" ? cursor.acceptOneOf(["RESTRICT", "CASCADE"]) : null;
  return { kind: "drop", what, temporary, system, ifExists, path, cascade: behaviour === "CASCADE", span: cursor.spanFrom(start) };
}

function parseDroppedKind(cursor: Cursor, system: boolean): DropStatement["what"] {
  if (system) return cursor.expectOneOf(["FUNCTION", "CONNECTION"] as const, "after SYSTEM");
  if (cursor.accept("MATERIALIZED")) {
    cursor.expect("TABLE", "after MATERIALIZED");
    return "MATERIALIZED TABLE";
  }
  const what = cursor.acceptOneOf(["TABLE", "VIEW", "CATALOG", "DATABASE", "FUNCTION", "MODEL", "CONNECTION"] as const);
  if (what === null)
    throw cursor.unexpected("TABLE, VIEW, FUNCTION, CATALOG, DATABASE, MODEL, CONNECTION or MATERIALIZED TABLE", "after DROP");
  return what;
}
