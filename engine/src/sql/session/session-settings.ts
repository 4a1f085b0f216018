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
    miniBatchRows: options.get("table.exec.mini-batch.enabled") === "true" ? Number(options.get("table.exec.mini-batch.size") ?? -1) : null,
  };
}
