/** Options that SET understands, and how their values read. */
import type { SetOption } from "../1-parse/ast.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import { isKnownZone } from "../functions/time-zones.ts";
import { nameHint } from "../../base/nearest.ts";

type OptionKind = "duration" | "integer" | "boolean" | "zone" | "mode" | "text";

/** Options with an effect here, and those that are accepted because they change nothing in the results. */
const KNOWN: Readonly<Record<string, OptionKind>> = {
  "parallelism.default": "integer",
  "pipeline.max-parallelism": "integer",
  "pipeline.name": "text",
  "pipeline.object-reuse": "boolean",
  "pipeline.operator-chaining.enabled": "boolean",
  "pipeline.auto-watermark-interval": "duration",
  "execution.runtime-mode": "text",
  "execution.checkpointing.interval": "duration",
  "execution.checkpointing.mode": "mode",
  "execution.checkpointing.timeout": "duration",
  "execution.checkpointing.min-pause": "duration",
  "execution.checkpointing.max-concurrent-checkpoints": "integer",
  "execution.checkpointing.tolerable-failed-checkpoints": "integer",
  "execution.checkpointing.unaligned.enabled": "boolean",
  "execution.checkpointing.unaligned.forced": "boolean",
  "execution.checkpointing.aligned-checkpoint-timeout": "duration",
  "state.backend.type": "text",
  "state.backend": "text",
  "restart-strategy.type": "text",
  "restart-strategy.fixed-delay.attempts": "integer",
  "restart-strategy.fixed-delay.delay": "duration",
  "table.local-time-zone": "zone",
  "table.exec.state.ttl": "duration",
  "table.exec.source.idle-timeout": "duration",
  "table.exec.resource.default-parallelism": "integer",
  "table.exec.mini-batch.enabled": "boolean",
  "table.exec.mini-batch.allow-latency": "duration",
  "table.exec.mini-batch.size": "integer",
  "table.exec.emit.early-fire.enabled": "boolean",
  "table.exec.emit.early-fire.delay": "duration",
  "table.exec.emit.late-fire.enabled": "boolean",
  "table.exec.emit.late-fire.delay": "duration",
  "table.exec.emit.allow-lateness": "duration",
  "table.exec.rank.topn-cache-size": "integer",
  "table.exec.sink.not-null-enforcer": "text",
  "table.exec.sink.upsert-materialize": "text",
  "table.exec.sink.type-length-enforcer": "text",
  "table.exec.deduplicate.insert-update-after-sensitive-enabled": "boolean",
  "table.exec.async-state.enabled": "boolean",
  "table.exec.non-temporal-sort.enabled": "boolean",
  "table.optimizer.agg-phase-strategy": "text",
  "table.optimizer.distinct-agg.split.enabled": "boolean",
  "table.optimizer.join-reorder-enabled": "boolean",
  "table.optimizer.multi-join.enabled": "boolean",
  "table.optimizer.delta-join.strategy": "text",
  "table.optimizer.reuse-source-enabled": "boolean",
  "table.optimizer.reuse-sub-plan-enabled": "boolean",
  "table.optimizer.non-deterministic-update.strategy": "text",
  "table.dml-sync": "boolean",
  "table.sql-dialect": "text",
  "sql-client.execution.result-mode": "text",
};

/** Throws SQL_UNKNOWN_OPTION or SQL_OPTION_VALUE. */
export function checkOption(option: SetOption): void {
  const kind = KNOWN[option.key];
  if (kind === undefined) {
    throw new SqlError("validate", "SQL_UNKNOWN_OPTION", `There is no option '${option.key}'.`, option.keySpan, {
      found: option.key,
      hint: nameHint(option.key, Object.keys(KNOWN), "options"),
    });
  }
  const expected = expectation(kind, option.value);
  if (expected !== null) {
    throw new SqlError("validate", "SQL_OPTION_VALUE", `'${option.value}' is no value for '${option.key}'.`, option.valueSpan, {
      found: option.value,
      expected,
    });
  }
}

function expectation(kind: OptionKind, value: string): string | null {
  switch (kind) {
    case "duration":
      return durationMs(value) === null ? "a duration such as '10 s', '5 min' or '1 h'" : null;
    case "integer":
      return /^-?\d+$/.test(value.trim()) ? null : "a whole number";
    case "boolean":
      return /^(true|false)$/i.test(value.trim()) ? null : "'true' or 'false'";
    case "zone":
      return isKnownZone(value) ? null : "'UTC', an offset such as 'GMT+02:00', or a zone such as 'Europe/Berlin'";
    case "mode":
      return /^(EXACTLY_ONCE|AT_LEAST_ONCE)$/i.test(value.trim()) ? null : "'EXACTLY_ONCE' or 'AT_LEAST_ONCE'";
    case "text":
      return null;
  }
}

const UNITS: Readonly<Record<string, number>> = {
  d: 86_400_000,
  day: 86_400_000,
  days: 86_400_000,
  h: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  minutes: 60_000,
  s: 1000,
  sec: 1000,
  secs: 1000,
  second: 1000,
  seconds: 1000,
  ms: 1,
  milli: 1,
  millis: 1,
  millisecond: 1,
  milliseconds: 1,
};

/** `10 s`, `5min`, `200` (ms); null when malformed. */
export function durationMs(text: string): number | null {
  const match = /^\s*(\d+)\s*([a-z]*)\s*$/i.exec(text);
  if (match === null) return null;
  const unit = match[2] === "" ? 1 : UNITS[match[2].toLowerCase()];
  return unit === undefined ? null : Number(match[1]) * unit;
}
