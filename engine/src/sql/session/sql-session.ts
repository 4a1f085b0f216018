/**
 * A session (Flink: `TableEnvironment`, a client of the SQL gateway): statements come one after the other, each sees what those before it have
 * done. Nothing runs here: an INSERT gives a job, and whoever holds the session decides where it runs and when.
 */
import { UserFunctionsHook } from "../2-analyze/user-functions-hook.ts";
import { STRING } from "../../types/logical-type.ts";
import type { CreateTable, ExplainStatement, Identifier, InsertInto, Query, Statement } from "../1-parse/ast.ts";
import type { Span } from "../1-parse/span.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import { type BoundInsert, bindInsert, bindInsertOf } from "../2-analyze/bind-insert.ts";
import { bindQuery } from "../2-analyze/bind-query.ts";
import { bindTableDefinition } from "../2-analyze/bind-table-ddl.ts";
import type { QueryContext } from "../2-analyze/query-context.ts";
import type { Rel } from "../2-analyze/rel.ts";
import { paced } from "../5-execute/connectors/nexmark.ts";
import { checkTable, described, endsByItself, resolveSink, resolveSource } from "../5-execute/connectors/registry.ts";
import type { ProvidedTable } from "../5-execute/translate.ts";
import { Catalog, type CatalogTable } from "../catalog/catalog.ts";
import { type ObjectPath, partsOf, pathText } from "../catalog/object-path.ts";
import { checkOption, checkValues } from "../catalog/options.ts";
import type { TableDefinition } from "../catalog/table-definition.ts";
import { KNOWN_CLASSES } from "../user-functions/known-classes.ts";
import type { EvalContext } from "../functions/scalar-function.ts";
import { nameHint } from "../../base/nearest.ts";
import type { FunctionClasses } from "../user-functions/function-signature.ts";
import { sessionEvaluation } from "../session-evaluation.ts";
import * as catalogs from "./catalog-statements.ts";
import { explain } from "./explain-statement.ts";
import { describe, show, showCreate, showPartitions } from "./inspection.ts";
import { alterModel, createModel } from "./model-statements.ts";
import { checkAnalyze, checkMaterializedTable, checkRowLevel, checkTruncate, refusal } from "./refusals.ts";
import { resultName, resultTable } from "./result-table.ts";
import { operatorPlan, sinkRel } from "./plan-statement.ts";
import { sessionSettings } from "./session-settings.ts";
import { jobName, programOf, type SqlJob } from "./sql-job.ts";
import type { StatementResult } from "./statement-result.ts";
import { alterTable, createTable, type DefiningSession } from "./table-statements.ts";
import { alterView, createView } from "./view-statements.ts";

export interface SessionEnvironment {
  /** Topics of the log broker; null = any topic is there as soon as it is named. */
  readonly topics: readonly string[] | null;
  /** See `JobSettings`. */
  readonly captures: boolean;
  readonly recordsPerWatermark: number | null;
  /** Generators give each row when it is due, so that time passes where work takes none. Absent = false. */
  readonly paced?: boolean;
  /** Tables that code stands behind, by name: their options are not looked at. */
  readonly provided?: ReadonlyMap<string, ProvidedTable> | undefined;
  /** Classes that CREATE FUNCTION may name; absent = none. */
  readonly functionClasses?: FunctionClasses | undefined;
}

const NO_SPAN: Span = { start: 0, end: 0 };

const OK: StatementResult = { kind: "ok" };

export class SqlSession implements DefiningSession {
  readonly catalog = new Catalog();
  readonly options = new Map<string, string>();
  private readonly environment: SessionEnvironment;
  private queries = 0;
  /** Between BEGIN STATEMENT SET and END: the inserts so far. */
  private open: InsertInto[] | null = null;

  constructor(environment: SessionEnvironment) {
    this.environment = environment;
  }

