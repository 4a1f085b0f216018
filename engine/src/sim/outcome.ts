/** What is left when a run has ended. Plain JSON. */
import type { DiagnosticData } from "../base/diagnostic.ts";
import type { StateSize } from "../flow/operator.ts";
import type { ExceptionHistory } from "../runtime/cluster/exception-history.ts";
import type { KeyGroupSizes } from "../runtime/cluster/state-meter.ts";
import type { CheckpointStatistics } from "../runtime/checkpoint/checkpoint-statistics.ts";
import type { Savepoint } from "../runtime/checkpoint/savepoint.ts";
import type { SourcePosition } from "../graph/stream-graph.ts";
import type { MetricValue } from "../flow/metrics/metric-value.ts";
import type { OperatorMetrics, SubtaskMetrics, SubtaskSample } from "../runtime/metrics/subtask-metrics.ts";
import type { RecordingEvent } from "./recording/events.ts";
import type { RecordedQueues } from "./recording/queues.ts";
import type { RecordedWatermarks } from "./recording/recorded-watermarks.ts";

export interface RunOutcome {
  readonly status: RunStatus;
  /** Why the job failed, when `status` is "failed" or "rejected". */
  readonly failure: JobFailure | null;
  /** Virtual time at the end, epoch ms. */
  readonly endMs: number;
  readonly restarts: number;
  /** Every failure of the last job, restarted or not, as Flink's "Exceptions" tab lists them. */
  readonly exceptions: ExceptionHistory;
  /** How many of the world's faults struck, by kind; the others' time never came. */
  readonly faults: Readonly<Record<string, number>>;
  readonly completedCheckpoints: number;
  /** Contents of every topic that the job wrote to or that the world declared without arrivals. */
  readonly topics: readonly TopicOutcome[];
  /** What the world's other systems hold, in the order of the world. */
  readonly systems: readonly SystemOutcome[];
  /** What `print()` wrote, in order. */
  readonly printed: readonly string[];
  readonly stateSizes: readonly StateSize[];
  /** What each keyed state has, and had at most, in each key group that ever held something; empty unless `RunOptions.measureKeyGroups`. */
  readonly keyGroupSizes: readonly KeyGroupSizes[];
  /** Sum over all state at its highest point (measured at checkpoints and at the end). */
  readonly peakStateBytes: number;
  readonly counters: Readonly<Record<string, number>>;
  /** Results of the last attempt's accumulators, merged over its subtasks, as plain JSON. */
  readonly accumulators: Readonly<Record<string, unknown>>;
  /** What the job and its subtasks report at the end, under Flink's names. */
  readonly metrics: RunMetrics;
  /** The last savepoint that was taken, when `RunOptions.keepSavepoint` asks for it; no plain JSON (see `savepoint-file.ts` for that). */
  readonly savepoint: Savepoint | null;
  /** Present when the run was recorded. */
  readonly recording: Recording | null;
  /** Hash over everything the run did; equal for equal (program, world, engine version). */
  readonly fingerprint: string;
}

export type RunStatus =
  | "finished"
  /** The job failed for good: restart strategy exhausted or none. */
  | "failed"
  /** The program never became a job: mistake found while building the graph or planning. */
  | "rejected"
  /** A WorldLimit was hit; `failure.code` says which. */
  | "limit";

export interface JobFailure {
  /** E.g. JOB_USER_EXCEPTION, JOB_TASK_MANAGER_LOST, LIMIT_OUTPUT, LIMIT_STEPS, or a diagnostic's code. */
  readonly code: string;
  readonly message: string;
  /** Why the job was not restarted, in Flink's words: "Recovery is suppressed by …" or "The failure is not recoverable". */
  readonly recovery?: string;
  /** Operator name where it happened. */
  readonly operator?: string;
  /** The record that was being processed, shortened JSON. */
  readonly record?: string;
  readonly atMs?: number;
  readonly diagnostic?: DiagnosticData;
  /** Where in the user's program the exception came from, when the host can tell (`RunOptions.positionOf`). */
  readonly position?: SourcePosition;
}

export interface TopicOutcome {
  readonly name: string;
  /** In the order of the log, all partitions: ascending by (visibleAtMs, partition, offset). */
  readonly records: readonly OutputRecord[];
}

/** Contents of a system at the end; their shape belongs to the kind. */
export interface SystemOutcome {
  readonly kind: string;
  readonly name: string;
  readonly contents: unknown;
}

/** A record as a consumer finds it at the end. */
export interface OutputRecord {
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly value: unknown;
  readonly timestampMs: number | null;
  readonly appendedAtMs: number;
  /** When a read_committed consumer could first see it; null = never (open or aborted transaction). */
  readonly committedAtMs: number | null;
  /** Aborted transactions stay in the log for read_uncommitted readers. */
  readonly aborted: boolean;
  /** 0 = written outside any transaction. */
  readonly transaction: number;
}

/**
 * Metrics as they are when the run ends, in virtual time. Counters and times of a subtask begin anew with every attempt, as in Flink;
 * these are the last attempt's. `counters` of the outcome add up all attempts.
 */
export interface RunMetrics {
  /** numRestarts, numberOfCompletedCheckpoints, lastCheckpointDuration (ms) … */
  readonly job: Readonly<Record<string, MetricValue>>;
  /** What became of the last job's checkpoints, as Flink's "Checkpoints" tab shows it. */
  readonly checkpoints: CheckpointStatistics;
  /** What the enumerators of the sources report, one per source. */
  readonly enumerators: readonly OperatorMetrics[];
  readonly subtasks: readonly SubtaskMetrics[];
}

/** The load of all subtasks at one moment of a recording. Times are totals since the attempt began, in ms. */
export interface MetricSample {
  readonly t: number;
  readonly subtasks: readonly SubtaskSample[];
}

export interface Recording {
  readonly format: 1;
  /** Of the cluster; subtask i of any vertex sits on number i mod their count. Absent in recordings of older engines. */
  readonly taskManagers?: number;
  /** Vertices of the job graph as first deployed. */
  readonly vertices: readonly {
    readonly id: number;
    readonly name: string;
    readonly parallelism: number;
    readonly inputs: readonly number[];
    /** The chain, head first. Absent in recordings of older engines, and where names are nobody's business. */
    readonly operators?: readonly string[];
    /** Of a chain that makes watermarks; absent in recordings of older engines. */
    readonly watermarks?: RecordedWatermarks;
  }[];
  /** Between vertices; absent in recordings of older engines. */
  readonly edges?: readonly {
    readonly source: number;
    readonly target: number;
    /** FORWARD, HASH, REBALANCE, … */
    readonly ship: string;
    readonly pattern: "POINTWISE" | "ALL_TO_ALL";
  }[];
  readonly events: readonly RecordingEvent[];
  /** Load once a second of virtual time, while things happen. */
  readonly samples: readonly MetricSample[];
  /** True when the event limit was reached and the rest left out. */
  readonly truncated: boolean;
  /** What lies in the channels; absent in recordings of older engines. */
  readonly queues?: RecordedQueues;
}
