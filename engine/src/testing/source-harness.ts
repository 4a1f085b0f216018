/**
 * Drives one source without a cluster: its enumerator, and a reader per subtask, with snapshots and restores into any number of readers.
 * Time moves only with `advanceTo`. What comes out is kept per subtask, with watermarks and idleness as the source would send them on.
 */
import { Prng } from "../base/prng.ts";
import { invariant } from "../base/invariant.ts";
import { OperatorMetricGroup } from "../flow/metrics/metric-group.ts";
import type { OperatorContext, OutsideWorld } from "../flow/operator.ts";
import { NO_PROBE } from "../flow/probe.ts";
import type { Source } from "../flow/source.ts";
import type { StreamRecord } from "../flow/stream-record.ts";
import { SourceOperator } from "../operators/source-operator.ts";
import { WatermarkStrategy } from "../operators/watermarks/watermark-strategy.ts";
import { AlignmentGroups } from "../runtime/cluster/watermark-alignment.ts";
import { SourceCoordinator } from "../runtime/cluster/source-coordinator.ts";
import { EventLoop } from "../runtime/event-loop.ts";
import { SubtaskClock } from "../runtime/subtask-clock.ts";
import { redistributeSnapshots } from "../state/redistribute.ts";
import type { OperatorSnapshot } from "../state/snapshot.ts";
import { copyValue } from "../types/value-codec.ts";
import { HarnessMailbox } from "./harness-mailbox.ts";
import type { HarnessOutput } from "./operator-harness.ts";

const MAX_PARALLELISM = 128;

/** Everything of a source at one barrier. */
export interface SourceSnapshot {
  readonly enumerator: unknown;
  readonly readers: readonly OperatorSnapshot[];
}

export interface SourceHarnessOptions<T> {
  /** Number of readers; default 1. */
  readonly parallelism?: number;
  /** Default none. */
  readonly watermarks?: WatermarkStrategy<T>;
  /** Systems outside the cluster, e.g. the log broker. */
  readonly outside?: OutsideWorld;
  /** Start from here. */
  readonly restored?: SourceSnapshot;
  readonly startMs?: number;
}

export class SourceHarness<T> {
  private readonly loop: EventLoop;
  private readonly coordinator: SourceCoordinator;
  private readonly readers: SourceOperator[] = [];
  private readonly ended = new Set<number>();
  private outputs: HarnessOutput[] = [];
  private checkpoints = 0;

  constructor(source: Source<T, never, never>, options: SourceHarnessOptions<T> = {}) {
    const { parallelism = 1, restored, outside = () => undefined, startMs = 0 } = options;
    const watermarks = options.watermarks ?? WatermarkStrategy.noWatermarks<T>();
    const random = new Prng(1);
    this.loop = new EventLoop(startMs, random.fork("loop"));
    const anySource = source as unknown as Source<unknown>;
    const tasks = Array.from({ length: parallelism }, (_, index) => ({
      withSource: (action: (reader: SourceOperator) => void) => action(this.readers[index]),
    }));
    this.coordinator = new SourceCoordinator(
      {
        operatorId: "source",
        source: anySource,
        readers: tasks,
        alignment: watermarks.getAlignmentParameters(),
        restored: restored === undefined ? null : { state: restored.enumerator },
      },
      new AlignmentGroups(),
      {
        loop: this.loop,
        outside,
        setProcessingBacklog() {},
        enumeratorFailed: (error) => {
          throw error;
        },
      },
    );
    const shares = restored === undefined ? [] : redistributeSnapshots(restored.readers, parallelism, MAX_PARALLELISM);
    for (let subtask = 0; subtask < parallelism; subtask++)
      this.readers.push(this.createReader(anySource, watermarks, subtask, parallelism, outside));
    for (const [subtask, reader] of this.readers.entries()) reader.initializeState(shares[subtask] ?? null);
    this.coordinator.start();
    for (const reader of this.readers) reader.open();
    this.run(startMs);
  }

  /** Reads and lets time pass up to this moment; at most `maxRecords` records, if given. */
  advanceTo(timestampMs: number, maxRecords: number = Number.POSITIVE_INFINITY): void {
    this.run(timestampMs, maxRecords);
  }

  /** True once every reader has reported the end of its input. */
  get finished(): boolean {
    return this.ended.size === this.readers.length;
  }

