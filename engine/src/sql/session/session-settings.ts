import type { AsyncCallSettings, SessionSettings } from "../5-execute/operators/sql-operator.ts";
import { durationMs } from "../catalog/options.ts";
import { zoneOffset } from "../functions/time-zones.ts";

/** What a session's options say to its operators. */
export function sessionSettings(options: ReadonlyMap<string, string>): SessionSettings {
  const zone = options.get("table.local-time-zone") ?? "UTC";
  return {
    zoneOffsetMs: zone === "UTC" ? () => 0 : (epochMs) => zoneOffset(zone, epochMs),
    stateTtlMs: durationMs(options.get("table.exec.state.ttl") ?? "0") ?? 0,
    intervalJoinCleanupMs: durationMs(options.get("table.exec.interval-join.min-cleanup-interval") ?? "0") ?? 0,
    asyncScalar: asyncSettings(options, "table.exec.async-scalar", "max-attempts"),
    asyncTable: asyncSettings(options, "table.exec.async-table", "max-retries"),
    jobParameters: jobParameters(options.get("pipeline.global-job-parameters") ?? ""),
    miniBatchRows: options.get("table.exec.mini-batch.enabled") === "true" ? Number(options.get("table.exec.mini-batch.size") ?? -1) : null,
  };
}

/** Defaults are Flink's. */
function asyncSettings(options: ReadonlyMap<string, string>, prefix: string, attempts: string): AsyncCallSettings {
  const ms = (key: string, otherwise: string): number => durationMs(options.get(`${prefix}.${key}`) ?? otherwise) ?? 0;
  const repeats = options.get(`${prefix}.retry-strategy`)?.toUpperCase() !== "NO_RETRY";
  return {
    capacity: Number(options.get(`${prefix}.max-concurrent-operations`) ?? 10),
    timeoutMs: ms("timeout", "3 min"),
    retry: repeats ? { attempts: Number(options.get(`${prefix}.${attempts}`) ?? 3), delayMs: ms("retry-delay", "100 ms") } : null,
  };
}

/** `k1:v1,k2:v2`; quotes hold what has a comma in it. */
function jobParameters(text: string): ReadonlyMap<string, string> {
  const entries = text.match(/(?:'[^']*'|[^,'])+/g) ?? [];
  return new Map(
    entries.map((entry) => {
      const [key, ...value] = entry
        .trim()
        .replace(/^'(.*)'$/, "$1")
        .split(":");
      return [key.trim(), value.join(":").trim()] as const;
    }),
  );
}
