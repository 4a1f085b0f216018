/**
 * Runs a planned query as a job on the simulated cluster, over tables whose rows come one at a time.
 *
 * Nothing costs time, so virtual time stands still until a row and the watermark behind it have gone through the whole job: the input row that
 * caused an output row is the one of that time. Variations (parallelism, backend, crashes) must not change what the result holds in the end;
 * they write to an exactly-once sink, whose committed rows are what counts.
 */
import { DeliveryGuarantee, KafkaSink } from "../connectors/log/kafka-sink.ts";
import type { Sink as SinkOfEngine } from "../flow/connector.ts";
import { WatermarkStrategy } from "../operators/watermarks/watermark-strategy.ts";
import type { RunOutcome } from "../sim/outcome.ts";
import { runWorld } from "../sim/run.ts";
import { DEFAULT_LIMITS, type Fault, type World } from "../sim/world.ts";
import type { RelColumn } from "../sql/2-analyze/rel.ts";
import type { OperatorPlan } from "../sql/5-execute/operator-plan.ts";
import { type ProvidedTable, translate } from "../sql/5-execute/translate.ts";
import { resultTable } from "../sql/session/result-table.ts";
import { sessionEvaluation } from "../sql/session-evaluation.ts";
import { jobConfigOf, sessionOf } from "../sql/sql-program.ts";
import { SqlRuntimeError } from "../sql/functions/sql-runtime-error.ts";
import type { Row } from "../types/row.ts";
import { type PacedRow, PacedSource } from "./paced-source.ts";

export interface QueryJob {
  /** Planned anew whenever the job is deployed. */
  readonly plan: () => OperatorPlan;
  readonly columns: readonly RelColumn[];
  /** Configuration of the job and the session, by Flink's keys. */
  readonly options: ReadonlyMap<string, string>;
  /** Rows by table, all with distinct times. */
  readonly inputs: ReadonlyMap<string, readonly PacedRow[]>;
}

export interface ClusterVariation {
  readonly name: string;
  readonly seed?: number;
  readonly parallelism: number;
  readonly options?: Readonly<Record<string, string>>;
  readonly faults?: readonly Fault[];
}

/** When the first row comes, and how far rows are apart. */
export const FIRST_ROW_MS = Date.UTC(2026, 2, 10, 0, 0, 1);
export const ROW_EVERY_MS = 1000;
const START_MS = FIRST_ROW_MS - ROW_EVERY_MS;

/** The recorder's rows were some 20 ms apart: so are these, since mini-batches go by processing time. */
const RECORDED_PACE = 0.02;

/** `onRow` gets each row of the result with the time at which it came out, as if rows were `ROW_EVERY_MS` apart. */
export function runPaced(job: QueryJob, onRow: (row: Row, atMs: number) => void): void {
  const sooner = (atMs: number): number => FIRST_ROW_MS + Math.round((atMs - FIRST_ROW_MS) * RECORDED_PACE);
  const inputs = new Map([...job.inputs].map(([name, rows]) => [name, rows.map((row) => ({ ...row, atMs: sooner(row.atMs) }))]));
  const sink: SinkOfEngine<Row> = {
    createWriter: (context) => ({
      write: (row: Row) => onRow(row.slice(), FIRST_ROW_MS + (context.currentMs() - FIRST_ROW_MS) / RECORDED_PACE),
      flush() {},
      close() {},
    }),
  };
  check(runWorld(programOf({ ...job, inputs }, sink), worldOf({ parallelism: 1, faults: [] }, { "*": 0 })));
}

/** Rows of the result as `show` gives them, in the order in which they were committed. */
export function runVaried(job: QueryJob, variation: ClusterVariation, show: (row: Row) => unknown): unknown[] {
  const sink = KafkaSink.builder<Row>()
    .setRecordSerializer({ topic: "result", serialize: (row) => ({ topic: "result", key: null, value: show(row) }) })
    .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
    .setTransactionalIdPrefix("result")
    .build() as unknown as SinkOfEngine<Row>;
  const options = new Map([
    ...job.options,
    ["execution.checkpointing.interval", "2500 ms"],
    ["restart-strategy.type", "fixed-delay"],
    ["restart-strategy.fixed-delay.attempts", "1000"],
    ["restart-strategy.fixed-delay.delay", "100 ms"],
    ...Object.entries(variation.options ?? {}),
  ] as const);
  const outcome = runWorld(programOf({ ...job, options }, sink), worldOf(variation, {}));
  check(outcome);
  const topic = outcome.topics.find(({ name }) => name === "result");
  return (topic?.records ?? []).filter(({ committedAtMs }) => committedAtMs !== null).map(({ value }) => value);
}

function worldOf({ seed = 1, parallelism, faults = [] }: Omit<ClusterVariation, "name">, costsUs: World["costsUs"]): World {
  return {
    seed,
    startMs: START_MS,
    topics: [{ name: "result", partitions: 1, arrivals: [] }],
    cluster: { taskManagers: 2, slotsPerTaskManager: 4, parallelism },
    faults,
    end: { kind: "drain" },
    limits: { ...DEFAULT_LIMITS, maxRestarts: 100 },
    costsUs,
  };
}

function check({ status, failure }: RunOutcome): void {
  if (status !== "finished") throw new SqlRuntimeError(failure?.code ?? status, failure?.message ?? status);
}

function programOf({ plan, columns, options, inputs }: QueryJob, sink: SinkOfEngine<Row>) {
  const session = sessionOf(options);
  const endMs = Math.max(START_MS, ...[...inputs.values()].flat().map(({ atMs }) => atMs)) + ROW_EVERY_MS;
  const provided = new Map<string, ProvidedTable>([["", { sink }]]);
  for (const [name, rows] of inputs) {
    // One subtask: others would hold the watermark back after a restart, until they have ended again.
    const source = { source: new PacedSource(rows, endMs), watermarks: WatermarkStrategy.noWatermarks<Row>() };
    provided.set(name, { source, parallelism: 1 });
  }
  return {
    instantiate: (defaults?: { readonly parallelism: number }) => ({
      jobName: "query",
      nodes: translate([{ sink: resultTable(columns), root: plan() }], {
        session,
        provided,
        evaluation: sessionEvaluation(session),
        watermarks: { idleTimeoutMs: 0, recordsPerWatermark: null },
        dropNulls: false,
        tapOf: () => null,
      }),
      config: jobConfigOf(options, defaults),
    }),
  };
}