  /** Everything that came out since the last call. */
  takeOutput(): HarnessOutput[] {
    const { outputs } = this;
    this.outputs = [];
    return outputs;
  }

  /** The values among what came out. */
  takeValues(): T[] {
    return this.takeOutput().flatMap((output) => (output.kind === "record" ? [output.value as T] : []));
  }

  /** As the coordinator takes it: first the enumerator, then the readers. */
  snapshot(): SourceSnapshot {
    const checkpointId = ++this.checkpoints;
    const enumerator = this.coordinator.snapshot(checkpointId);
    return { enumerator, readers: this.readers.map((reader) => reader.snapshotState(checkpointId)) };
  }

  /** Tells enumerator and readers that the checkpoint of the last snapshot is complete. */
  completeCheckpoint(): void {
    this.coordinator.notifyCheckpointComplete(this.checkpoints);
    for (const reader of this.readers) reader.notifyCheckpointComplete(this.checkpoints);
  }

  close(): void {
    for (const reader of this.readers) reader.close();
    this.coordinator.close();
  }

  private run(untilMs: number, maxRecords: number = Number.POSITIVE_INFINITY): void {
    const { loop, readers } = this;
    let records = 0;
    for (let busy = true; busy; ) {
      let polled = false;
      for (const [subtask, reader] of readers.entries()) {
        if (!reader.available || this.ended.has(subtask)) continue;
        if (records >= maxRecords) return;
        polled = true;
        const before = reader.recordsRead;
        if (!reader.emitNext()) this.ended.add(subtask);
        records += reader.recordsRead - before;
      }
      busy = polled || loop.nextDueUs() <= untilMs * 1000;
      if (busy && !polled) loop.step();
    }
    if (loop.currentMs() < untilMs && records < maxRecords) {
      loop.schedule(untilMs, () => {});
      loop.step();
    }
  }

  private createReader(
    source: Source<unknown>,
    watermarks: WatermarkStrategy<T>,
    subtask: number,
    parallelism: number,
    outside: OutsideWorld,
  ): SourceOperator {
    const reader = new SourceOperator(source, watermarks);
    const metricGroup = new OperatorMetricGroup(null);
    const toCoordinator = (action: () => void) => void this.loop.scheduleUs(this.loop.nowUs, action);
    reader.attach({
      alignment: { bufferSize: 3, allowUnalignedSourceSplits: false },
      registerReader: () => toCoordinator(() => this.coordinator.addReader(subtask)),
      requestSplit: () => toCoordinator(() => this.coordinator.handleSplitRequest(subtask)),
      sourceEvent: (event) => toCoordinator(() => this.coordinator.handleSourceEvent(subtask, event)),
      reportWatermark: (watermarkMs) => toCoordinator(() => this.coordinator.reportedWatermark(subtask, watermarkMs)),
      onAvailable() {},
      recordsPerPoll: 1,
      wantsEachRead: () => true,
      blindReads() {},
      recordRead() {},
      splitAssigned() {},
      aligned() {},
      splitWatermark() {},
      splitIdle() {},
      watermark() {},
      idle() {},
    });
    const context: OperatorContext = {
      operatorId: "source",
      name: "Source",
      jobName: "harness",
      subtaskIndex: subtask,
      parallelism,
      maxParallelism: MAX_PARALLELISM,
      attemptNumber: 0,
      output: {
        collect: (record) => this.outputs.push(recordOutput(record, subtask)),
        collectSide: () => invariant(false, "a source has no side outputs"),
        emitWatermark: (timestampMs) => this.outputs.push({ kind: "watermark", timestampMs, subtask }),
        emitWatermarkStatus: (idle) => this.outputs.push({ kind: "status", idle, subtask }),
      },
      processingTime: new SubtaskClock(this.loop, (action) => action()),
      mailbox: new HarnessMailbox(),
      probe: NO_PROBE,
      stateBackend: "hashmap",
      ttlClock: () => this.loop.currentMs(),
      autoWatermarkIntervalMs: 200,
      checkpointingMode: "EXACTLY_ONCE",
      outside,
      keySelectors: [],
      random: () => 0,
      counter: (name) => metricGroup.operatorCounter(name),
      metricGroup,
    };
    reader.setup(context);
    return reader;
  }
}

function recordOutput(record: StreamRecord, subtask: number): HarnessOutput {
  return { kind: "record", value: copyValue(record.value), timestamp: record.hasTimestamp ? record.timestamp : null, subtask };
}