  /** @param given the statement is part of the given DDL. Throws SqlError, SqlRuntimeError. */
  execute(statement: Statement, given = false): StatementResult {
    const { catalog } = this;
    if (this.open !== null && !["insert", "endStatementSet", "beginStatementSet"].includes(statement.kind)) throw nested(statement.span);
    switch (statement.kind) {
      case "createTable":
        return createTable(statement, given, this);
      case "alterTable":
        alterTable(statement, this);
        return OK;
      case "createView":
        createView(statement, this);
        return OK;
      case "alterView":
        alterView(statement, this);
        return OK;
      case "createCatalog":
        catalogs.createCatalog(statement, catalog);
        return OK;
      case "alterCatalog":
        catalogs.alterCatalog(statement, catalog);
        return OK;
      case "createDatabase":
        catalogs.createDatabase(statement, catalog);
        return OK;
      case "alterDatabase":
        catalogs.alterDatabase(statement, catalog);
        return OK;
      case "createFunction":
        catalogs.createFunction(statement, catalog, this.functionClasses());
        return OK;
      case "alterFunction":
        catalogs.alterFunction(statement, catalog, this.functionClasses());
        return OK;
      case "createModel":
        createModel(statement, catalog);
        return OK;
      case "alterModel":
        alterModel(statement, catalog);
        return OK;
      case "drop":
        catalogs.drop(statement, catalog);
        return OK;
      case "useCatalog":
        catalogs.useCatalog(statement, catalog);
        return OK;
      case "useDatabase":
        catalogs.useDatabase(statement, catalog);
        return OK;
      case "loadModule":
        catalogs.loadModule(statement);
        return OK;
      case "unloadModule":
        catalogs.unloadModule(statement);
        return OK;
      case "useModules":
        catalogs.useModules(statement);
        return OK;
      case "setOption":
        checkOption(statement);
        this.options.set(statement.key, statement.value);
        return OK;
      case "resetOption":
        if (statement.key === null) this.options.clear();
        else this.options.delete(statement.key);
        return OK;
      case "listOptions":
        return {
          kind: "table",
          columns: ["key", "value"].map((name) => ({ name, type: STRING })),
          rows: [...this.options].sort(([a], [b]) => (a < b ? -1 : 1)),
        };
      case "show":
        return show(statement, this.catalog);
      case "showCreate":
        return showCreate(statement, catalog);
      case "showPartitions":
        return showPartitions(statement, catalog);
      case "describe":
        return describe(statement, this.catalog);
      case "explain":
        return { kind: "table", columns: [{ name: "result", type: STRING }], rows: [[this.explain(statement)]] };
      case "queryStatement":
        return this.query(statement.query);
      case "insert":
        if (this.open === null) return { kind: "job", job: this.jobOf([statement]) };
        this.open.push(statement);
        return OK;
      case "beginStatementSet":
        if (this.open !== null) throw nested(statement.span);
        this.open = [];
        return OK;
      case "endStatementSet": {
        const inserts = this.open;
        this.open = null;
        if (inserts === null)
          throw new SqlError(
            "validate",
            "SQL_STATEMENT_SET",
            "No Statement Set to submit. 'END' statement should be used after 'BEGIN STATEMENT SET'.",
            statement.span,
          );
        if (inserts.length === 0)
          throw new SqlError("validate", "SQL_STATEMENT_SET", "NO statements in the Statement Set, skip submit.", statement.span);
        return { kind: "job", job: this.jobOf(inserts) };
      }
      case "update":
      case "delete":
        this.requireReadable(statement.path);
        checkRowLevel(statement, this.definitionContext());
        throw refusal(statement);
      case "analyzeTable":
        checkAnalyze(statement, catalog);
        throw refusal(statement);
      case "truncate":
        checkTruncate(statement, catalog);
        throw refusal(statement);
      case "createMaterializedTable":
        checkMaterializedTable(statement, this.definitionContext());
        throw refusal(statement);
      case "compilePlan":
        this.jobOf(statement.statement.kind === "insert" ? [statement.statement] : statement.statement.inserts);
        throw refusal(statement);
      case "statementSet":
        return { kind: "job", job: this.jobOf(statement.inserts) };
      case "execute":
        return this.execute(statement.statement, given);
      default:
        throw refusal(statement);
    }
  }

  /** Changing rows begins with reading them. */
  private requireReadable(path: readonly Identifier[]): void {
    const table = this.catalog.find(partsOf(path));
    if (table?.kind === "table" && !this.isProvided(table)) resolveSource(table, this.evaluation());
  }

  private explain({ statement, details }: ExplainStatement): string {
    const explained = statement.kind === "execute" ? statement.statement : statement;
    const request = { options: this.options, details };
    if (explained.kind === "queryStatement") {
      const sources = new Set<CatalogTable>();
      const rel = this.bind(explained.query, sources);
      return explain({ ...request, rels: [rel], program: () => this.queryJob(explained.query, rel, sources).job.program });
    }
    if (explained.kind === "createTable" && explained.query !== null) return this.explainCreation(explained, request);
    const inserts = explained.kind === "insert" ? [explained] : explained.kind === "statementSet" ? explained.inserts : null;
    if (inserts === null) {
      throw new SqlError("validate", "SQL_EXPLAIN", "EXPLAIN takes a query, an INSERT or a statement set.", explained.span, {
        hint: "Explain the query that the statement contains.",
      });
    }
    const sources = new Set<CatalogTable>();
    const bound = inserts.map((insert) => this.bindInsert(insert, sources));
    return explain({ ...request, rels: bound.map(sinkRel), program: () => this.jobOfBound(bound, [...sources]).program });
  }

