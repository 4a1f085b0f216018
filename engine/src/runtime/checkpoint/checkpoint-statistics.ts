/**
 * What became of each checkpoint, down to its tasks: the web UI's "Checkpoints" tab. Flink: `CheckpointStatsTracker`, `CheckpointStatsHistory`,
 * `CompletedCheckpointStatsSummary`, with the fields of `/jobs/:id/checkpoints` and `…/details/:id/subtasks/:vertex`.
 *
 * All durations are virtual time. A task's snapshot takes no time of its own here, so there is no synchronous duration; what storing it takes is the
 * asynchronous one. Flink's end-to-end durations of tasks begin at the trigger, as these do.
 */

/** A task's part of a checkpoint. */
export interface SubtaskCheckpointStatistics {
  readonly vertex: number;
  readonly subtask: number;
  /** When the coordinator had its acknowledgement, epoch ms; null = not yet, or never. */
  readonly ackMs: number | null;
  /** From the trigger to then; null likewise. */
  readonly endToEndDurationMs: number | null;
  /** From the trigger to the first barrier at this task. */
  readonly startDelayMs: number;
  /** From the first barrier to the last. */
  readonly alignmentDurationMs: number;
  /** From the snapshot to the acknowledgement: what storing it took. */
  readonly asyncDurationMs: number | null;
  /** What was stored for this checkpoint, in bytes: the increment, if it is incremental. */
  readonly checkpointedBytes: number;
  /** What the checkpoint refers to in all. */
  readonly stateBytes: number;
  /** Bytes that were read between the first barrier and the last. */
  readonly processedBytes: number;
  /** Bytes of records in flight that are part of the checkpoint. */
  readonly persistedBytes: number;
  /** Its barriers have overtaken something at this task. */
  readonly unaligned: boolean;
}

/** One checkpoint or savepoint. */
export interface CheckpointStatisticsEntry {
  readonly id: number;
  readonly kind: "checkpoint" | "savepoint";
  readonly status: "IN_PROGRESS" | "COMPLETED" | "FAILED";
  readonly triggerMs: number;
  /** Tasks that were to acknowledge, and have. */
  readonly numSubtasks: number;
  readonly numAcknowledged: number;
  /** Of the last acknowledgement, or of the end; null = there was none. */
  readonly latestAckMs: number | null;
  /** From the trigger to completion or failure, or to the latest acknowledgement. */
  readonly endToEndDurationMs: number | null;
  /** Sums over its tasks. */
  readonly checkpointedBytes: number;
  readonly stateBytes: number;
  readonly processedBytes: number;
  readonly persistedBytes: number;
  /** Why it failed. */
  readonly failure: string | null;
  /** In the order of their snapshots. */
  readonly subtasks: readonly SubtaskCheckpointStatistics[];
}

/** Distribution of a figure over all completed checkpoints. */
export interface StatisticsSummary {
  readonly min: number;
  readonly max: number;
  readonly avg: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly p999: number;
}

/** The checkpoints of a job. */
export interface CheckpointStatistics {
  readonly counts: {
    readonly triggered: number;
    readonly inProgress: number;
    readonly completed: number;
    readonly failed: number;
    readonly restored: number;
  };
  /** Ids; null = there has been none. */
  readonly latest: {
    readonly completed: number | null;
    readonly failed: number | null;
    readonly savepoint: number | null;
    readonly restored: number | null;
  };
  /** Newest first: the last `web.checkpoints.history` (10) that have ended, and those under way. */
  readonly history: readonly CheckpointStatisticsEntry[];
  /** Over completed ones; null = there is none. */
  readonly summary: {
    readonly endToEndDurationMs: StatisticsSummary;
    readonly checkpointedBytes: StatisticsSummary;
    readonly stateBytes: StatisticsSummary;
    readonly processedBytes: StatisticsSummary;
    readonly persistedBytes: StatisticsSummary;
  } | null;
}

/** Default of `web.checkpoints.history`. */
export const DEFAULT_CHECKPOINT_HISTORY_SIZE = 10;

const SUMMED = ["checkpointedBytes", "stateBytes", "processedBytes", "persistedBytes"] as const;
const SUMMARIZED = ["endToEndDurationMs", ...SUMMED] as const;

/** What a task has taken; how long storing it takes will show. */
export type TakenPart = Omit<SubtaskCheckpointStatistics, "ackMs" | "endToEndDurationMs" | "asyncDurationMs"> & {
  readonly takenMs: number;
};

interface Part {
  readonly taken: TakenPart;
  ackMs: number | null;
}

interface OpenEntry {
  readonly id: number;
  readonly kind: "checkpoint" | "savepoint";
  readonly triggerMs: number;
  readonly numSubtasks: number;
  /** In the order of their snapshots. */
  readonly parts: Part[];
}

/** A checkpoint that has ended. What is shown of it is worked out when somebody looks: most have left the history by then. */
interface EndedEntry {
  readonly entry: OpenEntry;
  readonly status: "COMPLETED" | "FAILED";
  readonly endMs: number;
  readonly failure: string | null;
}

/** Gathers them as the coordinator tells it. */
export class CheckpointStatisticsRecorder {
  private readonly historySize: number;
  private readonly open = new Map<number, OpenEntry>();
  /** Oldest first. */
  private readonly ended: EndedEntry[] = [];
  private readonly figures: Record<(typeof SUMMARIZED)[number], number[]> = {
    endToEndDurationMs: [],
    checkpointedBytes: [],
    stateBytes: [],
    processedBytes: [],
    persistedBytes: [],
  };
  private readonly counts = { triggered: 0, completed: 0, failed: 0, restored: 0 };
  private readonly latest = {
    completed: null as number | null,
    failed: null as number | null,
    savepoint: null as number | null,
    restored: null as number | null,
  };

