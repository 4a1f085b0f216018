/**
 * What becomes of old records: the cleanup policies of topics.
 *
 * *delete*: records whose timestamp is older than the retention are removed from the beginning of the log, whether somebody has read them or not; it is
 * the record's own timestamp that counts. *compact*: of each key only the last committed record stays; a null (tombstone) goes, too, after its own time.
 * Both at fixed intervals, as the broker's background threads do. Offsets never change: what is removed leaves a gap.
 */
import type { LogBrokerClock } from "./log-broker.ts";
import type { LogPartition } from "./log-partition.ts";

/** How a topic is cleaned. Absent fields: records are kept for ever. */
export interface TopicCleanup {
  /** `cleanup.policy=delete`: how long records are kept, by their timestamps. */
  readonly retentionMs?: number;
  /** `cleanup.policy=compact`: only the last record of each key is kept. Records must then have a key. */
  readonly compact?: boolean;
  /** How long a tombstone is kept by compaction. Default 24 h. */
  readonly deleteRetentionMs?: number;
  /** How often the broker looks. Default 5 minutes. */
  readonly checkIntervalMs?: number;
}

const ONE_DAY_MS = 86_400_000;
const FIVE_MINUTES_MS = 300_000;

export class LogCleaner {
  private readonly clock: LogBrokerClock;
  private readonly startMs: number;
  private readonly waiting = new Set<LogPartition>();

  constructor(clock: LogBrokerClock) {
    this.clock = clock;
    this.startMs = clock.currentMs();
  }

  /** There may be something to clean from now on. */
  appended(partition: LogPartition, cleanup: TopicCleanup): void {
    this.lookAt(partition, cleanup, this.clock.currentMs());
  }

  /** At the first look at or after this time; looks that would find nothing are left out. */
  private lookAt(partition: LogPartition, cleanup: TopicCleanup, earliestMs: number): void {
    if (this.waiting.has(partition)) return;
    this.waiting.add(partition);
    const intervalMs = cleanup.checkIntervalMs ?? FIVE_MINUTES_MS;
    const looks = Math.floor((Math.max(earliestMs, this.clock.currentMs()) - this.startMs) / intervalMs);
    this.clock.schedule(this.startMs + (looks + 1) * intervalMs, () => {
      this.waiting.delete(partition);
      this.clean(partition, cleanup);
    });
  }

  private clean(partition: LogPartition, cleanup: TopicCleanup): void {
    const nowMs = this.clock.currentMs();
    if (cleanup.compact === true) partition.compact(nowMs - (cleanup.deleteRetentionMs ?? ONE_DAY_MS));
    const { retentionMs } = cleanup;
    if (retentionMs === undefined) return;
    partition.removeOlderThan(nowMs - retentionMs);
    const oldestMs = partition.oldestTimestampMs;
    if (oldestMs !== null) this.lookAt(partition, cleanup, oldestMs + retentionMs);
  }
}
