/**
 * Drives one operator without a cluster: records, watermarks, clocks and restores step by step, and collects what comes out (Flink:
 * `OneInputStreamOperatorTestHarness` and its relatives). With a parallelism above 1 there are as many instances; keyed records go to
 * the owner of their key group, everything else to all instances, one after the other.
 */
import { subtaskForKey } from "../base/key-groups.ts";
import { Prng } from "../base/prng.ts";
import type {
  KeySelector,
  OneInputStreamOperator,
  OperatorContext,
  StateBackendKind,
  StateSize,
  StreamOperator,
  TwoInputStreamOperator,
} from "../flow/operator.ts";
import type { Output, OutputTag } from "../flow/output.ts";
import { OperatorMetricGroup } from "../flow/metrics/metric-group.ts";
import { NO_PROBE, type OperatorProbe } from "../flow/probe.ts";
import { StreamRecord } from "../flow/stream-record.ts";
import { redistributeSnapshots } from "../state/redistribute.ts";
import type { OperatorSnapshot } from "../state/snapshot.ts";
import { copyValue } from "../types/value-codec.ts";
import { HarnessMailbox } from "./harness-mailbox.ts";
import { ManualClock } from "./manual-clock.ts";

export interface OperatorHarnessOptions {
  /** Number of operator instances; default 1. */
  readonly parallelism?: number;
  /** Default 128. */
  readonly maxParallelism?: number;
  /** Default 0: no periodic watermarks. */
  readonly autoWatermarkIntervalMs?: number;
  readonly probe?: OperatorProbe;
  readonly seed?: number;
  /** Default EXACTLY_ONCE. */
  readonly checkpointingMode?: OperatorContext["checkpointingMode"];
  /** Default "hashmap". */
  readonly stateBackend?: StateBackendKind;
}

/** One thing that came out. `timestamp` is null for records without one. */
export type HarnessOutput =
  | { readonly kind: "record"; readonly value: unknown; readonly timestamp: number | null; readonly subtask: number }
  | { readonly kind: "side"; readonly tag: string; readonly value: unknown; readonly timestamp: number | null; readonly subtask: number }
  | { readonly kind: "watermark"; readonly timestampMs: number; readonly subtask: number }
  | { readonly kind: "status"; readonly idle: boolean; readonly subtask: number };

/** Keyed state entries and pending timers of one instance. */
export interface HarnessInspection {
  readonly stateEntries: number;
  readonly eventTimeTimers: number;
  readonly processingTimeTimers: number;
}

interface Instance<OP> {
  readonly operator: OP;
  readonly clock: ManualClock;
  readonly mailbox: HarnessMailbox;
}

abstract class OperatorHarness<OP extends StreamOperator> {
  protected instances: Instance<OP>[] = [];
  protected readonly keySelectors: readonly (KeySelector | undefined)[];
  private readonly createOperator: () => OP;
  private readonly options: Required<OperatorHarnessOptions>;
  private readonly counters = new Map<string, number>();
  private outputs: HarnessOutput[] = [];
  private processingMs = 0;
  private ttlMs = 0;
  private attempt = 0;
  private nextCheckpointId = 1;

  constructor(createOperator: () => OP, keySelectors: readonly (KeySelector | undefined)[], options: OperatorHarnessOptions = {}) {
    this.createOperator = createOperator;
    this.keySelectors = keySelectors;
    this.options = {
      parallelism: options.parallelism ?? 1,
      maxParallelism: options.maxParallelism ?? 128,
      autoWatermarkIntervalMs: options.autoWatermarkIntervalMs ?? 0,
      probe: options.probe ?? NO_PROBE,
      seed: options.seed ?? 1,
      checkpointingMode: options.checkpointingMode ?? "EXACTLY_ONCE",
      stateBackend: options.stateBackend ?? "hashmap",
    };
    this.start(this.options.parallelism, undefined);
  }

  get parallelism(): number {
    return this.instances.length;
  }

  /** Does what waits in the mailboxes (answers that have come). Goes by itself before output is taken and the clock is set. */
  runMails(): void {
    for (const { mailbox } of this.instances) mailbox.runMails();
  }

  /** Everything that came out since the last call. */
  takeOutput(): HarnessOutput[] {
    this.runMails();
    const outputs = this.outputs;
    this.outputs = [];
    return outputs;
  }

  /** Sets the clock and fires due timers, instance by instance. */
  setProcessingTime(timestampMs: number): void {
    this.runMails();
    this.processingMs = timestampMs;
    for (const { clock } of this.instances) clock.setCurrentMs(timestampMs);
  }

