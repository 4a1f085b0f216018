import type { SessionSettings } from "../5-execute/operators/sql-operator.ts";
import { durationMs } from "../catalog/options.ts";
import { zoneOffset } from "../functions/time-zones.ts";

/** What a session's options say to its operators. */
export function sessionSettings(options: ReadonlyMap<string, string>): SessionSettings {
  const zone = options.get("table.local-time-zone") ?? "UTC";
  return {
    zoneOffsetMs: zone === "UTC" ? () => 0 : (epochMs) => zoneOffset(zone, epochMs),
    stateTtlMs: durationMs(options.get("table.exec.state.ttl") ?? "0") ?? 0,
    intervalJoinCleanupMs: durationMs(options.get("table.exec.interval-join.min-cleanup-interval") ?? "0") ?? 0,
    jobParameters: jobParameters(options.get("pipeline.global-job-parameters") ?? ""),
    miniBatchRows: options.get("table.exec.mini-batch.enabled") === "true" ? Number(options.get("table.exec.mini-batch.size") ?? -1) : null,
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
