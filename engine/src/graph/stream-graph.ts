/**
 * The logical job: what `env.execute()` (DataStream API) or the SQL planner hands to the runtime. Flink: `StreamGraph`.
 *
 * A graph is built anew for every deployment of every subtask, by evaluating the program again, so functions in it are never
 * shared between subtasks. Two evaluations of the same program must give the same node ids in the same order.
 */
import type { SourcePosition } from "../base/source-position.ts";
import type { Sink, Source } from "../flow/connector.ts";
import type { KeySelector, OneInputStreamOperator, StateBackendKind, TwoInputStreamOperator } from "../flow/operator.ts";
import type { LsmOptions } from "../state/lsm/lsm-options.ts";
import type { OutputTag } from "../flow/output.ts";
import type { ClassNames, DescribedType } from "../types/type-serializer.ts";

export type { SourcePosition } from "../base/source-position.ts";

export type Partitioning =
  | { readonly kind: "forward" }
  | {
      readonly kind: "hash";
      readonly keySelector: KeySelector;
      readonly position?: SourcePosition | undefined;
      /** Every value has a key; the selector need not be asked where there is but one way to go. Absent = a program's function, which may give null. */
      readonly neverNull?: true;
    }
  | { readonly kind: "rebalance" }
  | { readonly kind: "rescale" }
  | { readonly kind: "shuffle" }
  | { readonly kind: "broadcast" }
  | { readonly kind: "global" }
  | {
      readonly kind: "custom";
      readonly partition: (key: unknown, channels: number) => number;
      readonly keySelector: KeySelector;
      readonly position?: SourcePosition | undefined;
    };

export interface StreamEdge {
  /** Node id of the producer. */
  readonly sourceId: number;
  /** Set when the edge carries a side output instead of the main output. */
  readonly sideOutput: OutputTag | undefined;
  /** undefined = the runtime chooses: forward at equal parallelism, else rebalance. */
  readonly partitioning: Partitioning | undefined;
  /** 1 or 2. Several edges may lead into the same input (union). */
  readonly input: 1 | 2;
  /** True inside a sink that is several operators: checkpoints are never unaligned there. */
  alwaysAligned?: boolean;
}

/** Flink: `ChainingStrategy`. HEAD = may start a chain but is never chained to its input; NEVER = always alone. */
export type ChainingStrategy = "ALWAYS" | "HEAD" | "NEVER";

export type NodeBody =
  | {
      readonly kind: "source";
      readonly source: Source<unknown>;
      readonly watermarks: unknown /* WatermarkStrategy, operators/watermarks */;
    }
  | {
      readonly kind: "oneInput";
      readonly createOperator: () => OneInputStreamOperator;
      /** The end of a stream, made of a sink function; Flink shows it as "Sink: name". */
      readonly endsStream?: boolean;
      /** The strategy of `assignTimestampsAndWatermarks`; operators of any other kind have none. */
      readonly watermarks?: unknown;
    }
  | { readonly kind: "twoInput"; readonly createOperator: () => TwoInputStreamOperator }
  | {
      readonly kind: "sink";
      readonly sink: Sink<unknown>;
      /** One operator "Sink: name" instead of "name: Writer"; Flink shows `print()` so. */
      readonly plain?: boolean;
    };

