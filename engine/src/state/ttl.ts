import { Diagnostic } from "../base/diagnostic.ts";
import { Duration } from "../base/duration.ts";

/** When an entry's time to live starts anew. */
export type TtlUpdateType = "Disabled" | "OnCreateAndWrite" | "OnReadAndWrite";
/** Whether an expired entry that is still there may be returned. */
export type TtlStateVisibility = "NeverReturnExpired" | "ReturnExpiredIfNotCleanedUp";

/** How many entries each state access checks, and whether each record does so too. */
export interface IncrementalCleanupStrategy {
  readonly cleanupSize: number;
  readonly runCleanupForEveryRecord: boolean;
}

/** Expired entries are left out of compactions; the clock is asked anew after so many entries. */
export interface CompactFilterStrategy {
  readonly queryTimeAfterNumEntries: number;
}

/** As in Flink, whose tables are compacted anew after 30 days at the latest; here nothing waits for that. */
const DEFAULT_COMPACT_FILTER: CompactFilterStrategy = { queryTimeAfterNumEntries: 1000 };

/**
 * Time to live of keyed state, in processing time (Flink: `StateTtlConfig`).
 *
 * `StateTtlConfig.newBuilder(Duration.ofHours(24)).setUpdateType(StateTtlConfig.UpdateType.OnCreateAndWrite).build()`
 * (Flink: docs/dev/datastream/fault-tolerance/state)
 */
export class StateTtlConfig {
  /** What starts the time to live anew: writing (default), reading too, or nothing. */
  static readonly UpdateType = {
    Disabled: "Disabled",
    OnCreateAndWrite: "OnCreateAndWrite",
    OnReadAndWrite: "OnReadAndWrite",
  } as const;

  /** Whether expired values that are still there may be seen. */
  static readonly StateVisibility = {
    NeverReturnExpired: "NeverReturnExpired",
    ReturnExpiredIfNotCleanedUp: "ReturnExpiredIfNotCleanedUp",
  } as const;

  /** Which clock counts; processing time is the only one, as in Flink. */
  static readonly TtlTimeCharacteristic = { ProcessingTime: "ProcessingTime" } as const;

  /** Time to live in ms. */
  readonly ttlMs: number;
  /** What starts the time to live anew. */
  readonly updateType: TtlUpdateType;
  /** Whether expired values that are still there may be seen. */
  readonly stateVisibility: TtlStateVisibility;
  /** Expired entries are left out of snapshots (they come back as nothing after a restore). */
  readonly cleanupInSnapshot: boolean;
  /** undefined = expired entries go only when they are accessed. */
  readonly incrementalCleanup: IncrementalCleanupStrategy | undefined;
  /** What the log-structured backend does; undefined = expired entries go only when they are accessed. */
  readonly compactFilter: CompactFilterStrategy | undefined;

  constructor(
    ttlMs: number,
    updateType: TtlUpdateType,
    stateVisibility: TtlStateVisibility,
    cleanup: {
      inSnapshot: boolean;
      incremental: IncrementalCleanupStrategy | undefined;
      compactFilter: CompactFilterStrategy | undefined;
    },
  ) {
    this.ttlMs = ttlMs;
    this.updateType = updateType;
    this.stateVisibility = stateVisibility;
    this.cleanupInSnapshot = cleanup.inSnapshot;
    this.incrementalCleanup = cleanup.incremental;
    this.compactFilter = cleanup.compactFilter;
  }

  /** A configuration for values that live this long. */
  static newBuilder(timeToLive: Duration | { toMillis(): number }): StateTtlConfigBuilder {
    return new StateTtlConfigBuilder(timeToLive);
  }

  /** False for a disabled configuration. */
  get isEnabled(): boolean {
    return this.updateType !== "Disabled";
  }

  /** How long values live. */
  getTimeToLive(): Duration {
    return Duration.ofMillis(this.ttlMs);
  }

  /** What starts the time to live anew. */
  getUpdateType(): TtlUpdateType {
    return this.updateType;
  }

  /** Whether expired values that are still there may be seen. */
  getStateVisibility(): TtlStateVisibility {
    return this.stateVisibility;
  }
}

