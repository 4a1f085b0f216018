import type { BoundInsert } from "../sql/2-analyze/bind-insert.ts";
import { explainText } from "../sql/3-plan/explain/explain.ts";
import { physicalPlan, sinkRel } from "../sql/session/plan-statement.ts";
import type { ExplainDetail } from "./table.ts";
import { TableResult } from "./table-result.ts";
import type { TableSpace } from "./table-space.ts";

/** A table's rows on their way into another table, made by `insertInto`. (Flink: docs/dev/table/common, "Emit a Table") */
export class TablePipeline {
  /** @internal */
  readonly space: TableSpace;
  /** @internal */
  readonly insert: BoundInsert;

  /** @internal Use `table.insertInto`. */
  constructor(space: TableSpace, insert: BoundInsert) {
    this.space = space;
    this.insert = insert;
  }

  /** Runs it as a job. A program is one job here: several inserts go into one statement set. */
  execute(): TableResult {
    return this.space.guarded(() => new TableResult(this.space.submit([this.insert])));
  }

  /** Its plans, as EXPLAIN shows them. */
  explain(...details: readonly ExplainDetail[]): string {
    return explainInserts(this.space, [this.insert], details);
  }
}

export function explainInserts(space: TableSpace, inserts: readonly BoundInsert[], details: readonly ExplainDetail[]): string {
  return space.guarded(() =>
    explainText(
      inserts.map((insert) => {
        const logical = sinkRel(insert);
        const changelogMode = details.includes("CHANGELOG_MODE");
        return { logical, physical: physicalPlan(logical, space.session.options, true), changelogMode };
      }),
    ),
  );
}
