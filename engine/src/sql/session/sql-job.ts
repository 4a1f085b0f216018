/** Bound INSERTs to a program that can be deployed again and again. */
import { ValuesSink } from "../../connectors/values/values-sink.ts";
import type { JobConfig, JobProgram, RestartStrategy, StreamGraph } from "../../graph/stream-graph.ts";
import type { BoundInsert } from "../2-analyze/bind-insert.ts";
import { type ProvidedTable, type SinkPlan, translate } from "../5-execute/translate.ts";
import { type CatalogTable, tableName } from "../catalog/catalog.ts";
import { durationMs } from "../catalog/options.ts";
import { sessionEvaluation } from "../session-evaluation.ts";
import { operatorPlan, sinkRel } from "./plan-statement.ts";
import { sessionSettings } from "./session-settings.ts";

export interface SqlJob {
  /** As in Flink's web UI, e.g. `insert-into_default_catalog.default_database.t`. */
  readonly name: string;
  readonly program: JobProgram;
  readonly inserts: readonly BoundInsert[];
  readonly sinks: readonly CatalogTable[];
  /** Every table that is read, once. */
  readonly sources: readonly CatalogTable[];
  /** False when a table that is read never ends by itself and goes by the clock (`datagen` without a number of rows). */
  readonly bounded: boolean;
}

export interface JobSettings {
  /** Options as they were set when the job was submitted. */
  readonly options: ReadonlyMap<string, string>;
  /** What each sink table gets is also kept in the world's values store, under the table's full name. */
  readonly captures: boolean;
  /** See `WatermarkSettings`. */
  readonly recordsPerWatermark: number | null;
  /** Tables that code stands behind, by name. */
  readonly provided?: ReadonlyMap<string, ProvidedTable> | undefined;
}

export function jobName(inserts: readonly BoundInsert[], options: ReadonlyMap<string, string>): string {
  return options.get("pipeline.name") ?? `insert-into_${inserts.map(({ sink }) => tableName(sink)).join(",")}`;
}

export function programOf(inserts: readonly BoundInsert[], settings: JobSettings): JobProgram {
  return { instantiate: (defaults) => graphOf(inserts, settings, defaults?.parallelism ?? 1) };
}

/** Everything that runs is made anew, so that nothing is shared between subtasks; what was analysed is only read. */
function graphOf(
  inserts: readonly BoundInsert[],
  { options, captures, recordsPerWatermark, provided }: JobSettings,
  parallelism: number,
): StreamGraph {
  const session = sessionSettings(options);
  const plans = inserts.map((insert): SinkPlan => ({ sink: insert.sink, root: operatorPlan(sinkRel(insert), options) }));
  const nodes = translate(plans, {
    session,
    provided,
    evaluation: sessionEvaluation(session),
    watermarks: { idleTimeoutMs: durationMs(options.get("table.exec.source.idle-timeout") ?? "0") ?? 0, recordsPerWatermark },
    dropNulls: options.get("table.exec.sink.not-null-enforcer")?.toUpperCase() === "DROP",
    tapOf: (table) => (captures ? new ValuesSink(tableName(table), keyOf(table)) : null),
  });
  return { jobName: jobName(inserts, options), nodes, config: jobConfig(options, parallelism) };
}

/** Positions of the primary key in the rows that a sink gets. */
function keyOf(table: CatalogTable): readonly number[] {
  const persisted = table.columns.filter((column) => column.persisted);
  return table.primaryKey.map((index) => persisted.indexOf(table.columns[index]));
}

/** What SET statements say about the job. */
export function jobConfig(options: ReadonlyMap<string, string>, defaultParallelism: number): JobConfig {
  const duration = (key: string): number | undefined => {
    const text = options.get(key);
    return text === undefined ? undefined : (durationMs(text) ?? undefined);
  };
  const integer = (key: string): number | undefined => {
    const text = options.get(key);
    return text === undefined || Number(text) < 0 ? undefined : Number(text);
  };
  const backend = options.get("state.backend.type") ?? options.get("state.backend");
  const interval = duration("execution.checkpointing.interval");
  return {
    parallelism: integer("table.exec.resource.default-parallelism") ?? integer("parallelism.default") ?? defaultParallelism,
    maxParallelism: integer("pipeline.max-parallelism"),
    chainingEnabled: options.get("pipeline.operator-chaining.enabled") !== "false",
    objectReuse: true,
    autoWatermarkIntervalMs: duration("pipeline.auto-watermark-interval") ?? 200,
    stateBackend: backend === "rocksdb" ? "rocksdb" : "hashmap",
    checkpointIntervalMs: interval === 0 ? undefined : interval,
    checkpointingMode: options.get("execution.checkpointing.mode")?.toUpperCase() === "AT_LEAST_ONCE" ? "AT_LEAST_ONCE" : "EXACTLY_ONCE",
    checkpointTimeoutMs: duration("execution.checkpointing.timeout") ?? 600_000,
    minPauseMs: duration("execution.checkpointing.min-pause") ?? 0,
    maxConcurrentCheckpoints: integer("execution.checkpointing.max-concurrent-checkpoints") ?? 1,
    tolerableFailedCheckpoints: integer("execution.checkpointing.tolerable-failed-checkpoints") ?? 0,
    unalignedCheckpoints:
      (options.get("execution.checkpointing.unaligned.enabled") ?? options.get("execution.checkpointing.unaligned"))?.toLowerCase() ===
      "true",
    alignedCheckpointTimeoutMs: duration("execution.checkpointing.aligned-checkpoint-timeout") ?? 0,
    restartStrategy: restartStrategyOf(options),
  };
}

function restartStrategyOf(options: ReadonlyMap<string, string>): RestartStrategy | undefined {
  switch (options.get("restart-strategy.type") ?? options.get("restart-strategy")) {
    case "none":
    case "off":
    case "disable":
      return { kind: "none" };
    case "fixed-delay":
    case "fixeddelay":
      return {
        kind: "fixedDelay",
        attempts: Number(options.get("restart-strategy.fixed-delay.attempts") ?? 1),
        delayMs: durationMs(options.get("restart-strategy.fixed-delay.delay") ?? "1 s") ?? 1000,
      };
    default:
      return undefined;
  }
}
