import { requireSpace } from "./table-internals.ts";
import { insertOf } from "./table-pipeline.ts";
import { parseScript } from "../sql/1-parse/parse-script.ts";
import type { BoundInsert } from "../sql/2-analyze/bind-insert.ts";
import { sinkRel } from "../sql/session/plan-statement.ts";
import { type ExplainDetail, explainRels } from "./explain-tables.ts";
import type { Table } from "./table.ts";
import type { TablePipeline } from "./table-pipeline.ts";
import { TableResult } from "./table-result.ts";
import type { TableSpace } from "./table-space.ts";

/** Several inserts as one job: what they have in common is computed once. (Flink: docs/dev/table/common, "Emit a Table") */
export class StatementSet {
  readonly #space: TableSpace;
  readonly #inserts: BoundInsert[] = [];

  /** @internal Use `createStatementSet`. */
  constructor(space: TableSpace) {
    requireSpace(space);
    this.#space = space;
  }

  /** Adds an INSERT INTO written in SQL. */
  addInsertSql(statement: string): this {
    this.#space.guarded(() => {
      const { statements, errors } = parseScript(statement);
      if (errors.length > 0) throw errors[0];
      for (const node of statements) if (node.kind === "insert") this.#inserts.push(this.#space.session.bindInsert(node, new Set()));
    }, statement);
    return this;
  }

  /** Adds a pipeline. */
  add(pipeline: TablePipeline): this {
    this.#inserts.push(insertOf(pipeline));
    return this;
  }

  /** Adds a table's rows into another. */
  addInsert(path: string, table: Table, overwrite = false): this {
    return this.add(table.insertInto(path, overwrite));
  }

  /** Runs all of it as one job. */
  execute(): TableResult {
    return this.#space.guarded(() => new TableResult(this.#space.submit(this.#inserts.splice(0))));
  }

  /** Makes all of it part of the DataStream job, which `env.execute()` runs. */
  attachAsDataStream(): void {
    this.#space.guarded(() => this.#space.addInserts(this.#inserts.splice(0)));
  }

  /** The plans of all of it. */
  explain(...details: readonly ExplainDetail[]): string {
    return explainRels(this.#space, this.#inserts.map(sinkRel), details);
  }
}

/** The same, for tables that are mixed with streams. (Flink: docs/dev/table/data_stream_api) */
export class StreamStatementSet extends StatementSet {}