  /** CREATE TABLE … AS: its INSERT, for which the table is there only meanwhile. */
  private explainCreation(node: CreateTable, request: Pick<Parameters<typeof explain>[0], "options" | "details">): string {
    const { catalog } = this;
    const path = catalog.qualify(partsOf(node.path));
    const before = catalog.permanentAt(path);
    try {
      const result = createTable(node, false, this);
      if (result.kind !== "job") return "";
      const { inserts, program } = result.job;
      return explain({ ...request, rels: inserts.map(sinkRel), program: () => program });
    } finally {
      if (before === undefined) catalog.deletePermanent(path);
      else catalog.set(before);
    }
  }

  // ---- jobs ----

  /** One job for all of them: tables that several read are read once. */
  jobOf(inserts: readonly InsertInto[]): SqlJob {
    const sources = new Set<CatalogTable>();
    const bound = inserts.map((insert) => this.bindInsert(insert, sources));
    return this.jobOfBound(bound, [...sources]);
  }

  jobOfBound(inserts: readonly BoundInsert[], sources: readonly CatalogTable[]): SqlJob {
    const { captures, recordsPerWatermark, provided } = this.environment;
    const options = new Map(this.options);
    return {
      name: jobName(inserts, options),
      program: programOf(inserts, { options, captures, recordsPerWatermark, provided }),
      inserts,
      sinks: inserts.map(({ sink }) => sink),
      sources,
      bounded: sources.every((table) => this.isProvided(table) || endsByItself(table, this.evaluation())),
    };
  }

  /** The insert, bound and planned once: planning finds the mistakes that validation cannot. */
  bindInsert(node: InsertInto, sources: Set<CatalogTable>): BoundInsert {
    const insert = bindInsert(node, this.queryContext(sources));
    this.planned(sinkRel(insert), node.span);
    return insert;
  }

  /** For whoever builds queries without text. */
  context(): QueryContext {
    return this.queryContext(new Set());
  }

  /** An INSERT of rows that are bound already. `node` says into which table. */
  bindInsertOfRel(node: InsertInto, rel: Rel): BoundInsert {
    const insert = bindInsertOf(node, this.queryContext(new Set()), () => rel);
    this.planned(sinkRel(insert), node.span);
    return insert;
  }

  /** A table whose declaration a program has built. Throws SqlError. */
  define(definition: TableDefinition, path: ObjectPath, temporary: boolean): CatalogTable {
    const table = this.described(
      bindTableDefinition(definition, { path, temporary, given: false, hook: new UserFunctionsHook(this.context()) }),
    );
    const there = temporary ? this.catalog.temporaryAt(path) : this.catalog.permanentAt(path);
    if (there !== undefined) throw catalogs.alreadyExists(path, temporary, NO_SPAN);
    this.catalog.set(table);
    return table;
  }

  /** A query as a statement of its own. @param sources gets the tables that it reads. Throws SqlError. */
  bind(query: Query, sources: Set<CatalogTable>): Rel {
    const rel = bindQuery(query, this.queryContext(sources), null);
    // What reads no table reads hardly an option.
    checkValues(this.options, sources.size > 0);
    return rel;
  }

  /** A query's result goes to a nameless table, and from there to whoever asked. */
  private query(query: Query): StatementResult {
    const sources = new Set<CatalogTable>();
    const rel = this.bind(query, sources);
    this.planned(rel, query.span);
    return this.queryJob(query, rel, sources);
  }

  private queryJob(query: Query, rel: Rel, sources: ReadonlySet<CatalogTable>): Extract<StatementResult, { kind: "query" }> {
    const sink = resultTable(rel.columns, `*query_${this.queries++}*`);
    const { recordsPerWatermark, provided } = this.environment;
    const options = new Map([...this.options, ["pipeline.name", this.options.get("pipeline.name") ?? "collect"]]);
    // The captured copy is the result: nothing else is written.
    const settings = { options, captures: true, recordsPerWatermark, provided: new Map([...(provided ?? []), [sink.name, NOWHERE]]) };
    const job: SqlJob = {
      name: jobName([], options),
      program: programOf([{ sink, rel, node: insertOf(query) }], settings),
      inserts: [],
      sinks: [],
      sources: [...sources],
      bounded: [...sources].every((table) => this.isProvided(table) || endsByItself(table, this.evaluation())),
    };
    return { kind: "query", job, columns: rel.columns, resultName: resultName(sink) };
  }

