/** Bound INSERTs to a program that can be deployed again and again. */
import { ValuesSink } from "../../connectors/values/values-sink.ts";
import { applyOptions } from "../../graph/configuration/apply-options.ts";
import { defaultJobConfig } from "../../graph/configuration/default-job-config.ts";
import type { ClusterDefaults, JobConfig, JobProgram, StreamGraph } from "../../graph/stream-graph.ts";
import type { BoundInsert } from "../2-analyze/bind-insert.ts";
import type { PhysicalNode } from "../3-plan/physical.ts";
import { SharedPlans } from "../5-execute/lower/shared-plans.ts";
import { type ProvidedTable, type SinkPlan, translate } from "../5-execute/translate.ts";
import { type CatalogTable, tableName } from "../catalog/catalog.ts";
import { durationMs } from "../catalog/options.ts";
import { sessionEvaluation } from "../session-evaluation.ts";
import { operatorsOf, physicalPlan, sinkRel } from "./plan-statement.ts";
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
  const plans = new PhysicalPlans(inserts);
  return { instantiate: (defaults) => graphOf(plans, { ...settings, options: optionsOf(settings.options, defaults) }, defaults) };
}

/** One insert as it will run. */
interface PlannedInsert {
  readonly insert: BoundInsert;
  readonly plan: PhysicalNode;
}

/** The plans of a job's inserts. Plans are only read, so they are made once, and not for each subtask: only what they are lowered to runs. */
class PhysicalPlans {
  readonly inserts: readonly BoundInsert[];
  private last: { readonly options: ReadonlyMap<string, string>; readonly plans: readonly PlannedInsert[] } | null = null;

  constructor(inserts: readonly BoundInsert[]) {
    this.inserts = inserts;
  }

  /** The plans of before when the options are the same map. */
  under(options: ReadonlyMap<string, string>): readonly PlannedInsert[] {
    if (this.last?.options !== options) {
      const plans = this.inserts.map((insert) => ({ insert, plan: physicalPlan(sinkRel(insert), options, true) }));
      this.last = { options, plans };
    }
    return this.last.plans;
  }
}

/**
 * What SET statements say, and below it what the cluster's configuration says about planning and execution (Flink: `TableConfig` looks into
 * `config.yaml` for what a session has not set). Binding came before the cluster was known, so what it goes by, such as the time zone, is the
 * session's alone.
 */
function optionsOf(options: ReadonlyMap<string, string>, defaults: ClusterDefaults | undefined): ReadonlyMap<string, string> {
  const ofCluster = Object.entries(defaults?.configuration ?? {}).filter(([key]) => /^table\.(exec|optimizer)\./.test(key));
  return ofCluster.length === 0 ? options : new Map([...ofCluster, ...options]);
}

/** Everything that runs is made anew, so that nothing is shared between subtasks; what was analysed is only read. */
function graphOf(
  planned: PhysicalPlans,
  { options, captures, recordsPerWatermark, provided }: JobSettings,
  defaults: ClusterDefaults | undefined,
): StreamGraph {
  const session = sessionSettings(options);
  const shared = new SharedPlans();
  const plans = planned
    .under(options)
    .map(({ insert, plan }): SinkPlan => ({ sink: insert.sink, root: operatorsOf(plan, options, shared) }));
  const nodes = translate(plans, {
    session,
    provided,
    evaluation: sessionEvaluation(session),
    watermarks: { idleTimeoutMs: durationMs(options.get("table.exec.source.idle-timeout") ?? "0") ?? 0, recordsPerWatermark },
    dropNulls: options.get("table.exec.sink.not-null-enforcer")?.toUpperCase() === "DROP",
    tapOf: (table) => (captures ? new ValuesSink(tableName(table), keyOf(table)) : null),
  });
  return { jobName: jobName(planned.inserts, options), nodes, config: jobConfig(options, defaults) };
}

/** Positions of the primary key in the rows that a sink gets. */
function keyOf(table: CatalogTable): readonly number[] {
  const persisted = table.columns.filter((column) => column.persisted);
  return table.primaryKey.map((index) => persisted.indexOf(table.columns[index]));
}

/** What the cluster's configuration and, above it, SET statements say about the job. */
export function jobConfig(options: ReadonlyMap<string, string>, defaults: ClusterDefaults | undefined): JobConfig {
  const config = defaultJobConfig(defaults ?? { parallelism: 1 });
  applyOptions((key) => textOf(key, options.get(key) ?? defaults?.configuration?.[key]), config);
  // Operators of SQL never keep or change a row that they have passed on.
  config.objectReuse = true;
  const parallelism = Number(options.get("table.exec.resource.default-parallelism") ?? -1);
  if (parallelism > 0) config.parallelism = parallelism;
  return config;
}

/** As `applyOptions` takes it; undefined for values that stand for "not set". */
function textOf(key: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (NOT_SET_BY_MINUS_ONE.has(key) && Number(text) < 0) return undefined;
  if (key === "execution.checkpointing.interval" && durationMs(text) === 0) return undefined;
  return text;
}

const NOT_SET_BY_MINUS_ONE: ReadonlySet<string> = new Set(["parallelism.default", "pipeline.max-parallelism"]);
