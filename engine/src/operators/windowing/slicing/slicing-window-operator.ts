/**
 * Sliding windows whose cost per record does not depend on how many windows the record is in.
 *
 * The window operator adds a record to each of its size / slide windows. Here it is added to one slice, a piece of time that is inside or
 * outside of any window as a whole, and a window is put together from its slices when it fires (key-slices.ts), in constant time as well.
 *
 * Everything that can be observed stays Flink's, which is why slices are not used from the first record on:
 *  - The job begins with windows. After `SLICE_FROM_ADDITION` additions a trial (merge-trial.ts) checks on the job's own records that the
 *    function gives equal results in parts; only then are slices used. A job of ordinary size calls the functions exactly as Flink does.
 *  - Slices begin at a time that no record has reached yet. A window is the merge of what was added to it directly (records from before that
 *    time) and of its slices, so nothing is computed twice.
 *  - A function that is associative but not known to be commutative (every reduce) is computed by slices only as long as no record comes out
 *    of order across slices; the first one that does ends the use of slices for good, before it is added.
 *  - Checkpoints contain windows: slices are folded into them first. Restored jobs begin with windows again.
 *
 * Used for event-time sliding windows with the default trigger, no evictor and no allowed lateness; anything else is the parent's.
 */
import type { MapKey } from "../../../base/canonical-key.ts";
import type { StateSize } from "../../../flow/operator.ts";
import type { StreamRecord } from "../../../flow/stream-record.ts";
import type { InternalTimer } from "../../../flow/timer-queue.ts";
import type { OperatorSnapshot } from "../../../state/snapshot.ts";
import { serializedSize } from "../../../types/value-codec.ts";
import { requireTimestamp } from "../assigners/window-assigner.ts";
import type { SlidingEventTimeWindows } from "../assigners/sliding-event-time-windows.ts";
import { TimeWindow } from "../window.ts";
import { WindowOperator, type WindowOperatorOptions } from "../window-operator.ts";
import { changeable, type Folding } from "./folding.ts";
import { KeySlices } from "./key-slices.ts";
import { MergeTrial } from "./merge-trial.ts";

/** Additions to windows in a subtask before the trial begins: 20,000 records that are in five windows each. */
const SLICE_FROM_ADDITION = 100_000;
/** And records, however many windows they are in. */
const SLICE_FROM_RECORD = 500;
/** Windows that do not divide into at most so many slices per slide are not sliced. */
const MAX_SLICES_PER_SLIDE = 4;

export interface SlicingOptions extends WindowOperatorOptions {
  readonly assigner: WindowOperatorOptions["assigner"] & SlidingEventTimeWindows;
  readonly folding: Folding;
  /** Default: depends on the number of windows per record; tests begin earlier. */
  readonly sliceFromRecord?: number;
  /** Default 40. */
  readonly trialRounds?: number;
}

/** Whether slices can pay: a record is in several windows, and they share boundaries. */
export function isSliceable(assigner: SlidingEventTimeWindows): boolean {
  const { sizeMs, slideMs } = assigner;
  return sizeMs >= 2 * slideMs && sliceSizeOf(assigner) * MAX_SLICES_PER_SLIDE >= slideMs;
}

function sliceSizeOf({ sizeMs, slideMs }: SlidingEventTimeWindows): number {
  let [a, b] = [sizeMs, slideMs];
  while (b > 0) [a, b] = [b, a % b];
  return a;
}

export class SlicingWindowOperator extends WindowOperator {
  private readonly windows: SlidingEventTimeWindows;
  private readonly folding: Folding;
  private readonly sliceMs: number;
  private readonly sliceFromRecord: number;
  private readonly trial: MergeTrial;
  private records = 0;
  private highestMs = Number.NEGATIVE_INFINITY;
  /** Records from this time on go to slices; +∞ = none do. */
  private slicesFromMs = Number.POSITIVE_INFINITY;
  private refused = false;
  private readonly slices = new Map<MapKey, KeySlices>();

  constructor(options: SlicingOptions) {
    super(options);
    this.windows = options.assigner;
    this.folding = options.folding;
    this.sliceMs = sliceSizeOf(options.assigner);
    const windowsPerRecord = options.assigner.sizeMs / options.assigner.slideMs;
    this.sliceFromRecord = options.sliceFromRecord ?? Math.max(SLICE_FROM_RECORD, Math.ceil(SLICE_FROM_ADDITION / windowsPerRecord));
    this.trial = new MergeTrial(options.folding, options.trialRounds);
  }

  override processElement(record: StreamRecord): void {
    if (record.hasTimestamp && record.timestamp > this.highestMs) this.highestMs = record.timestamp;
    if (record.hasTimestamp && record.timestamp >= this.slicesFromMs) {
      this.processSliced(record);
      return;
    }
    if (this.slices.size > 0 && this.trial.verdict !== "commutative") this.giveUpSlices();
    super.processElement(record);
    if (this.refused || this.slicesFromMs !== Number.POSITIVE_INFINITY || ++this.records <= this.sliceFromRecord) return;
    this.trial.observe(this.currentMapKey(), record.value);
    if (this.trial.verdict === "open") return;
    if (this.trial.verdict === "failed") this.refused = true;
    else this.beginSlices();
  }