/**
 * Defaults: OnCreateAndWrite, NeverReturnExpired, background cleanup (5 entries per access on the heap).
 * (Flink: docs/dev/datastream/fault-tolerance/state)
 */
export class StateTtlConfigBuilder {
  private readonly ttlMs: number;
  private updateType: TtlUpdateType = "OnCreateAndWrite";
  private visibility: TtlStateVisibility = "NeverReturnExpired";
  private inBackground = true;
  private inSnapshot = false;
  private incremental: IncrementalCleanupStrategy | undefined;
  private compactFilter: CompactFilterStrategy | undefined;

  constructor(timeToLive: { toMillis(): number }) {
    this.ttlMs = timeToLive.toMillis();
    if (!(this.ttlMs > 0)) throw badTtl("TTL is expected to be positive.", `${this.ttlMs} ms`);
  }

  /** What starts the time to live anew. Default OnCreateAndWrite. */
  setUpdateType(updateType: TtlUpdateType): this {
    this.updateType = updateType;
    return this;
  }

  /** Writing starts the time to live anew; the default. */
  updateTtlOnCreateAndWrite(): this {
    return this.setUpdateType("OnCreateAndWrite");
  }

  /** Reading starts the time to live anew as well. */
  updateTtlOnReadAndWrite(): this {
    return this.setUpdateType("OnReadAndWrite");
  }

  /** Whether expired values that are still there may be seen. Default NeverReturnExpired. */
  setStateVisibility(visibility: TtlStateVisibility): this {
    this.visibility = visibility;
    return this;
  }

  /** Expired values may be seen until something has removed them. */
  returnExpiredIfNotCleanedUp(): this {
    return this.setStateVisibility("ReturnExpiredIfNotCleanedUp");
  }

  /** Expired values are never seen; the default. */
  neverReturnExpired(): this {
    return this.setStateVisibility("NeverReturnExpired");
  }

  /** Processing time is the only one Flink has. */
  useProcessingTime(): this {
    return this;
  }

  /** Processing time is the only one, as in Flink. */
  setTtlTimeCharacteristic(_characteristic: "ProcessingTime"): this {
    return this;
  }

  /** Leaves expired values out of snapshots; those in the running job stay. */
  cleanupFullSnapshot(): this {
    this.inSnapshot = true;
    return this;
  }

  /** Looks at a few values with each access, and removes those that are expired. @param cleanupSize how many. */
  cleanupIncrementally(cleanupSize: number, runCleanupForEveryRecord: boolean): this {
    if (!(cleanupSize > 0)) throw badTtl("Number of incrementally cleaned up state entries should be positive.", String(cleanupSize));
    this.incremental = { cleanupSize, runCleanupForEveryRecord };
    return this;
  }

  /**
   * Expired values are left out when the log-structured backend merges tables; the default there. The heap has no compactions.
   *
   * @param queryTimeAfterNumEntries after how many entries the clock is asked anew; default 1000.
   */
  cleanupInRocksdbCompactFilter(queryTimeAfterNumEntries = 1000, _periodicCompactionTime?: Duration): this {
    this.compactFilter = { queryTimeAfterNumEntries };
    return this;
  }

  /** Expired values go when they are read, and not before. */
  disableCleanupInBackground(): this {
    this.inBackground = false;
    return this;
  }

  /** The configuration. */
  build(): StateTtlConfig {
    const background = this.inBackground ? { cleanupSize: 5, runCleanupForEveryRecord: false } : undefined;
    return new StateTtlConfig(this.ttlMs, this.updateType, this.visibility, {
      inSnapshot: this.inSnapshot,
      incremental: this.incremental ?? background,
      compactFilter: this.compactFilter ?? (this.inBackground ? DEFAULT_COMPACT_FILTER : undefined),
    });
  }
}

function badTtl(message: string, found: string): Diagnostic {
  return new Diagnostic({ code: "STATE_TTL_PARAMETERS", phase: "graph", message, found, expected: "more than 0" });
}

/** True once an entry last touched at `lastAccessMs` has lived its time. */
export function isExpired(lastAccessMs: number, ttlMs: number, nowMs: number): boolean {
  return lastAccessMs + ttlMs <= nowMs;
}