  /** Sets the clock that time to live of state reads; starts at 0 and is independent of the processing time. */
  setTtlTime(timestampMs: number): void {
    this.ttlMs = timestampMs;
  }

  endInput(input = 1): void {
    for (const { operator } of this.instances) operator.endInput(input);
  }

  finish(): void {
    for (const { operator } of this.instances) operator.finish();
  }

  close(): void {
    for (const { operator } of this.instances) operator.close();
  }

  /** Snapshots of all instances, as one checkpoint. */
  snapshot(checkpointId = this.nextCheckpointId): OperatorSnapshot[] {
    this.prepareSnapshotPreBarrier(checkpointId);
    return this.snapshotState(checkpointId);
  }

  /** The first half of `snapshot`: what operators still emit ahead of the barrier. */
  prepareSnapshotPreBarrier(checkpointId: number): void {
    for (const { operator } of this.instances) operator.prepareSnapshotPreBarrier(checkpointId);
  }

  /** The second half of `snapshot`. */
  snapshotState(checkpointId: number): OperatorSnapshot[] {
    this.nextCheckpointId = Math.max(this.nextCheckpointId, checkpointId + 1);
    const snapshots = this.instances.map(({ operator }) => operator.snapshotState(checkpointId));
    // Nothing happens here between the two parts of a snapshot; what is wrong with it is said at once.
    for (const { bytes, keyed } of snapshots) if (bytes > 0) keyed?.detach?.();
    return snapshots;
  }

  notifyCheckpointComplete(checkpointId: number): void {
    for (const { operator } of this.instances) operator.notifyCheckpointComplete(checkpointId);
  }

  notifyCheckpointAborted(checkpointId: number): void {
    for (const { operator } of this.instances) operator.notifyCheckpointAborted(checkpointId);
  }

  /** Throws the instances away and starts new ones from snapshots. */
  restore(snapshots: readonly OperatorSnapshot[], parallelism = snapshots.length, checkpointId = this.nextCheckpointId - 1): void {
    this.close();
    this.attempt++;
    this.start(parallelism, redistributeSnapshots(snapshots, parallelism, this.options.maxParallelism), checkpointId);
  }

  /** The process is gone: no operator is called any more. Go on with `restore` or `startAfresh`. */
  crash(): void {
    this.instances = [];
  }

  /** Throws the instances away and starts new ones without state. */
  startAfresh(parallelism: number): void {
    this.close();
    this.attempt++;
    this.start(parallelism, undefined);
  }

  /** Value of a counter metric over all instances. */
  counter(name: string): number {
    return this.counters.get(name) ?? 0;
  }

  stateSizes(): StateSize[][] {
    return this.instances.map(({ operator }) => [...operator.stateSizes()]);
  }

  inspect(): HarnessInspection[] {
    return this.instances.map(({ operator }) => {
      const inspectable = operator as unknown as { inspect?: () => HarnessInspection };
      return inspectable.inspect?.() ?? { stateEntries: 0, eventTimeTimers: 0, processingTimeTimers: 0 };
    });
  }

  /** The instances that a record of this input goes to. */
  protected chosen(subtask: number | undefined): readonly Instance<OP>[] {
    return subtask === undefined ? this.instances : [this.instances[subtask]];
  }

  protected route(input: 1 | 2, value: unknown, subtask: number | "all" | undefined): readonly Instance<OP>[] {
    if (subtask === "all") return this.instances;
    if (subtask !== undefined) return [this.instances[subtask]];
    const keySelector = this.keySelectors[input - 1];
    if (keySelector === undefined || this.instances.length === 1) return [this.instances[0]];
    return [this.instances[subtaskForKey(keySelector(value), this.options.maxParallelism, this.instances.length)]];
  }

  private start(parallelism: number, restored: readonly OperatorSnapshot[] | undefined, restoredCheckpointId?: number): void {
    this.instances = [];
    for (let subtask = 0; subtask < parallelism; subtask++) {
      const clock = new ManualClock(this.processingMs);
      const operator = this.createOperator();
      const mailbox = new HarnessMailbox();
      this.instances.push({ operator, clock, mailbox });
      operator.setup(this.createContext(subtask, parallelism, clock, mailbox));
      operator.initializeState(restored?.[subtask] ?? null, restoredCheckpointId);
      operator.open();
    }
  }

