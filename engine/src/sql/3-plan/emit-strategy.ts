/** When legacy group windows give results beside that of their end: `table.exec.emit.*` (Flink: `WindowEmitStrategy`), and what it refuses. */
import { SqlError } from "../1-parse/sql-error.ts";
import type { WindowSpecification } from "../2-analyze/rel.ts";
import type { GroupWindowAggregate } from "./physical.ts";
import type { PlanOptions } from "./plan-options.ts";

function refusal(message: string, expected: string): SqlError {
  return new SqlError("plan", "SQL_EMIT_STRATEGY", message, null, { expected });
}

/** null = a result at the end only. */
export function emitStrategyOf(
  { earlyFireMs, lateFireMs, allowLatenessMs, stateTtlMs }: PlanOptions,
  spec: WindowSpecification,
): GroupWindowAggregate["emit"] {
  if (earlyFireMs === null && lateFireMs === null) return null;
  if (spec.kind === "session") throw refusal("Session window doesn't support EMIT strategy currently.", "TUMBLE or HOP");
  if (earlyFireMs === "missing") {
    const message = "Early-fire delay should not be null or negative value when enable early-fire emit strategy.";
    throw refusal(message, "SET 'table.exec.emit.early-fire.delay' = '1 s'");
  }
  if (lateFireMs === null) return { earlyMs: earlyFireMs, lateMs: null, allowedLatenessMs: 0 };
  if (lateFireMs === "missing") {
    const message = "Late-fire delay should not be null or negative value when enable late-fire emit strategy.";
    throw refusal(message, "SET 'table.exec.emit.late-fire.delay' = '1 s'");
  }
  const allowedLatenessMs = allowLatenessMs ?? stateTtlMs;
  if (allowedLatenessMs <= 0) {
    throw refusal(
      "The 'AFTER WATERMARK' emit strategy requires set 'allow-lateness' or 'minIdleStateRetentionTime' in table config.",
      "SET 'table.exec.emit.allow-lateness' = '1 min'",
    );
  }
  if (allowedLatenessMs < lateFireMs) {
    throw refusal(
      `Allow-lateness [${allowedLatenessMs}ms] should not be smaller than Late-fire delay [${lateFireMs}ms] when enable late-fire emit strategy.`,
      `'table.exec.emit.allow-lateness' of at least ${lateFireMs} ms`,
    );
  }
  return { earlyMs: earlyFireMs, lateMs: lateFireMs, allowedLatenessMs };
}

export function refuseEmitStrategyOfTableFunction({ earlyFireMs, lateFireMs }: PlanOptions): void {
  if (earlyFireMs === null && lateFireMs === null) return;
  throw refusal(
    "Currently, window table function based aggregate doesn't support early-fire and late-fire configuration 'table.exec.emit.early-fire.enabled' and 'table.exec.emit.late-fire.enabled'.",
    "the legacy form, GROUP BY TUMBLE(…)",
  );
}
