import { Diagnostic } from "../base/diagnostic.ts";
import { PrintSink } from "../connectors/print-sink.ts";
import type { Rel } from "../sql/2-analyze/rel.ts";
import { operatorPlan } from "../sql/session/plan-statement.ts";
import type { Row } from "../sql/user-functions/row.ts";
import { SinkConversionOperator } from "./streams/sink-conversion.ts";
import { rowFormOf } from "./streams/row-form.ts";
import type { TableSpace } from "./table-space.ts";

/** What a statement gives: of a job its name, of SHOW, DESCRIBE and EXPLAIN rows. (Flink: docs/dev/table/common) */
export class TableResult {
  readonly #jobName: string | null;
  readonly #rows: readonly Row[] | null;

  /** @internal */
  constructor(jobName: string | null, rows: readonly Row[] | null = null) {
    this.#jobName = jobName;
    this.#rows = rows;
  }

  /** The job that was handed over, null when the statement needs none. */
  getJobName(): string | null {
    return this.#jobName;
  }

  /**
   * The rows of a statement without a job. Jobs run when the program has ended.
   * @throws Diagnostic JOB_NOT_FINISHED
   */
  collect(): readonly Row[] {
    if (this.#rows !== null) return this.#rows;
    throw new Diagnostic({
      code: "JOB_NOT_FINISHED",
      phase: "graph",
      message: "The rows of a job were asked for before it has run: the program only describes it here.",
      hint: "print() shows them, and a sink keeps them.",
    });
  }

  /** Prints the rows. A query's are printed by its job, as they come. */
  print(): void {
    const { console } = globalThis as { readonly console?: { log(text: string): void } };
    for (const row of this.#rows ?? []) console?.log(String(row));
  }

  /** Waits for the job in Flink; here it runs when the program has ended. */
  await(): void {}
}

/** A job whose rows are printed. */
export function printRows(space: TableSpace, rel: Rel): TableResult {
  const node = space.addQuery(operatorPlan(rel, space.session.options));
  const form = rowFormOf(rel.columns);
  const origin = (id: number) => ({ node: space.builder.nodeAt(id), sideOutput: undefined, partitioning: undefined });
  const converted = space.builder.add({
    name: "SinkConversion",
    body: { kind: "oneInput", createOperator: () => new SinkConversionOperator(form, -1) },
    inputs: [[origin(node.id)]],
    keySelectors: [undefined],
  });
  const sink = space.builder.add({
    name: "print",
    body: { kind: "sink", sink: new PrintSink<unknown>() },
    inputs: [[origin(converted.id)]],
    keySelectors: [undefined],
  });
  sink.parallelism = 1;
  space.submitNodes("collect", [sink]);
  return new TableResult("collect");
}
