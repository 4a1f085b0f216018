/** What a session says about planning, read from its options once. */
import { durationMs } from "../catalog/options.ts";
import type { AsyncLookupDefaults } from "./changelog/lookup-modes.ts";
import type { EvalContext } from "../functions/scalar-function.ts";

export interface PlanOptions {
  /** `table.exec.state.ttl`; 0 = keep for ever. */
  readonly stateTtlMs: number;
  /** null = off. */
  readonly miniBatch: { readonly latencyMs: number; readonly size: number } | null;
  readonly aggregatePhase: "AUTO" | "ONE_PHASE" | "TWO_PHASE";
  readonly splitDistinct: boolean;
  readonly distinctBuckets: number;
  /** `table.optimizer.incremental-agg-enabled`: of a split aggregation in two phases the middle two steps are one. */
  readonly incrementalAggregate: boolean;
  /** `table.optimizer.multi-join.enabled`. */
  readonly multiJoin: boolean;
  readonly upsertMaterialize: "AUTO" | "FORCE" | "NONE";
  /** An INSERT by another key than the table's has to say ON CONFLICT (`table.exec.sink.require-on-conflict`). */
  readonly requireOnConflict: boolean;
  readonly nonTemporalSort: boolean;
  /** Equal parts of a plan run once (`table.optimizer.reuse-sub-plan-enabled`); equal tables too (`reuse-source-enabled`). */
  readonly reuseSubPlans: boolean;
  readonly reuseSources: boolean;
  /** Refuse what PLAN_ADVICE warns of (`table.optimizer.non-deterministic-update.strategy` = TRY_RESOLVE). */
  readonly refuseNonDeterministicUpdates: boolean;
  /** Joins that keep no rows and ask the tables instead (`table.optimizer.delta-join.strategy` = FORCE); no table here can be asked. */
  readonly forceDeltaJoin: boolean;
  readonly asyncLookup: AsyncLookupDefaults;
  /** `table.exec.emit.*` of legacy group windows; null = off, "missing" = on without a delay. */
  readonly earlyFireMs: number | "missing" | null;
  readonly lateFireMs: number | "missing" | null;
  /** null = not set. */
  readonly allowLatenessMs: number | null;
  /** For constants that depend on the session's time zone. */
  readonly evalContext: EvalContext;
}

export function planOptionsOf(options: ReadonlyMap<string, string>, evalContext: EvalContext): PlanOptions {
  const ms = (key: string): number => durationMs(options.get(key) ?? "0") ?? 0;
  const on = (key: string): boolean => options.get(key)?.toLowerCase() === "true";
  const off = (key: string): boolean => options.get(key)?.toLowerCase() === "false";
  const fire = (when: string): number | "missing" | null => {
    if (!on(`table.exec.emit.${when}-fire.enabled`)) return null;
    const delay = options.get(`table.exec.emit.${when}-fire.delay`);
    return delay === undefined ? "missing" : (durationMs(delay) ?? "missing");
  };
  const phase = options.get("table.optimizer.agg-phase-strategy")?.toUpperCase();
  const materialize = options.get("table.exec.sink.upsert-materialize")?.toUpperCase();
  return {
    stateTtlMs: ms("table.exec.state.ttl"),
    miniBatch: on("table.exec.mini-batch.enabled")
      ? { latencyMs: ms("table.exec.mini-batch.allow-latency"), size: Number(options.get("table.exec.mini-batch.size") ?? -1) }
      : null,
    aggregatePhase: phase === "ONE_PHASE" || phase === "TWO_PHASE" ? phase : "AUTO",
    splitDistinct: on("table.optimizer.distinct-agg.split.enabled"),
    distinctBuckets: Number(options.get("table.optimizer.distinct-agg.split.bucket-num") ?? 1024),
    incrementalAggregate: !off("table.optimizer.incremental-agg-enabled"),
    multiJoin: on("table.optimizer.multi-join.enabled"),
    upsertMaterialize: materialize === "FORCE" || materialize === "NONE" ? materialize : "AUTO",
    reuseSubPlans: !off("table.optimizer.reuse-sub-plan-enabled"),
    reuseSources: !off("table.optimizer.reuse-source-enabled"),
    refuseNonDeterministicUpdates: options.get("table.optimizer.non-deterministic-update.strategy")?.toUpperCase() === "TRY_RESOLVE",
    forceDeltaJoin: options.get("table.optimizer.delta-join.strategy")?.toUpperCase() === "FORCE",
    asyncLookup: {
      capacity: Number(options.get("table.exec.async-lookup.buffer-capacity") ?? 100),
      timeoutMs: durationMs(options.get("table.exec.async-lookup.timeout") ?? "3 min") ?? 0,
      ordered: options.get("table.exec.async-lookup.output-mode")?.toUpperCase() !== "ALLOW_UNORDERED",
      keyOrdered: on("table.exec.async-lookup.key-ordered-enabled"),
    },
    requireOnConflict: !off("table.exec.sink.require-on-conflict"),
    nonTemporalSort: on("table.exec.non-temporal-sort.enabled"),
    earlyFireMs: fire("early"),
    lateFireMs: fire("late"),
    allowLatenessMs: options.has("table.exec.emit.allow-lateness") ? ms("table.exec.emit.allow-lateness") : null,
    evalContext,
  };
}
