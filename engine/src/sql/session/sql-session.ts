/**
 * A session (Flink: `TableEnvironment`, a client of the SQL gateway): statements come one after the other, each sees what those before it have
 * done. Nothing runs here: an INSERT gives a job, and whoever holds the session decides where it runs and when.
 */
import type { InsertInto, Query, Statement } from "../1-parse/ast.ts";
import type { Span } from "../1-parse/span.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import { type BoundInsert, bindInsert } from "../2-analyze/bind-insert.ts";
import { bindQuery } from "../2-analyze/bind-query.ts";
import { bindTableDefinition, definitionOf } from "../2-analyze/bind-table-ddl.ts";
import type { QueryContext } from "../2-analyze/query-context.ts";
import type { Rel } from "../2-analyze/rel.ts";
import { checkTable, described, endsByItself, resolveSink, resolveSource } from "../5-execute/connectors/registry.ts";
import type { ProvidedTable } from "../5-execute/translate.ts";
import { Catalog, type CatalogTable, tableName } from "../catalog/catalog.ts";
import { checkOption } from "../catalog/options.ts";
import { nameHint } from "../../base/nearest.ts";
import { sessionEvaluation } from "../session-evaluation.ts";
import { notExecuted, refuseParts } from "./not-executed.ts";
import { operatorPlan, sinkRel } from "./plan-statement.ts";
import { sessionSettings } from "./session-settings.ts";
import { jobName, programOf, type SqlJob } from "./sql-job.ts";
import type { StatementResult } from "./statement-result.ts";

export interface SessionEnvironment {
  /** Topics of the log broker; null = any topic is there as soon as it is named. */
  readonly topics: readonly string[] | null;
  /** See `JobSettings`. */
  readonly captures: boolean;
  readonly recordsPerWatermark: number | null;
  /** Tables that code stands behind, by name: their options are not looked at. */
  readonly provided?: ReadonlyMap<string, ProvidedTable> | undefined;
}

export class SqlSession {
  readonly catalog = new Catalog();
  readonly options = new Map<string, string>();
  private readonly environment: SessionEnvironment;

  constructor(environment: SessionEnvironment) {
    this.environment = environment;
  }

  /** @param given the statement is part of the given DDL. Throws SqlError, SqlRuntimeError. */
  execute(statement: Statement, given = false): StatementResult {
    refuseParts(statement);
    switch (statement.kind) {
      case "createTable":
        this.createTable(statement, given);
        return OK;
      case "createView":
        this.createView(statement);
        return OK;
      case "setOption":
        checkOption(statement);
        this.options.set(statement.key, statement.value);
        return OK;
      case "drop":
        this.drop(statement);
        return OK;
      case "queryStatement": {
        const sources = new Set<CatalogTable>();
        this.planned(bindQuery(statement.query, this.queryContext(sources), null), statement.query.span);
        return OK;
      }
      case "insert":
        return { kind: "job", job: this.jobOf([statement]) };
      case "statementSet":
        return { kind: "job", job: this.jobOf(statement.inserts) };
      case "execute":
        return this.execute(statement.statement, given);
      default:
        throw notExecuted(statement.kind, statement.span);
    }
  }

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
      sinks: inserts.map(({ sink }) => sink),
      sources,
      bounded: sources.every((table) => this.isProvided(table) || endsByItself(table, this.evaluation())),
    };
  }

  /** The insert, bound and planned once: planning finds the mistakes that validation cannot. */
  bindInsert(node: InsertInto, sources: Set<CatalogTable>): BoundInsert {
    refuseParts(node);
    const insert = bindInsert(node, this.queryContext(sources));
    if (!this.isProvided(insert.sink)) resolveSink(insert.sink, this.evaluation());
    this.checkTopics(insert.sink);
    this.planned(sinkRel(insert), node.span);
    return insert;
  }

  private planned(rel: Rel, span: Span): void {
    try {
      operatorPlan(rel, this.options);
    } catch (error) {
      if (error instanceof SqlError && (error.span === null || error.span.end === 0))
        throw new SqlError(error.phase, error.code, error.message, span, error.details);
      throw error;
    }
  }

  /** @param sources gets the tables that are read; null = they are not looked at, as in a view's definition */
  private queryContext(sources: Set<CatalogTable> | null): QueryContext {
    const evaluation = this.evaluation();
    return {
      catalog: this.catalog,
      commonTables: new Map(),
      expanding: [],
      ...(sources === null
        ? {}
        : {
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

  private evaluation() {
    return sessionEvaluation(sessionSettings(this.options));
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

  private createTable(node: Extract<Statement, { kind: "createTable" }>, given: boolean): void {
    const path = this.catalog.qualify(node.path.map(({ name }) => name));
    const { span } = node.path[node.path.length - 1];
    const table = bindTableDefinition(definitionOf(node), { path, temporary: node.temporary, given });
    if (this.catalog.at(path) !== undefined) {
      if (node.ifNotExists) return;
      throw alreadyExists(table, span);
    }
    this.catalog.set(this.describe(table));
  }

  private describe(table: CatalogTable): CatalogTable {
    const complete = described(table, this.evaluation());
    // Without -U, rows of a table without key could not be told apart.
    const keepsAll = this.environment.captures && complete.sinkMode === "upsert" && table.primaryKey.length === 0;
    return keepsAll ? { ...complete, sinkMode: "all" } : complete;
  }

  private createView(node: Extract<Statement, { kind: "createView" }>): void {
    const path = this.catalog.qualify(node.path.map(({ name }) => name));
    const { span } = node.path[node.path.length - 1];
    if (this.catalog.at(path) !== undefined) {
      if (node.ifNotExists) return;
      throw alreadyExists({ path }, span);
    }
    bindQuery(node.query, { ...this.queryContext(null), expanding: [path.name] }, null);
    this.catalog.set({
      kind: "view",
      path,
      name: path.name,
      temporary: node.temporary,
      comment: node.comment,
      columns: node.columns.map((column) => column.name),
      query: node.query,
    });
  }

  private drop(node: Extract<Statement, { kind: "drop" }>): void {
    const path = this.catalog.qualify(node.path.map(({ name }) => name));
    const { span } = node.path[node.path.length - 1];
    if (!this.catalog.deleteAt(path) && !node.ifExists) {
      throw new SqlError("validate", "SQL_UNKNOWN_TABLE", `Table with identifier '${tableName({ path })}' does not exist.`, span, {
        found: path.name,
        hint: nameHint(path.name, this.catalog.names(), "tables"),
      });
    }
  }

  /** The query, bound as a statement of its own. */
  bindQuery(query: Query, sources: Set<CatalogTable>): Rel {
    return bindQuery(query, this.queryContext(sources), null);
  }
}

const OK: StatementResult = { kind: "ok" };

function alreadyExists({ path }: Pick<CatalogTable, "path">, span: Span): SqlError {
  return new SqlError(
    "validate",
    "SQL_TABLE_EXISTS",
    `Table (or view) ${path.database}.${path.name} already exists in Catalog ${path.catalog}.`,
    span,
  );
}
