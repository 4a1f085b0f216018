/**
 * The keys of Flink's options for checkpoints, state and restarts. Flink takes any key and says nothing of one that it does not know; a slip in one of
 * these would only show when a job fails and does not come back. So they are refused here, with the nearest that there is.
 */
import { Diagnostic } from "../../base/diagnostic.ts";
import { nearest } from "../../base/nearest.ts";
import { CheckpointingOptions } from "./checkpointing-options.ts";
import type { ConfigOption } from "./config-option.ts";
import { RestartStrategyOptions } from "./restart-strategy-options.ts";
import { RocksDBConfigurableOptions, RocksDBOptions } from "./rocksdb-options.ts";
import {
  FsStateChangelogOptions,
  StateBackendOptions,
  StateChangelogOptions,
  StateLatencyTrackOptions,
  StateSizeTrackOptions,
} from "./state-options.ts";
import { StateRecoveryOptions } from "./state-recovery-options.ts";

const FAMILIES: readonly Readonly<Record<string, Pick<ConfigOption<unknown>, "key" | "fallbackKeys">>>[] = [
  CheckpointingOptions,
  StateRecoveryOptions,
  RestartStrategyOptions,
  StateBackendOptions,
  StateLatencyTrackOptions,
  StateSizeTrackOptions,
  StateChangelogOptions,
  FsStateChangelogOptions,
  RocksDBOptions,
  RocksDBConfigurableOptions,
];

/** Flink keeps these keys for itself. */
const CLOSED_PREFIXES = [
  "execution.checkpointing.",
  "execution.checkpoint.",
  "execution.state-recovery.",
  "restart-strategy",
  "state.",
] as const;
/** Families in which Flink has more than is listed. */
const OPEN_PREFIXES = ["state.backend.rocksdb.metrics.", "state.backend.forst."] as const;

let fallbacks: ReadonlyMap<string, readonly string[]> | null = null;
let known: ReadonlySet<string> | null = null;

/** Older keys of an option, in the order in which they count. */
export function fallbackKeysOf(key: string): readonly string[] {
  fallbacks ??= new Map(options().map(({ key: own, fallbackKeys = [] }) => [own, fallbackKeys]));
  return fallbacks.get(key) ?? [];
}

/** @throws Diagnostic JOB_UNKNOWN_OPTION for a key of checkpoints, state or restarts that Flink does not have. */
export function checkKnownOption(key: string): void {
  if (!CLOSED_PREFIXES.some((prefix) => key.startsWith(prefix)) || OPEN_PREFIXES.some((prefix) => key.startsWith(prefix))) return;
  known ??= new Set(options().flatMap(({ key: own, fallbackKeys = [] }) => [own, ...fallbackKeys]));
  if (known.has(key)) return;
  const near = nearest(key, known);
  throw new Diagnostic({
    code: "JOB_UNKNOWN_OPTION",
    message: `There is no option "${key}".`,
    phase: "graph",
    found: key,
    ...(near === undefined ? {} : { expected: near, hint: `Did you mean ${near}?` }),
  });
}

function options(): readonly Pick<ConfigOption<unknown>, "key" | "fallbackKeys">[] {
  return FAMILIES.flatMap((family) => Object.values(family));
}
