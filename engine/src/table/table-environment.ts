import { relOf } from "./table-internals.ts";
import { graphOf } from "../datastream/stream-execution-environment.ts";
import { StreamExecutionEnvironment } from "../datastream/stream-execution-environment.ts";
import { Diagnostic } from "../base/diagnostic.ts";
import type { Statement } from "../sql/1-parse/ast.ts";
import { parseScript, parseSingleQuery } from "../sql/1-parse/parse-script.ts";
import { bindValues } from "../sql/2-analyze/bind-query.ts";
import { lookUpTable } from "../sql/2-analyze/bind-table.ts";
import type { Rel } from "../sql/2-analyze/rel.ts";
import { allFields, project } from "../sql/2-analyze/rel-builder.ts";
import { castTo } from "../sql/2-analyze/rex-calls.ts";
import { checkExecutable, ONLY_EXECUTABLE } from "../sql/session/refusals.ts";
import { sinkRel } from "../sql/session/plan-statement.ts";
import { DataType } from "../sql/user-functions/data-types.ts";
import { classOf, type FunctionLike } from "../sql/user-functions/function-signature.ts";
import { Row } from "../sql/user-functions/row.ts";
import { EnvironmentSettings } from "./environment-settings.ts";
import { astOf, type ExpressionLike, identifier, NOWHERE } from "./expressions/expression-base.ts";
import { StatementSet } from "./statement-set.ts";
import { rowFormOf } from "./streams/row-form.ts";
import { type ExplainDetail, explainRels } from "./explain-tables.ts";
import { type ProcessArgumentLike, processed } from "./process.ts";
import { Table } from "./table.ts";
import { TableConfig } from "./table-config.ts";
import type { TableDescriptor } from "./table-descriptor.ts";
import { TableResult } from "./table-result.ts";
import { TableSpace } from "./table-space.ts";

let spaceOfEnvironmentHidden: (tableEnvironment: TableEnvironment) => TableSpace;

/** Of a TableEnvironment; no member of it, since programs hold it. */
export function spaceOfEnvironment(tableEnvironment: TableEnvironment): TableSpace {
  return spaceOfEnvironmentHidden(tableEnvironment);
}

let tableInHidden: (tableEnvironment: TableEnvironment, build: () => Rel, text?: string) => Table;

/** Of a TableEnvironment; no member of it, since programs hold it. */
export function tableIn(tableEnvironment: TableEnvironment, build: () => Rel, text?: string): Table {
  return tableInHidden(tableEnvironment, build, text);
}

/**
 * Where programs of tables begin: `const tableEnv = TableEnvironment.create(EnvironmentSettings.inStreamingMode())`. It knows tables and functions by
 * name and runs statements. A program is one job: the one that an INSERT, `executeInsert`, `execute` or a statement set hands over.
 * (Flink: docs/dev/table/common)
 */
export class TableEnvironment {
  static {
    spaceOfEnvironmentHidden = (tableEnvironment) => tableEnvironment.#space;
    tableInHidden = (tableEnvironment, build, text) => tableEnvironment.#table(build, text);
  }

  /** @internal */
  readonly #space: TableSpace;
  readonly #config: TableConfig;

  /** @internal Use `create`. */
  protected constructor(env: StreamExecutionEnvironment) {
    this.#space = new TableSpace(graphOf(env));
    this.#config = new TableConfig(this.#space.session.options, env);
  }

  /** An environment of its own. */
  static create(settings: EnvironmentSettings = EnvironmentSettings.inStreamingMode()): TableEnvironment {
    return new TableEnvironment(StreamExecutionEnvironment.getExecutionEnvironment(settings.configuration ?? undefined));
  }

  /** Settings. */
  getConfig(): TableConfig {
    return this.#config;
  }

  /** The table or view of a name: `t`, `database.t` or `catalog.database.t`. */
  from(path: string): Table {
    return this.#table(() => lookUpTable(partsOf(path).map(identifier), this.#space.context()));
  }

  /**
   * What a process table function gives, all arguments by position or all by name: `fromCall(Joiner, a.partitionBy($("k")).asArgument("left"), …)`. (Flink:
   * docs/dev/table/functions/ptfs, "Call Syntax")
   */
  fromCall(fn: string | FunctionLike, ...args: readonly ProcessArgumentLike[]): Table {
    return this.#table(() => processed(this.#space, fn, [], args));
  }