  constructor(historySize: number) {
    this.historySize = historySize;
  }

  triggered(id: number, kind: "checkpoint" | "savepoint", triggerMs: number, numSubtasks: number): void {
    this.counts.triggered++;
    this.open.set(id, { id, kind, triggerMs, numSubtasks, parts: [] });
  }

  taken(id: number, part: TakenPart): void {
    this.open.get(id)?.parts.push({ taken: part, ackMs: null });
  }

  acknowledged(id: number, vertex: number, subtask: number, nowMs: number): void {
    const parts = this.open.get(id)?.parts ?? [];
    for (const part of parts) if (part.taken.vertex === vertex && part.taken.subtask === subtask) part.ackMs = nowMs;
  }

  completed(id: number, nowMs: number): void {
    const entry = this.end(id, "COMPLETED", nowMs, null);
    if (entry === null) return;
    this.counts.completed++;
    if (entry.kind === "savepoint") this.latest.savepoint = id;
    else this.latest.completed = id;
    this.figures.endToEndDurationMs.push(nowMs - entry.triggerMs);
    for (const figure of SUMMED) this.figures[figure].push(sumOf(entry.parts, figure));
  }

  failed(id: number, nowMs: number, failure: string): void {
    if (this.end(id, "FAILED", nowMs, failure) === null) return;
    this.counts.failed++;
    this.latest.failed = id;
  }

  restored(id: number): void {
    this.counts.restored++;
    this.latest.restored = id;
  }

  /** Bytes that tasks of a checkpoint under way have read between their first barrier and their last. */
  processedBytesOf(id: number): number {
    let bytes = 0;
    for (const { taken } of this.open.get(id)?.parts ?? []) bytes += taken.processedBytes;
    return bytes;
  }

  get statistics(): CheckpointStatistics {
    const underWay = [...this.open.values()].map((entry) => entryOf(entry, "IN_PROGRESS", null, null));
    const ended = this.ended.map(({ entry, status, endMs, failure }) => entryOf(entry, status, endMs, failure));
    const history = [...ended, ...underWay].sort((left, right) => right.id - left.id);
    return { counts: { ...this.counts, inProgress: this.open.size }, latest: { ...this.latest }, history, summary: this.summary() };
  }

  private summary(): CheckpointStatistics["summary"] {
    if (this.counts.completed === 0) return null;
    const { endToEndDurationMs, checkpointedBytes, stateBytes, processedBytes, persistedBytes } = this.figures;
    return {
      endToEndDurationMs: summaryOf(endToEndDurationMs),
      checkpointedBytes: summaryOf(checkpointedBytes),
      stateBytes: summaryOf(stateBytes),
      processedBytes: summaryOf(processedBytes),
      persistedBytes: summaryOf(persistedBytes),
    };
  }

  private end(id: number, status: "COMPLETED" | "FAILED", nowMs: number, failure: string | null): OpenEntry | null {
    const entry = this.open.get(id);
    if (entry === undefined) return null;
    this.open.delete(id);
    this.ended.push({ entry, status, endMs: nowMs, failure });
    if (this.ended.length > this.historySize) this.ended.shift();
    return entry;
  }
}

/** Over the parts that have been acknowledged. */
function sumOf(parts: readonly Part[], figure: (typeof SUMMED)[number]): number {
  let sum = 0;
  for (const { taken, ackMs } of parts) if (ackMs !== null) sum += taken[figure];
  return sum;
}

function entryOf(
  { id, kind, triggerMs, numSubtasks, parts }: OpenEntry,
  status: CheckpointStatisticsEntry["status"],
  endMs: number | null,
  failure: string | null,
): CheckpointStatisticsEntry {
  const sums = { checkpointedBytes: 0, stateBytes: 0, processedBytes: 0, persistedBytes: 0 };
  let latestAckMs: number | null = null;
  let numAcknowledged = 0;
  const subtasks: SubtaskCheckpointStatistics[] = [];
  for (const { taken, ackMs } of parts) {
    const { takenMs, ...part } = taken;
    const sinceTriggerMs = ackMs === null ? null : ackMs - triggerMs;
    subtasks.push({
      ...part,
      ackMs,
      endToEndDurationMs: sinceTriggerMs,
      asyncDurationMs: ackMs === null ? null : Math.max(0, ackMs - takenMs),
    });
    if (ackMs === null) continue;
    numAcknowledged++;
    latestAckMs = Math.max(latestAckMs ?? ackMs, ackMs);
    for (const name of SUMMED) sums[name] += part[name];
  }
  const untilMs = endMs ?? latestAckMs;
  return {
    id,
    kind,
    status,
    triggerMs,
    numSubtasks,
    numAcknowledged,
    latestAckMs,
    endToEndDurationMs: untilMs === null ? null : untilMs - triggerMs,
    ...sums,
    failure,
    subtasks,
  };
}

/** Percentiles by rank, rounded up. */
function summaryOf(values: readonly number[]): StatisticsSummary {
  const sorted = values.toSorted((left, right) => left - right);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  const sum = sorted.reduce((left, right) => left + right, 0);
  return {
    min: sorted[0],
    max: sorted[sorted.length - 1],
    avg: Math.floor(sum / sorted.length),
    p50: at(0.5),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    p999: at(0.999),
  };
}
