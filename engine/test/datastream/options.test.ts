import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as flink from "../../src/index.ts";
import {
  CheckpointingOptions,
  Configuration,
  datastreamProgram,
  StateRecoveryOptions,
  StreamExecutionEnvironment,
} from "../../src/index.ts";
import { Diagnostic } from "../../src/base/diagnostic.ts";

interface RecordedOption {
  readonly key: string;
  /** Java's class of the value. */
  readonly type: string;
  /** As Java writes it; null = none. */
  readonly default: string | null;
  readonly fallbackKeys: readonly string[];
}

interface OurOption {
  readonly key: string;
  readonly defaultValue?: unknown;
  readonly fallbackKeys?: readonly string[];
}

/** Read by reflection from the jars of Flink 2.3.0. */
const RECORDED: Readonly<Record<string, Readonly<Record<string, RecordedOption>>>> = JSON.parse(
  readFileSync(new URL("flink-options.json", import.meta.url), "utf8"),
);
/** Under this name in the documentation and the release notes, though not in the release. */
const DOCUMENTED = "execution.checkpointing.unaligned.during-recovery.enabled";

/** Our default as Java writes it. */
function written(value: unknown, { type, default: recorded }: RecordedOption): string | null {
  if (value === undefined) return null;
  if (type === "Duration") return durationText((value as { toMillis(): number }).toMillis());
  // A list of one compression.
  if (recorded === "[SNAPPY_COMPRESSION]") return `[${value}]`;
  return (type === "Double" || type === "Float") && Number.isInteger(value) ? `${value}.0` : String(value);
}

function durationText(millis: number): string {
  if (millis === 0) return "PT0S";
  if (millis % 3_600_000 === 0) return `PT${millis / 3_600_000}H`;
  return millis % 60_000 === 0 ? `PT${millis / 60_000}M` : `PT${millis / 1000}S`;
}

describe("options of checkpoints, state and restarts", () => {
  it.each(Object.keys(RECORDED))("%s has Flink's names, keys, older keys and defaults", (family) => {
    const ours = (flink as unknown as Record<string, Readonly<Record<string, OurOption>>>)[family];
    for (const [name, recorded] of Object.entries(RECORDED[family])) {
      const option = ours[name];
      expect(option, name).toBeDefined();
      expect({ key: option.key, default: written(option.defaultValue, recorded) }, name).toEqual({
        key: recorded.key,
        default: recorded.default,
      });
      const fallbacks = (option.fallbackKeys ?? []).filter((key) => key !== DOCUMENTED);
      expect(fallbacks, name).toEqual(recorded.fallbackKeys);
    }
  });

  const configured = (key: string, value = "true") =>
    datastreamProgram(() => {
      const env = StreamExecutionEnvironment.getExecutionEnvironment();
      env.configure(Configuration.fromMap({ [key]: value }));
      env.fromSequence(1, 2).print();
      env.execute();
    }).instantiate({ parallelism: 1 }).config;

  it.each([
    ["execution.checkpointing.intervall", "execution.checkpointing.interval"],
    ["execution.checkpoint.timeout", "execution.checkpointing.timeout"],
    ["restart-strategy.fixed-delay.attempt", "restart-strategy.fixed-delay.attempts"],
    ["restart-strategy.fixeddelay.delay", "restart-strategy.fixed-delay.delay"],
    ["state.backend.rocksdb.write-buffer.size", "state.backend.rocksdb.writebuffer.size"],
    ["execution.state-recovery.claimmode", "execution.state-recovery.claim-mode"],
  ])("%s is refused: did you mean %s?", (key, near) => {
    expect(() => configured(key)).toThrow(Diagnostic);
    try {
      configured(key);
    } catch (error) {
      expect((error as Diagnostic).data).toMatchObject({ code: "JOB_UNKNOWN_OPTION", found: key, hint: `Did you mean ${near}?` });
    }
  });

  it("keys of others, of metrics and of ForSt are not looked at", () => {
    for (const key of [
      "my.own.key",
      "taskmanager.numberOfTaskSlots",
      "state.backend.rocksdb.metrics.num-snapshots",
      "state.backend.forst.cache.dir",
    ]) {
      expect(() => configured(key)).not.toThrow();
    }
  });

  it("an older key counts, the newer one more", () => {
    expect(configured("state.checkpoints.num-retained", "3").numRetainedCheckpoints).toBe(3);
    expect(configured("execution.checkpointing.checkpoints-after-tasks-finish.enabled", "false").checkpointsAfterTasksFinish).toBe(false);
    expect(configured("execution.checkpointing.checkpoints-after-tasks-finish", "false").checkpointsAfterTasksFinish).toBe(false);
    expect(configured(DOCUMENTED).checkpointsDuringRecovery).toBe(true);
    const both = Configuration.fromMap({ "execution.savepoint.path": "old", "execution.state-recovery.path": "new" });
    expect(both.get(StateRecoveryOptions.SAVEPOINT_PATH)).toBe("new");
    expect(Configuration.fromMap({ "state.backend.incremental": "true" }).get(CheckpointingOptions.INCREMENTAL_CHECKPOINTS)).toBe(true);
  });
});
