/**
 * The contract between operators (layer 4) and the tasks that run them (layer 6).
 *
 * Life of an operator instance (one per subtask and attempt), as in Flink:
 *   setup → initializeState(restored | null) → open →
 *   (processElement* | processWatermark* | processWatermarkStatus* | timers | prepareSnapshotPreBarrier → snapshotState → notify…)*
 *   → endInput(i)… → finish → close
 * `close` also runs after a failure; `finish` only when all input has ended (or a drain asks for it).
 * Everything is synchronous: the task calls, the operator calls its Output before it returns. Only an operator that waits for something
 * outside (async I/O) may emit later, in a mail, and may hold its task's input meanwhile (mailbox-executor.ts).
 */
import type { LsmOptions } from "../state/lsm/lsm-options.ts";
import type { OperatorSnapshot } from "../state/snapshot.ts";
import type { ClassNames, DescribedType } from "../types/type-serializer.ts";
import type { CheckpointStepReporter } from "./checkpoint-step.ts";
import type { MailboxExecutor } from "./mailbox-executor.ts";
import type { AccumulatorRegistry } from "./accumulators/accumulator-registry.ts";
import type { OperatorMetricGroup } from "./metrics/metric-group.ts";
import type { Output, OutputTag } from "./output.ts";
import type { OperatorProbe } from "./probe.ts";
import type { ProcessingTimeService } from "./processing-time.ts";
import type { StreamRecord } from "./stream-record.ts";

/** Takes the key out of a value. Must be deterministic; keys are compared and hashed as Java would (see base/java-hash.ts). */
export type KeySelector<T = unknown, K = unknown> = (value: T) => K;

/**
 * Systems outside the cluster (log broker, databases, …), e.g. `outside(LOG)`; the connectors know the concrete type. They are named by symbols of the modules that
 * know them, which a program does not have: should it ever get hold of this function, there is nothing that it could ask for.
 */
export type OutsideWorld = (system: symbol) => unknown;

/** Which state backend a job runs on. `hashmap` = Flink's HashMapStateBackend; `rocksdb` = the log-structured one. */
export type StateBackendKind = "hashmap" | "rocksdb";

/** Everything an operator instance gets from its subtask. */
export interface OperatorContext {
  readonly operatorId: string;
  /** Display name, as in the job graph. */
  readonly name: string;
  readonly jobName: string;
  /** 32 hexadecimal digits: the same through all restarts of a job, another for each job. Absent outside a job. */
  readonly jobId?: string;
  readonly subtaskIndex: number;
  readonly parallelism: number;
  readonly maxParallelism: number;
  readonly attemptNumber: number;
  readonly output: Output;
  readonly processingTime: ProcessingTimeService;
  readonly mailbox: MailboxExecutor;
  readonly probe: OperatorProbe;
  readonly stateBackend: StateBackendKind;
  /** How the log-structured backend is laid out; absent = Flink's defaults. */
  readonly lsmOptions?: LsmOptions;
  /** Clock that state TTL reads: virtual processing time in a job, settable in the operator harness. */
  readonly ttlClock: () => number;
  /** Job-wide `pipeline.auto-watermark-interval` in ms (default 200; 0 = no periodic watermarks). */
  readonly autoWatermarkIntervalMs: number;
  /** True when the job checkpoints at all; in EXACTLY_ONCE or AT_LEAST_ONCE mode. */
  readonly checkpointingMode: "EXACTLY_ONCE" | "AT_LEAST_ONCE" | "NONE";
  /** The job runs in BATCH mode: keys come one after the other, and no watermark but the last. Absent = false. */
  readonly batch?: boolean;
  /** What the program set with `setGlobalJobParameters`; absent outside a job. */
  readonly globalJobParameters?: Readonly<Record<string, string>>;
  readonly outside: OutsideWorld;
  /** Key selector per input for keyed operators, undefined on non-keyed ones. */
  readonly keySelectors: readonly (KeySelector | undefined)[];
  /** Types of the keys per input, where the program has said them; absent = nowhere. */
  readonly keyTypes?: readonly (DescribedType | undefined)[];
  /** Names of the program's classes, which restored state is made of; absent = nobody knows. */
  readonly classNames?: ClassNames | undefined;
  /** Seeded random numbers in [0, 1), private to this subtask and attempt. */
  readonly random: () => number;
  /** Counter metric under Flink's name, e.g. `numLateRecordsDropped`; the same one for the same name. */
  counter(name: string): { inc(by?: number): void; readonly count: number };
  /** The task's accumulators; absent outside a job. */
  readonly accumulators?: AccumulatorRegistry;
  /** Where sinks report the steps of their transactions; absent when nobody waits for any. */
  readonly steps?: CheckpointStepReporter;
  /** The operator's metrics: its own and those of the functions in it. */
  readonly metricGroup: OperatorMetricGroup;
}

