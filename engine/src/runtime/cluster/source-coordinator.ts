/**
 * The job manager's side of one source: its enumerator, which hands splits to the readers, and its part in watermark alignment.
 * Flink: `SourceCoordinator`.
 *
 * Assignments travel through the readers' mailboxes. A checkpoint first snapshots the enumerator and then mails its trigger to the
 * readers, so every split is in exactly one of the two: assigned before, and then the reader adds it before its own snapshot, or not.
 */
import { granting } from "../../flow/engine-access.ts";
import { InvariantViolation } from "../../base/invariant.ts";
import { MAX_TIMESTAMP } from "../../base/long.ts";
import type { Gauge } from "../../flow/metrics/metric.ts";
import { OperatorMetricGroup } from "../../flow/metrics/metric-group.ts";
import type { MetricValue } from "../../flow/metrics/metric-value.ts";
import { ProxyMetricGroup } from "../../flow/metrics/proxy-metric-group.ts";
import type { OutsideWorld } from "../../flow/operator.ts";
import {
  type ReaderInfo,
  type Source,
  type SourceEvent,
  type SourceSplit,
  SplitsAssignment,
  type SplitEnumerator,
  type SplitEnumeratorContext,
  type SplitEnumeratorMetricGroup,
} from "../../flow/source.ts";
import type { SourceOperator } from "../../operators/source-operator.ts";
import type { WatermarkAlignment } from "../../operators/watermarks/watermark-strategy.ts";
import { copyValue } from "../../types/value-codec.ts";
import type { EventLoop, TimedEntry } from "../event-loop.ts";
import { SplitAssignments } from "./split-assignments.ts";
import { type AlignmentGroups, WatermarkAggregator } from "./watermark-alignment.ts";

/** The task of one reader, as far as the coordinator needs it. */
export interface ReaderTask {
  /** Runs the action between two records. */
  withSource(action: (source: SourceOperator) => void): void;
}

export interface SourceCoordinatorOptions {
  readonly operatorId: string;
  readonly source: Source<unknown>;
  readonly readers: readonly ReaderTask[];
  /** undefined = the source is in no alignment group. */
  readonly alignment: WatermarkAlignment | undefined;
  /** The enumerator's part of the checkpoint to start from. */
  readonly restored: { readonly state: unknown } | null;
}

export interface SourceCoordinatorHost {
  readonly loop: EventLoop;
  readonly outside: OutsideWorld;
  /** The source begins to work off a backlog, or is through with it. */
  setProcessingBacklog(operatorId: string, isProcessingBacklog: boolean): void;
  /** Something in the enumerator threw. */
  enumeratorFailed(error: unknown): void;
}

class EnumeratorMetricGroup extends ProxyMetricGroup implements SplitEnumeratorMetricGroup {
  setUnassignedSplitsGauge(gauge: Gauge<number> | (() => number)): void {
    this.gauge("unassignedSplits", typeof gauge === "function" ? gauge : () => gauge.getValue());
  }
}

export class SourceCoordinator {
  private readonly metrics = new OperatorMetricGroup(null);
  private readonly metricGroup = new EnumeratorMetricGroup(this.metrics);
  private readonly options: SourceCoordinatorOptions;
  private readonly host: SourceCoordinatorHost;
  private readonly groups: AlignmentGroups;
  private readonly enumerator: SplitEnumerator<SourceSplit>;
  private readonly registered = new Map<number, ReaderInfo>();
  private readonly reported = new WatermarkAggregator<number>();
  private readonly scheduled = new Set<TimedEntry>();
  private readonly assignments = new SplitAssignments();
  private readonly readers: ReaderTask[];
  /** Readers that are being restarted, and what they are to get when they are back. */
  private readonly down = new Map<number, ((reader: ReaderTask) => void)[]>();
  private closed = false;

  constructor(options: SourceCoordinatorOptions, groups: AlignmentGroups, host: SourceCoordinatorHost) {
    this.options = options;
    this.groups = groups;
    this.host = host;
    const { source, restored } = options;
    this.readers = [...options.readers];
    const context = this.context();
    this.enumerator =
      restored === null ? source.createEnumerator(context) : source.restoreEnumerator(context, this.readState(restored.state));
  }

  start(): void {
    this.enumerator.start();
    const { alignment } = this.options;
    if (alignment !== undefined) {
      this.groups.group(alignment.group);
      this.every(alignment.updateIntervalMs, alignment.updateIntervalMs, () => this.announceMaximum(alignment));
    }
  }

  addReader(subtask: number): void {
    this.registered.set(subtask, { subtaskId: subtask, location: `taskmanager-${subtask}` });
    for (const give of this.down.get(subtask) ?? []) give(this.readerOf(subtask));
    this.down.delete(subtask);
    this.enumerator.addReader(subtask);
  }

  /**
   * A reader is restarted alone. The enumerator goes on; it gets back what the reader was assigned after the checkpoint that it goes back to.
   * @param checkpointId null = it starts empty.
   */
  readerReset(subtask: number, reader: ReaderTask, checkpointId: number | null): void {
    this.readers[subtask] = reader;
    this.registered.delete(subtask);
    this.down.set(subtask, []);
    const splits = this.assignments.takeSince(subtask, checkpointId);
    if (splits.length > 0) this.enumerator.addSplitsBack(splits, subtask);
  }

  handleSplitRequest(subtask: number): void {
    this.enumerator.handleSplitRequest(subtask, `taskmanager-${subtask}`);
  }

  handleSourceEvent(subtask: number, event: SourceEvent): void {
    this.enumerator.handleSourceEvent?.(subtask, event);
  }