export interface StreamNode {
  /** 1, 2, 3 … in the order of the program. */
  readonly id: number;
  name: string;
  uid: string | undefined;
  /** Where the program said it. */
  uidPosition?: SourcePosition | undefined;
  /** undefined = the environment's. */
  parallelism: number | undefined;
  /** True when the program named it for this operator; a batch job chooses the rest itself. */
  parallelismConfigured?: boolean;
  maxParallelism: number | undefined;
  chaining: ChainingStrategy;
  slotSharingGroup: string | undefined;
  /** Longer text for plans and pictures; the name when absent. */
  description?: string;
  /** 32 hexadecimal digits: the operator id under which a savepoint may hold this operator's state (Flink: `setUidHash`). */
  uidHash?: string;
  /** How long output may wait in a buffer that is not full, in ms; -1 = until it is full. Absent = the environment's. */
  bufferTimeoutMs?: number;
  readonly body: NodeBody;
  readonly inputs: readonly StreamEdge[];
  /** Key selectors per input (index 0 = input 1), undefined when that input is not keyed. */
  readonly keySelectors: readonly (KeySelector | undefined)[];
  /** Types of those keys, where the program has said them. */
  readonly keyTypes?: readonly (DescribedType | undefined)[];
  readonly position: SourcePosition | undefined;
  /** Nobody ever changes what it gives out (rows of SQL), so values need no copy on their way to other tasks. Absent = false. */
  readonly outputIsImmutable?: boolean;
}

export type RestartStrategy =
  | { readonly kind: "none" }
  | { readonly kind: "fixedDelay"; readonly attempts: number; readonly delayMs: number }
  | {
      readonly kind: "exponentialDelay";
      readonly initialMs: number;
      readonly maxMs: number;
      readonly multiplier: number;
      readonly resetMs: number;
      readonly jitter: number;
      readonly maxAttempts: number;
    }
  | { readonly kind: "failureRate"; readonly maxFailures: number; readonly intervalMs: number; readonly delayMs: number };

