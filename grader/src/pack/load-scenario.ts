/** One scenario file → `Scenario`: schema first, then what the schema cannot say (times, faults, durations, partitions). */
import type { DiagnosticData } from "@millrace/engine";
import { parseFault, taskManagersIn } from "../plan/fault-text.ts";
import { parseDurationUs, resolveTime } from "../plan/time-text.ts";
import { nearest } from "./nearest.ts";
import type { Scenario } from "./problem.ts";
import { type ScenarioYaml, scenarioSchema } from "./schema/scenario.ts";
import { readYaml } from "./yaml-file.ts";

/** `groups` = names allowed for `group`, the first being the default. */
export function loadScenario(
  file: string,
  text: string,
  groups: readonly string[],
): { scenario: Scenario | null; diagnostics: readonly DiagnosticData[] } {
  const yaml = readYaml(file, text, scenarioSchema);
  if (yaml.value === null) return { scenario: null, diagnostics: yaml.diagnostics };
  const head: ScenarioYaml = yaml.value;
  const diagnostics: DiagnosticData[] = [];
  const complain = (code: string, message: string, path: readonly PropertyKey[], hint: string | null = null) =>
    diagnostics.push({ code, message, phase: "validate", file, span: yaml.locate(path), ...(hint === null ? {} : { hint }) });
  const group = head.group ?? groups[0] ?? "main";
  if (!groups.includes(group)) {
    const guess = nearest(group, groups);
    complain(
      "PACK_UNKNOWN_GROUP",
      `No group \`${group}\` in problem.yaml.`,
      ["group"],
      guess === null ? null : `Did you mean \`${guess}\`?`,
    );
  }
  const startMs = resolveTime(head.start, null);
  if (startMs === null) complain("PACK_BAD_TIME", `\`${head.start}\` is not an ISO instant.`, ["start"], 'E.g. "2026-01-05T10:00:00Z".');
  const checkTime = (time: string | number, path: readonly PropertyKey[]) => {
    if (resolveTime(time, startMs ?? 0) !== null) return;
    complain("PACK_BAD_TIME", `\`${time}\` is not a time.`, path, 'An ISO instant, "10:00:00", "+5s" or epoch milliseconds.');
  };
  for (const [topic, stream] of Object.entries(head.streams)) {
    for (const [index, record] of (stream.records ?? []).entries()) {
      const path = ["streams", topic, "records", index];
      checkTime(record.at, [...path, "at"]);
      if (record.timestamp !== undefined) checkTime(record.timestamp, [...path, "timestamp"]);
      if (record.partition >= stream.partitions) {
        const message = `Partition ${record.partition} of \`${topic}\`, which has ${stream.partitions} (0 to ${stream.partitions - 1}).`;
        complain("PACK_NO_SUCH_PARTITION", message, [...path, "partition"]);
      }
    }
  }
  for (const [index, fault] of head.faults.entries()) {
    const parsed = parseFault(fault);
    if (parsed === null) {
      const hint =
        'E.g. "crash tm 1 after 120 records", "crash tm any at 10:05:00", "crash jm when checkpoint 3 is acked"; problems/README.md has all.';
      complain("PACK_BAD_FAULT", `Not a fault: \`${fault}\`.`, ["faults", index], hint);
      continue;
    }
    for (const taskManager of taskManagersIn(parsed)) {
      if (taskManager <= head.cluster.taskManagers) continue;
      const message = `Task manager ${taskManager} does not exist: the cluster has ${head.cluster.taskManagers}.`;
      complain("PACK_NO_SUCH_TASK_MANAGER", message, ["faults", index]);
    }
    if ("topic" in parsed) {
      const { topic, partition } = parsed;
      const partitions = head.streams[topic]?.partitions ?? 0;
      if (partition >= partitions) {
        complain("PACK_NO_SUCH_PARTITION", `There is no partition ${partition} of a stream \`${topic}\`.`, ["faults", index]);
      }
    }
    if (parsed.trigger.kind === "at") {
      checkTime(parsed.trigger.from, ["faults", index]);
      checkTime(parsed.trigger.to, ["faults", index]);
    }
  }
  for (const [topic, stream] of Object.entries(head.streams)) {
    for (const [index, growth] of (stream.growth ?? []).entries()) checkTime(growth.at, ["streams", topic, "growth", index, "at"]);
  }
  if (head.upgrade !== undefined) checkTime(head.upgrade.at, ["upgrade", "at"]);
  for (const [duration, path] of [
    [head.upgrade?.downtime, ["upgrade", "downtime"]],
    [head.broker?.transactionMaxTimeout, ["broker", "transactionMaxTimeout"]],
  ] as const) {
    if (duration === undefined || parseDurationUs(duration) !== null) continue;
    complain("PACK_BAD_DURATION", `\`${duration}\` is not a duration such as 40ms.`, path);
  }
  if (head.end !== "drain") {
    if ("stop" in head.end) checkTime(head.end.stop, ["end", "stop"]);
    else checkTime(head.end.cancel, ["end", "cancel"]);
  }
  for (const [operator, cost] of Object.entries(head.costs)) {
    if (parseDurationUs(cost) === null) complain("PACK_BAD_DURATION", `\`${cost}\` is not a duration such as 40ms.`, ["costs", operator]);
  }
  if (diagnostics.length > 0) return { scenario: null, diagnostics };
  const seeds = typeof head.seeds === "number" ? Array.from({ length: head.seeds }, (_, index) => index + 1) : head.seeds;
  const name = file.replace(/^.*[\\/]/, "").replace(/\.ya?ml$/, "");
  return { scenario: { ...head, name, file, group, seeds }, diagnostics };
}