  private planned(rel: Rel, span: Span): void {
    try {
      checkValues(this.options, true);
      operatorPlan(rel, this.options);
    } catch (error) {
      if (error instanceof SqlError && (error.span === null || error.span.end === 0))
        throw new SqlError(error.phase, error.code, error.message, span, error.details);
      throw error;
    }
  }

  definitionContext(): QueryContext {
    return this.queryContext(null);
  }

  /** @param sources gets the tables that are read; null = they are not looked at, as in a view's definition */
  private queryContext(sources: Set<CatalogTable> | null): QueryContext {
    const evaluation = this.evaluation();
    return {
      catalog: this.catalog,
      commonTables: new Map(),
      expanding: [],
      described: (table) => this.described(table),
      hintsAllowed: this.options.get("table.dynamic-table-options.enabled")?.toLowerCase() !== "false",
      ...(sources === null
        ? {}
        : {
            written: (table) => {
              if (!this.isProvided(table)) resolveSink(table, evaluation);
              if (!this.isProvided(table)) refuseBuckets(table);
              this.checkTopics(table);
            },
            scanned: (table) => {
              if (!this.isProvided(table)) resolveSource(table, evaluation);
              this.checkTopics(table);
              sources.add(table);
            },
          }),
    };
  }

  private isProvided(table: CatalogTable): boolean {
    return this.environment.provided?.has(table.name) === true;
  }

  private evaluation(): EvalContext {
    return sessionEvaluation(sessionSettings(this.options));
  }

  /** Classes that CREATE FUNCTION may name. */
  private functionClasses(): FunctionClasses {
    const { functionClasses } = this.environment;
    return functionClasses === undefined ? KNOWN_CLASSES : new Map([...KNOWN_CLASSES, ...functionClasses]);
  }

  /** What is wrong with the table's options, whether it is read or written; null = nothing. */
  complaintAbout(table: CatalogTable): SqlError | null {
    if (this.isProvided(table)) return null;
    try {
      checkTable(table, this.evaluation());
      this.checkTopics(table);
      return null;
    } catch (error) {
      if (error instanceof SqlError) return error;
      throw error;
    }
  }

  /** A topic that nobody has made is a slip of the pen in a world with given topics. */
  private checkTopics(table: CatalogTable): void {
    const { topics } = this.environment;
    const option = table.options.get("topic");
    if (topics === null || option === undefined) return;
    for (const topic of option.value.split(";")) {
      if (topics.includes(topic.trim())) continue;
      throw new SqlError("validate", "SQL_UNKNOWN_TOPIC", `There is no topic '${topic}'.`, option.valueSpan, {
        found: topic,
        hint: nameHint(topic, topics, "topics"),
      });
    }
  }

  /** The table with what its connector says of it. */
  described(table: CatalogTable): CatalogTable {
    const complete = described(this.environment.paced === true ? paced(table) : table, this.evaluation());
    // Without -U, rows of a table without key could not be told apart.
    const keepsAll = this.environment.captures && complete.sinkMode === "upsert" && table.primaryKey.length === 0;
    return keepsAll ? { ...complete, sinkMode: "all" } : complete;
  }
}

/** No connector here has buckets. */
function refuseBuckets(table: CatalogTable): void {
  if (table.definition.distribution === null) return;
  throw new SqlError(
    "plan",
    "SQL_BUCKETS",
    `Table '${pathText(table.path)}' is distributed into buckets, but the underlying DynamicTableSink doesn't implement the SupportsBucketing interface.`,
    null,
    { hint: "Leave DISTRIBUTED out: no connector here has buckets." },
  );
}

function nested(span: Span): SqlError {
  return new SqlError("validate", "SQL_STATEMENT_SET", "Only INSERT statement is allowed in Statement Set.", span, {
    expected: "INSERT INTO or END",
  });
}

const NOWHERE: ProvidedTable = { sink: { createWriter: () => ({ write() {}, flush() {}, close() {} }) } };

/** A statement for what has none: a query that only shows its result. */
function insertOf(query: Query): InsertInto {
  const { span } = query;
  const none = { hints: [], partition: [], columns: [], onConflict: null, overwrite: false, upsert: false };
  return { kind: "insert", ...none, path: [], query, span };
}