  /** A reader's watermark, for alignment. */
  reportedWatermark(subtask: number, watermarkMs: number): void {
    const { alignment, operatorId } = this.options;
    if (alignment === undefined || !this.reported.report(subtask, watermarkMs)) return;
    this.groups.group(alignment.group).report(operatorId, this.reported.lowestMs);
  }

  snapshot(checkpointId: number): unknown {
    const state = this.enumerator.snapshotState(checkpointId);
    this.assignments.checkpointTaken(checkpointId);
    const serializer = this.options.source.getEnumeratorCheckpointSerializer?.();
    if (serializer === undefined) return copyValue(state);
    return { version: serializer.getVersion(), state: copyValue(serializer.serialize(state)) };
  }

  notifyCheckpointComplete(checkpointId: number): void {
    this.assignments.checkpointCompleted(checkpointId);
    this.enumerator.notifyCheckpointComplete?.(checkpointId);
  }

  notifyCheckpointAborted(checkpointId: number): void {
    this.enumerator.notifyCheckpointAborted?.(checkpointId);
  }

  /** The enumerator's metrics. */
  metricValues(): Record<string, MetricValue> {
    return this.metrics.values();
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.host.setProcessingBacklog(this.options.operatorId, false);
    for (const entry of this.scheduled) entry.cancel();
    this.enumerator.close();
  }

  private context(): SplitEnumeratorContext<SourceSplit> {
    const { readers } = this.options;
    const { loop, outside } = this.host;
    const assign = (subtask: number, splits: readonly SourceSplit[]) => {
      if (!this.registered.has(subtask) && !this.down.has(subtask)) {
        throw new Error(`Cannot assign splits ${JSON.stringify(splits)} to subtask ${subtask} because the subtask is not registered.`);
      }
      const copies = splits.map((split) => copyValue(split));
      this.assignments.assigned(subtask, copies);
      this.give(subtask, (reader) => reader.withSource((source) => source.addSplits(copies.map((split) => copyValue(split)))));
    };
    const given: SplitEnumeratorContext<SourceSplit> = {
      currentParallelism: () => readers.length,
      registeredReaders: () => new Map(this.registered),
      assignSplits: (assignment) => {
        const bySubtask = assignment instanceof SplitsAssignment ? assignment.assignment() : assignment;
        for (const [subtask, splits] of bySubtask) assign(subtask, splits);
      },
      assignSplit: (split, subtask) => assign(subtask, [split]),
      signalNoMoreSplits: (subtask) => this.give(subtask, (reader) => reader.withSource((source) => source.notifyNoMoreSplits())),
      sendEventToSourceReader: (subtask, event) => {
        const copy = copyValue(event);
        this.readerOf(subtask).withSource((reader) => reader.handleSourceEvent(copy));
      },
      callAsync: (callable, handler, initialDelayMs = 0, periodMs) => {
        const call = () => handOver(callable, handler);
        if (periodMs === undefined) this.after(initialDelayMs, call);
        else this.every(initialDelayMs, periodMs, call);
      },
      runInCoordinatorThread: (action) => this.after(0, action),
      setIsProcessingBacklog: (isProcessingBacklog) => this.host.setProcessingBacklog(this.options.operatorId, isProcessingBacklog),
      metricGroup: () => this.metricGroup,
      currentMs: () => loop.currentMs(),
    };
    return granting(given, { outside });
  }

  /** At once, or when the reader is back. */
  private give(subtask: number, action: (reader: ReaderTask) => void): void {
    const waiting = this.down.get(subtask);
    if (waiting === undefined) action(this.readerOf(subtask));
    else waiting.push(action);
  }

  private readerOf(subtask: number): ReaderTask {
    const reader = this.readers[subtask];
    if (reader === undefined) {
      throw new RangeError(`The enumerator spoke to reader ${subtask}; there are ${this.options.readers.length}, from 0 on`);
    }
    return reader;
  }

  private readState(state: unknown): unknown {
    const serializer = this.options.source.getEnumeratorCheckpointSerializer?.();
    if (serializer === undefined) return copyValue(state);
    const { version, state: serialized } = state as { readonly version: number; readonly state: unknown };
    return serializer.deserialize(version, copyValue(serialized));
  }

  private announceMaximum({ group, maxDriftMs }: WatermarkAlignment): void {
    const maximumMs = Math.min(MAX_TIMESTAMP, this.groups.group(group).lowestMs + maxDriftMs);
    for (const subtask of this.reported.keys()) this.readerOf(subtask).withSource((reader) => reader.watermarkAligned(maximumMs));
  }

  private every(initialDelayMs: number, periodMs: number, action: () => void): void {
    this.after(initialDelayMs, () => {
      this.every(Math.max(1, periodMs), periodMs, action);
      action();
    });
  }

  private after(delayMs: number, action: () => void): void {
    const { loop } = this.host;
    const entry = loop.schedule(loop.currentMs() + delayMs, () => {
      this.scheduled.delete(entry);
      if (this.closed) return;
      try {
        action();
      } catch (error) {
        this.host.enumeratorFailed(error);
      }
    });
    this.scheduled.add(entry);
  }
}

/** What the callable throws goes to the handler, what the handler throws does not. */
function handOver<R>(callable: () => R, handler: (result: R | null, error: unknown) => void): void {
  let result: R;
  try {
    result = callable();
  } catch (error) {
    if (error instanceof InvariantViolation) throw error;
    handler(null, error);
    return;
  }
  handler(result, null);
}