/** Job-wide settings; names and defaults are Flink 2.3's configuration options. */
export interface JobConfig {
  parallelism: number;
  maxParallelism: number | undefined;
  chainingEnabled: boolean;
  objectReuse: boolean;
  autoWatermarkIntervalMs: number;
  stateBackend: StateBackendKind;
  /** How the log-structured backend is laid out, where the program has said it (`state.backend.rocksdb.…`, incremental checkpoints). */
  lsmOptions?: Partial<LsmOptions>;
  /** undefined = checkpointing off. */
  checkpointIntervalMs: number | undefined;
  checkpointingMode: "EXACTLY_ONCE" | "AT_LEAST_ONCE";
  checkpointTimeoutMs: number;
  minPauseMs: number;
  maxConcurrentCheckpoints: number;
  tolerableFailedCheckpoints: number;
  /** `execution.checkpointing.interval-during-backlog`; absent = as otherwise, 0 = none meanwhile. */
  checkpointIntervalDuringBacklogMs?: number;
  /** `execution.checkpointing.checkpoints-after-tasks-finish`; absent = true. */
  checkpointsAfterTasksFinish?: boolean;
  /** `execution.checkpointing.num-retained`; absent = 1. */
  numRetainedCheckpoints?: number;
  /** `execution.checkpointing.externalized-checkpoint-retention`; absent = NO_EXTERNALIZED_CHECKPOINTS. */
  checkpointRetention?: "NO_EXTERNALIZED_CHECKPOINTS" | "DELETE_ON_CANCELLATION" | "RETAIN_ON_CANCELLATION";
  /** `execution.checkpointing.data-inline-threshold` in bytes; absent = 20 KiB. Smaller state lies in the checkpoint's metadata. */
  dataInlineThresholdBytes?: number;
  /** `jobmanager.execution.failover-strategy`; absent = region. */
  failoverStrategy?: "region" | "full";
  /** `execution.checkpointing.unaligned.enabled`; absent = false. Ignored with AT_LEAST_ONCE. */
  unalignedCheckpoints?: boolean;
  /** `execution.checkpointing.aligned-checkpoint-timeout` in ms; absent = 0: barriers of unaligned checkpoints overtake at once. */
  alignedCheckpointTimeoutMs?: number;
  /** `execution.checkpointing.unaligned.forced`; absent = false. Custom partitioners are refused otherwise. */
  forcesUnalignedCheckpoints?: boolean;
  /** `execution.checkpointing.unaligned.recover-output-on-downstream.enabled`: receivers recover what senders had queued too; absent = false. */
  recoversOutputDownstream?: boolean;
  /** `execution.checkpointing.during-recovery.enabled`; absent = false. Without `recoversOutputDownstream` it does nothing. */
  checkpointsDuringRecovery?: boolean;
  /** `pipeline.watermark-alignment.buffer-size`; undefined = 3. */
  watermarkAlignmentBufferSize?: number;
  /** `pipeline.watermark-alignment.allow-unaligned-source-splits`; undefined = false. */
  allowUnalignedSourceSplits?: boolean;
  /** undefined = Flink's default: exponential delay with checkpointing, none without. */
  restartStrategy: RestartStrategy | undefined;
  /** `execution.runtime-mode`; absent = STREAMING. AUTOMATIC is BATCH when every source is bounded. */
  runtimeMode?: "STREAMING" | "BATCH" | "AUTOMATIC";
  /** `pipeline.operator-chaining.chain-operators-with-different-max-parallelism`; absent = true. */
  chainsDifferentMaxParallelism?: boolean;
  /** `taskmanager.network.adaptive-partitioner.enabled` and `….max-traverse-size`: how many channels are compared; absent = off. */
  adaptivePartitionerTraverses?: number;
  /** `execution.buffer-timeout.interval` in ms; absent = 100. Records here never wait for a buffer to fill. */
  bufferTimeoutMs?: number;
  /** `pipeline.auto-generate-uids`; absent = true. When false every operator needs a uid. */
  generatesUids?: boolean;
  /** `sink.committer.retries`: how often a committable may be put off before the job fails; absent = 10. */
  committerRetries?: number;
  /** `execution.state-recovery.path`: the savepoint that the program itself wants to start from. */
  savepointPath?: string;
  /** `execution.state-recovery.ignore-unclaimed-state`: leave out state that no operator claims; absent = refuse the savepoint. */
  ignoresUnclaimedState?: boolean;
  /** `execution.state-recovery.claim-mode`; absent = NO_CLAIM. */
  claimMode?: "NO_CLAIM" | "CLAIM";
  /** `execution.checkpointing.storage`; absent = a file system. The job manager's memory takes 5 MiB per task and kind of state. */
  checkpointStorage?: "jobmanager" | "filesystem";
  /** `execution.state-recovery.without-channel-state.checkpoint-id`: of this checkpoint records in flight are left out; absent or -1 = of none. */
  ignoresInFlightOfCheckpoint?: number;
  /** `execution.checkpointing.unaligned.max-subtasks-per-channel-state-file`; absent = 5. */
  maxSubtasksPerChannelStateFile?: number;
  /** `web.checkpoints.history`; absent = 10. */
  checkpointHistorySize?: number;
  /** `web.exception-history-size`; absent = 16. */
  exceptionHistorySize?: number;
  /** `pipeline.global-job-parameters`: what the program wants every function and the web UI to see. */
  globalJobParameters?: Readonly<Record<string, string>>;
}

export interface StreamGraph {
  readonly jobName: string;
  readonly nodes: readonly StreamNode[];
  readonly config: JobConfig;
  /** Names of the program's classes: what is its class path in Flink. Absent = nobody knows. */
  readonly classNames?: ClassNames;
}

/** What the cluster's own configuration says wherever the program says nothing. */
export interface ClusterDefaults {
  /** `parallelism.default` */
  readonly parallelism: number;
  /** Everything else, under Flink's keys. */
  readonly configuration?: Readonly<Record<string, string>>;
}

/**
 * A program that can be deployed again and again. `instantiate` evaluates it anew and returns its graph; it throws a
 * `Diagnostic` (base/diagnostic.ts) for mistakes of the user and lets the user's own exceptions through.
 */
export interface JobProgram {
  /** Without defaults the parallelism of a program that sets none is 1. */
  instantiate(defaults?: ClusterDefaults): StreamGraph;
}
