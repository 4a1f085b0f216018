/**
 * The logical job: what `env.execute()` (DataStream API) or the SQL planner hands to the runtime. Flink: `StreamGraph`.
 *
 * A graph is built anew for every deployment of every subtask, by evaluating the program again, so functions in it are never
 * shared between subtasks. Two evaluations of the same program must give the same node ids in the same order.
 */
import type { Sink, Source } from "../flow/connector.ts";
import type { KeySelector, OneInputStreamOperator, StateBackendKind, TwoInputStreamOperator } from "../flow/operator.ts";
import type { OutputTag } from "../flow/output.ts";

/** Where the learner's program made this node, for messages: 1-based line and column in the submitted file. */
export interface SourcePosition {
  readonly line: number;
  readonly column: number;
}

export type Partitioning =
  | { readonly kind: "forward" }
  | { readonly kind: "hash"; readonly keySelector: KeySelector }
  | { readonly kind: "rebalance" }
  | { readonly kind: "rescale" }
  | { readonly kind: "shuffle" }
  | { readonly kind: "broadcast" }
  | { readonly kind: "global" }
  | { readonly kind: "custom"; readonly partition: (key: unknown, channels: number) => number; readonly keySelector: KeySelector };

export interface StreamEdge {
  /** Node id of the producer. */
  readonly sourceId: number;
  /** Set when the edge carries a side output instead of the main output. */
  readonly sideOutput: OutputTag | undefined;
  /** undefined = the runtime chooses: forward at equal parallelism, else rebalance. */
  readonly partitioning: Partitioning | undefined;
  /** 1 or 2. Several edges may lead into the same input (union). */
  readonly input: 1 | 2;
}

/** Flink: `ChainingStrategy`. HEAD = may start a chain but is never chained to its input; NEVER = always alone. */
export type ChainingStrategy = "ALWAYS" | "HEAD" | "NEVER";

export type NodeBody =
  | {
      readonly kind: "source";
      readonly source: Source<unknown>;
      readonly watermarks: unknown /* WatermarkStrategy, operators/watermarks */;
    }
  | { readonly kind: "oneInput"; readonly createOperator: () => OneInputStreamOperator }
  | { readonly kind: "twoInput"; readonly createOperator: () => TwoInputStreamOperator }
  | { readonly kind: "sink"; readonly sink: Sink<unknown> };

export interface StreamNode {
  /** 1, 2, 3 … in the order of the program. */
  readonly id: number;
  name: string;
  uid: string | undefined;
  /** undefined = the environment's. */
  parallelism: number | undefined;
  maxParallelism: number | undefined;
  chaining: ChainingStrategy;
  slotSharingGroup: string | undefined;
  readonly body: NodeBody;
  readonly inputs: readonly StreamEdge[];
  /** Key selectors per input (index 0 = input 1), undefined when that input is not keyed. */
  readonly keySelectors: readonly (KeySelector | undefined)[];
  readonly position: SourcePosition | undefined;
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
  /** undefined = checkpointing off. */
  checkpointIntervalMs: number | undefined;
  checkpointingMode: "EXACTLY_ONCE" | "AT_LEAST_ONCE";
  checkpointTimeoutMs: number;
  minPauseMs: number;
  maxConcurrentCheckpoints: number;
  tolerableFailedCheckpoints: number;
  /** undefined = Flink's default: exponential delay with checkpointing, none without. */
  restartStrategy: RestartStrategy | undefined;
}

export interface StreamGraph {
  readonly jobName: string;
  readonly nodes: readonly StreamNode[];
  readonly config: JobConfig;
}

/** What the cluster's own configuration says wherever the program says nothing. */
export interface ClusterDefaults {
  /** `parallelism.default` */
  readonly parallelism: number;
}

/**
 * A program that can be deployed again and again. `instantiate` evaluates it anew and returns its graph; it throws a
 * `Diagnostic` (base/diagnostic.ts) for mistakes of the user and lets the user's own exceptions through.
 */
export interface JobProgram {
  /** Without defaults the parallelism of a program that sets none is 1. */
  instantiate(defaults?: ClusterDefaults): StreamGraph;
}