  override onEventTime(timer: InternalTimer): void {
    const slices = this.slices.get(timer.mapKey);
    if (slices === undefined) {
      super.onEventTime(timer);
      return;
    }
    const window = timer.namespace as TimeWindow;
    this.pointAt(window);
    const value = this.mergedIn(window, slices);
    if (value !== undefined) this.fireContents(window, this.folding.result(value), false);
    this.clearAllState(window);
    slices.dropBefore(window.start + this.windows.slideMs);
    if (slices.size === 0) this.slices.delete(timer.mapKey);
    // The watermark may have passed further windows already; their timers fire right after this one.
    else this.registerTimer(Math.max(window.start + this.windows.slideMs, this.startBehind(slices.oldest - this.windows.sizeMs)));
  }

  override snapshotState(checkpointId: number): OperatorSnapshot {
    if (this.slices.size > 0) this.foldIntoWindows();
    return super.snapshotState(checkpointId);
  }

  override stateSizes(): readonly StateSize[] {
    const sizes = super.stateSizes();
    if (this.slices.size === 0) return sizes;
    let entries = 0;
    let bytes = 0;
    for (const slices of this.slices.values()) {
      const keyBytes = serializedSize(slices.key) + 16;
      for (const [, accumulator] of slices) {
        entries++;
        bytes += keyBytes + serializedSize(accumulator);
      }
    }
    return sizes.map((size) =>
      size.stateName === this.contentsName
        ? { ...size, entries: size.entries + entries, bytes: size.bytes + bytes, peakBytes: Math.max(size.peakBytes, size.bytes + bytes) }
        : size,
    );
  }

  private processSliced(record: StreamRecord): void {
    this.setKeyContext(record);
    const timestampMs = record.timestamp;
    requireTimestamp(timestampMs);
    const { windows, sliceMs } = this;
    const lastStart = TimeWindow.getWindowStartWithOffset(timestampMs, windows.offsetMs, windows.slideMs);
    if (lastStart + windows.sizeMs - 1 <= this.timers.currentWatermark()) {
      if (this.isElementLate(timestampMs)) this.rejectLate(record, timestampMs);
      return;
    }
    const mapKey = this.currentMapKey();
    let slices = this.slices.get(mapKey);
    if (slices === undefined) {
      slices = new KeySlices(this.getCurrentKey());
      this.slices.set(mapKey, slices);
    }
    const start = TimeWindow.getWindowStartWithOffset(timestampMs, windows.offsetMs, sliceMs);
    if (start < slices.newest && this.trial.verdict !== "commutative") {
      this.giveUpSlices();
      super.processElement(record);
      return;
    }
    if (this.probe.recording) this.reportAssigned(lastStart, timestampMs);
    if (slices.add(start, record.value, this.folding)) this.registerTimer(this.firstStartOf(start));
  }

  private beginSlices(): void {
    this.slicesFromMs = this.highestMs + 1;
  }

  /** What is in a window of the current key: what was added to it directly, then its slices. */
  private mergedIn(window: TimeWindow, slices: KeySlices): unknown {
    slices.dropBefore(window.start);
    const direct = this.contents.getInternal();
    const merged = slices.mergedBefore(window.end, this.folding);
    if (direct === undefined) return merged;
    return merged === undefined ? direct : this.folding.merge(changeable(direct), merged);
  }

  /** Start of the first window that contains the slice and has not fired. */
  private firstStartOf(sliceStart: number): number {
    // A window that contains the slice starts behind sliceStart − size; one that has not fired, behind watermark + 1 − size.
    return this.startBehind(Math.max(sliceStart, this.timers.currentWatermark() + 1) - this.windows.sizeMs);
  }

  /** The first start of a window behind a time. */
  private startBehind(timeMs: number): number {
    const { slideMs, offsetMs } = this.windows;
    return TimeWindow.getWindowStartWithOffset(timeMs, offsetMs, slideMs) + slideMs;
  }

  private registerTimer(windowStart: number): void {
    const window = this.windows.windowAt(windowStart);
    this.timers.registerEventTimeTimer(window, window.maxTimestamp());
  }

  /** Puts every slice into all windows that it is part of, as if there never had been slices, and begins anew behind the records so far. */
  private foldIntoWindows(): void {
    const { slideMs } = this.windows;
    for (const [mapKey, slices] of this.slices) {
      this.keyContext().setCurrentKey(slices.key, mapKey);
      const lastStart = TimeWindow.getWindowStartWithOffset(slices.newest, this.windows.offsetMs, slideMs);
      for (let start = this.firstStartOf(slices.oldest); start <= lastStart; start += slideMs) {
        const window = this.windows.windowAt(start);
        this.pointAt(window);
        const value = this.mergedIn(window, slices);
        if (value === undefined) continue;
        this.contents.setInternal(value);
        this.registerTimer(start);
      }
    }
    this.slices.clear();
    this.beginSlices();
  }

  /** A record came out of order, and the order matters. */
  private giveUpSlices(): void {
    this.foldIntoWindows();
    this.refused = true;
    this.slicesFromMs = Number.POSITIVE_INFINITY;
  }

  private reportAssigned(lastStart: number, timestampMs: number): void {
    const { sizeMs, slideMs } = this.windows;
    for (let start = lastStart; start > timestampMs - sizeMs; start -= slideMs) {
      if (start + sizeMs - 1 > this.timers.currentWatermark()) this.probe.windowAssigned(this.getCurrentKey(), start, start + sizeMs);
    }
  }
}