export interface StreamOperator {
  setup(context: OperatorContext): void;
  /** `restored` is this subtask's share of the snapshot, or null on a fresh start. */
  initializeState(restored: OperatorSnapshot | null, restoredCheckpointId?: number): void;
  open(): void;
  /** Before the barrier is forwarded: a chance to emit (Sink V2 writers send committables here). */
  prepareSnapshotPreBarrier(checkpointId: number): void;
  /** It waits for an answer from outside in the middle of `prepareSnapshotPreBarrier` or `finish`: to be called again. Absent = never. */
  readonly flushing?: boolean;
  snapshotState(checkpointId: number): OperatorSnapshot;
  notifyCheckpointComplete(checkpointId: number): void;
  notifyCheckpointAborted(checkpointId: number): void;
  /** BATCH mode: no more records of the current key will come. Absent = it keeps nothing by key. */
  endKey?(): void;
  /** One input has ended (1-based input number, as in Flink's BoundedMultiInput). */
  endInput(input: number): void;
  /** All inputs have ended: flush what is buffered, it may still be emitted. */
  finish(): void;
  close(): void;
  /** Serialized sizes of keyed and operator state, for metrics and the judge; cheap enough to call at every checkpoint. */
  stateSizes(): readonly StateSize[];
  /** The same of keyed state, by key group. Goes through all of it; for those who ask. Absent = it keeps none. */
  keyGroupSizes?(): readonly KeyGroupStateSize[];
  /** It waits for answers from outside the task; the job is not at rest. Absent = it never does. */
  readonly inFlight?: boolean;
}

export interface OneInputStreamOperator extends StreamOperator {
  processElement(record: StreamRecord): void;
  processWatermark(timestampMs: number): void;
  processWatermarkStatus(idle: boolean): void;
}

/** Inputs are numbered 1 and 2; the operator combines their watermarks and idleness itself (Flink: `AbstractStreamOperatorV1`). */
export interface TwoInputStreamOperator extends StreamOperator {
  processElement1(record: StreamRecord): void;
  processElement2(record: StreamRecord): void;
  processWatermark1(timestampMs: number): void;
  processWatermark2(timestampMs: number): void;
  processWatermarkStatus1(idle: boolean): void;
  processWatermarkStatus2(idle: boolean): void;
}

/** Size of one registered state in one subtask. */
export interface StateSize {
  readonly operatorId: string;
  readonly stateName: string;
  /** Number of (key, namespace) entries. */
  readonly entries: number;
  readonly bytes: number;
  readonly peakBytes: number;
}

/** Of an operator that keeps nothing that is measured. Asked again, it gives the same list: that says that nothing has changed. */
export const NO_STATE_SIZES: readonly StateSize[] = [];

/** What of one state is in one key group. */
export interface KeyGroupStateSize {
  readonly operatorId: string;
  readonly stateName: string;
  readonly keyGroup: number;
  /** Number of (key, namespace) entries. */
  readonly entries: number;
  readonly bytes: number;
}

export type { Output, OutputTag, StreamRecord };
