import { requireSpace } from "./table-internals.ts";
import type { BoundInsert } from "../sql/2-analyze/bind-insert.ts";
import { sinkRel } from "../sql/session/plan-statement.ts";
import { type ExplainDetail, explainRels } from "./explain-tables.ts";
import { TableResult } from "./table-result.ts";
import type { TableSpace } from "./table-space.ts";

let insertOfHidden: (tablePipeline: TablePipeline) => BoundInsert;

/** Of a TablePipeline; no member of it, since programs hold it. */
export function insertOf(tablePipeline: TablePipeline): BoundInsert {
  return insertOfHidden(tablePipeline);
}

/** A table's rows on their way into another table, made by `insertInto`. (Flink: docs/dev/table/common, "Emit a Table") */
export class TablePipeline {
  static {
    insertOfHidden = (tablePipeline) => tablePipeline.#insert;
  }

  /** @internal */
  readonly #space: TableSpace;
  /** @internal */
  readonly #insert: BoundInsert;

  /** @internal Use `table.insertInto`. */
  constructor(space: TableSpace, insert: BoundInsert) {
    requireSpace(space);
    this.#space = space;
    this.#insert = insert;
  }

  /** Runs it as a job. A program is one job here: several inserts go into one statement set. */
  execute(): TableResult {
    return this.#space.guarded(() => new TableResult(this.#space.submit([this.#insert])));
  }

  /** Its plans, as EXPLAIN shows them. */
  explain(...details: readonly ExplainDetail[]): string {
    return explainRels(this.#space, [sinkRel(this.#insert)], details);
  }
}