  private createContext(subtaskIndex: number, parallelism: number, processingTime: ManualClock, mailbox: HarnessMailbox): OperatorContext {
    const prng = new Prng(this.options.seed).fork(`${subtaskIndex}/${this.attempt}`);
    return {
      operatorId: "operator",
      name: "operator",
      jobName: "harness",
      subtaskIndex,
      parallelism,
      maxParallelism: this.options.maxParallelism,
      attemptNumber: this.attempt,
      output: this.createOutput(subtaskIndex),
      processingTime,
      mailbox,
      probe: this.options.probe,
      stateBackend: this.options.stateBackend,
      ttlClock: () => this.ttlMs,
      autoWatermarkIntervalMs: this.options.autoWatermarkIntervalMs,
      checkpointingMode: this.options.checkpointingMode,
      outside: (system) => {
        throw new Error(`the operator harness has no ${String(system.description)} outside`);
      },
      keySelectors: this.keySelectors,
      random: () => prng.next(),
      counter: (name) => this.createCounter(name),
      metricGroup: new OperatorMetricGroup(null),
    };
  }

  private createCounter(name: string): { inc(by?: number): void; readonly count: number } {
    const { counters } = this;
    return {
      inc: (by = 1) => {
        counters.set(name, (counters.get(name) ?? 0) + by);
      },
      get count() {
        return counters.get(name) ?? 0;
      },
    };
  }

  private createOutput(subtask: number): Output {
    const timestampOf = (record: StreamRecord) => (record.hasTimestamp ? record.timestamp : null);
    const add = (output: HarnessOutput) => {
      this.outputs.push(output);
    };
    return {
      collect: (record) => add({ kind: "record", value: copyValue(record.value), timestamp: timestampOf(record), subtask }),
      collectSide: (tag: OutputTag, record) =>
        add({ kind: "side", tag: tag.id, value: copyValue(record.value), timestamp: timestampOf(record), subtask }),
      emitWatermark: (timestampMs) => add({ kind: "watermark", timestampMs, subtask }),
      emitWatermarkStatus: (idle) => add({ kind: "status", idle, subtask }),
    };
  }
}

/** Harness of an operator with one input. A key selector makes it keyed. */
export class OneInputOperatorHarness extends OperatorHarness<OneInputStreamOperator> {
  constructor(createOperator: () => OneInputStreamOperator, options: OperatorHarnessOptions & { readonly keySelector?: KeySelector } = {}) {
    super(createOperator, [options.keySelector], options);
  }

  /** @param subtask where to; default: by key, or the first. */
  processElement(value: unknown, timestampMs?: number, subtask?: number): void {
    for (const { operator } of this.route(1, value, subtask)) operator.processElement(new StreamRecord(value, timestampMs));
  }

  /** @param subtask where to; default: all. */
  processWatermark(timestampMs: number, subtask?: number): void {
    for (const { operator } of this.chosen(subtask)) operator.processWatermark(timestampMs);
  }

  processWatermarkStatus(idle: boolean): void {
    for (const { operator } of this.instances) operator.processWatermarkStatus(idle);
  }
}

/** Harness of an operator with two inputs, each keyed or not. */
export class TwoInputOperatorHarness extends OperatorHarness<TwoInputStreamOperator> {
  constructor(
    createOperator: () => TwoInputStreamOperator,
    options: OperatorHarnessOptions & { readonly keySelector1?: KeySelector; readonly keySelector2?: KeySelector } = {},
  ) {
    super(createOperator, [options.keySelector1, options.keySelector2], options);
  }

  /** @param subtask where to; "all" for a broadcast input; default: by key, or the first. */
  processElement(input: 1 | 2, value: unknown, timestampMs?: number, subtask?: number | "all"): void {
    for (const { operator } of this.route(input, value, subtask)) {
      const record = new StreamRecord(value, timestampMs);
      if (input === 1) operator.processElement1(record);
      else operator.processElement2(record);
    }
  }

  /**
   * Without an input: first input 1, then input 2, instance by instance.
   *
   * @param subtask where to; default: all.
   */
  processWatermark(timestampMs: number, input?: 1 | 2, subtask?: number): void {
    for (const { operator } of this.chosen(subtask)) {
      if (input !== 2) operator.processWatermark1(timestampMs);
      if (input !== 1) operator.processWatermark2(timestampMs);
    }
  }

  processWatermarkStatus(idle: boolean, input?: 1 | 2): void {
    for (const { operator } of this.instances) {
      if (input !== 2) operator.processWatermarkStatus1(idle);
      if (input !== 1) operator.processWatermarkStatus2(idle);
    }
  }
}