  /** A table of these rows, each a `Row`, an array, or a value of one column. A ROW type in front gives names and types; else they are `f0`, `f1` … */
  fromValues(...rows: readonly (DataType | ExpressionLike)[]): Table {
    const [first] = rows;
    const type = first instanceof DataType ? first.logicalType : null;
    const values = (type === null ? rows : rows.slice(1)) as readonly ExpressionLike[];
    return this.#table(() => {
      const asts = values.map((value) => {
        const ast = astOf(value);
        return ast.kind === "row" || ast.kind === "array" ? ast.items : [ast];
      });
      const rel = bindValues({ kind: "values", rows: asts, span: NOWHERE });
      if (type === null) return { ...rel, columns: rel.columns.map((column, i) => ({ ...column, name: `f${i}` })) };
      const fields = type.root === "ROW" ? type.fields! : [{ name: "f0", type }];
      const casts = allFields(rel).map((field, i) => castTo(field, fields[i].type));
      return project(
        rel,
        casts,
        fields.map(({ name }) => name),
      );
    });
  }

  /** The table that a query written in SQL gives. Tables can be put in: `` sqlQuery(`SELECT * FROM ${table}`) ``. */
  sqlQuery(query: string): Table {
    return this.#table(() => this.#space.session.bind(parseSingleQuery(query), new Set()), query);
  }

  /** Runs one statement written in SQL. An INSERT is a job, a query a job that prints its rows. @throws Diagnostic of the statement's mistakes */
  executeSql(statement: string): TableResult {
    return this.#space.guarded(() => {
      const parsed = this.#parse(statement);
      if (parsed.kind === "queryStatement") return this.#table(() => this.#space.session.bind(parsed.query, new Set())).execute();
      checkExecutable(parsed);
      const result = this.#space.session.execute(parsed);
      switch (result.kind) {
        case "job":
          return new TableResult(this.#space.submit(result.job.inserts));
        case "table": {
          const form = rowFormOf(result.columns);
          return new TableResult(
            null,
            result.rows.map((row) => form([0, ...row]) as Row),
          );
        }
        default:
          return new TableResult(null, [Row.of("OK")]);
      }
    }, statement);
  }

  /** The plans of a query or INSERT written in SQL. */
  explainSql(statement: string, ...details: readonly ExplainDetail[]): string {
    return this.#space.guarded(() => {
      const parsed = this.#parse(statement);
      const { session } = this.#space;
      if (parsed.kind === "queryStatement") return explainRels(this.#space, [session.bind(parsed.query, new Set())], details);
      const inserts = parsed.kind === "insert" ? [parsed] : parsed.kind === "statementSet" ? parsed.inserts : null;
      if (inserts === null) {
        throw new Diagnostic({ code: "TABLE_SQL", phase: "validate", message: "Only queries and INSERTs have plans.", found: parsed.kind });
      }
      const rels = inserts.map((insert) => sinkRel(session.bindInsert(insert, new Set())));
      return explainRels(this.#space, rels, details);
    }, statement);
  }

  #parse(text: string): Statement {
    const { statements, errors } = parseScript(text);
    if (errors.length > 0) throw errors[0];
    if (statements.length === 1) return statements[0];
    throw new Diagnostic({
      code: "TABLE_SQL",
      phase: "validate",
      message: ONLY_EXECUTABLE,
      found: `${statements.length} statements`,
    });
  }

  /** Makes a table known as a view of the session, in place of one of that name. */
  createTemporaryView(path: string, table: Table): void {
    this.#space.defineView(path, relOf(table));
  }

  /** Makes a connector's table known to the session. */
  createTemporaryTable(path: string, descriptor: TableDescriptor): void {
    this.#define(path, descriptor, true);
  }

  /** Makes a connector's table known to the catalog. */
  createTable(path: string, descriptor: TableDescriptor): void {
    this.#define(path, descriptor, false);
  }

  #define(path: string, { definition }: TableDescriptor, temporary: boolean): void {
    const { session } = this.#space;
    this.#space.guarded(() => session.define(definition, session.catalog.qualify(partsOf(path)), temporary));
  }

  /** Forgets a view of the session; false when there is none. */
  dropTemporaryView(path: string): boolean {
    return this.#dropTemporary(path, "view");
  }

  /** Forgets a table of the session; false when there is none. */
  dropTemporaryTable(path: string): boolean {
    return this.#dropTemporary(path, "table");
  }

  #dropTemporary(path: string, kind: "view" | "table"): boolean {
    const { catalog } = this.#space.session;
    const qualified = catalog.qualify(partsOf(path));
    return catalog.temporaryAt(qualified)?.kind === kind && catalog.deleteAt(qualified);
  }

  /** Names of the tables and views of the current database. */
  listTables(): readonly string[] {
    return [...this.#space.session.catalog.names()].sort();
  }

  /** Names of the functions of users. */
  listUserDefinedFunctions(): readonly string[] {
    return this.#space.session.catalog.functions.names();
  }

  /** Several inserts as one job. */
  createStatementSet(): StatementSet {
    return new StatementSet(this.#space);
  }

  /** Makes a function known under a name from everywhere, before built-in ones. */
  createTemporarySystemFunction(name: string, fn: FunctionLike): void {
    this.#defineFunction(name, fn, "system");
  }

  /** Makes a function known to the session under a path. */
  createTemporaryFunction(path: string, fn: FunctionLike): void {
    this.#defineFunction(path, fn, "temporary");
  }

  /** Makes a function known to the catalog under a path. */
  createFunction(path: string, fn: FunctionLike): void {
    this.#defineFunction(path, fn, "catalog");
  }

  #defineFunction(name: string, fn: FunctionLike, kind: "system" | "temporary" | "catalog"): void {
    const { catalog } = this.#space.session;
    const path = kind === "system" ? null : catalog.qualify(partsOf(name));
    const last = path?.name ?? name;
    const temporary = kind !== "catalog";
    if (catalog.functions.get(path, last, temporary) !== undefined) {
      throw new Diagnostic({
        code: "TABLE_FUNCTION_EXISTS",
        phase: "validate",
        message: `Could not register temporary ${kind} function. A function named '${name}' does already exist.`,
        found: name,
      });
    }
    const className = classOf(fn).name;
    catalog.functions.set({ path, name: last, temporary, className, language: "JAVA", implementation: fn });
  }

  /** Forgets a temporary system function; false when there is none. */
  dropTemporarySystemFunction(name: string): boolean {
    return this.#space.session.catalog.functions.delete(null, name, true);
  }

  /** Forgets a function of the session; false when there is none. */
  dropTemporaryFunction(path: string): boolean {
    const { catalog } = this.#space.session;
    const qualified = catalog.qualify(partsOf(path));
    return catalog.functions.delete(qualified, qualified.name, true);
  }

  /** @internal */
  #table(build: () => Rel, text?: string): Table {
    return new Table(this.#space, this.#space.guarded(build, text));
  }
}

export function partsOf(path: string): readonly string[] {
  return path.split(".").map((part) => part.replace(/^`|`$/g, ""));
}
