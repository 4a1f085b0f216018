/**
 * The window operator. A record is assigned to windows; each (key, window) has contents in keyed state, a trigger that says when to
 * evaluate them, and a cleanup timer at the end of the window plus the allowed lateness, when everything about it is dropped.
 *
 *   record → assigner → [late? drop or side output] → add to contents → trigger → (fire: window function) (purge: clear contents)
 *   timer  → trigger → (fire) (purge) → at cleanup time: clear contents, trigger state, user's window state
 *
 * Merging (session) windows are found through a `MergingWindowSet` per key: each record brings a window of its own, which is merged
 * with those it touches before anything else happens.
 *
 * The order of these steps is Flink's (`WindowOperator`) and can be observed: a late record within the allowed lateness fires again
 * at once; a window whose cleanup time has passed is late even if the record's own timestamp is not.
 *
 * Cost per record on the usual path (no merging): one lookup for the contents, one for the timer, no allocation.
 */
import { CurrentWindow } from "./window-context.ts";
import { Diagnostic } from "../../base/diagnostic.ts";
import { MAX_TIMESTAMP, MIN_TIMESTAMP } from "../../base/long.ts";
import { invariant } from "../../base/invariant.ts";
import { AbstractUdfStreamOperator } from "../../flow/abstract-udf-stream-operator.ts";
import type { InternalTimerService, Triggerable } from "../../flow/internal-timer-service.ts";
import type { OneInputStreamOperator, OperatorContext } from "../../flow/operator.ts";
import type { OutputTag } from "../../flow/output.ts";
import type { StreamRecord } from "../../flow/stream-record.ts";
import type { InternalTimer } from "../../flow/timer-queue.ts";
import { ResultTimestamp, TimestampedCollector } from "../../flow/timestamped-collector.ts";
import {
  type AggregatingStateDescriptor,
  type ListStateDescriptor,
  type ReducingStateDescriptor,
  type StateDescriptor,
  ValueStateDescriptor,
} from "../../state/descriptors.ts";
import type { InternalState } from "../../state/keyed-state-backend.ts";
import type { OperatorSnapshot } from "../../state/snapshot.ts";
import type { State, ValueState } from "../../state/state.ts";
import { MergingWindowAssigner, type WindowAssigner, type WindowAssignerContext } from "./assigners/window-assigner.ts";
import type { InternalWindowFunction } from "./internal-window-function.ts";
import { MergingWindowSet, type WindowMapping } from "./merging-window-set.ts";
import { EventTimeTrigger } from "./triggers/event-time-trigger.ts";
import type { Trigger } from "./triggers/trigger.ts";
import { type Window, windowBounds } from "./window.ts";
import { WindowProcessContext, TriggerCalls } from "./window-context.ts";

/** Contents of windows: a list of elements, or a folding of them. */
export type WindowContentsDescriptor =
  | ListStateDescriptor<unknown>
  | ReducingStateDescriptor<unknown>
  | AggregatingStateDescriptor<unknown, unknown, unknown>;

export interface WindowOperatorOptions {
  readonly assigner: WindowAssigner<unknown, Window>;
  /** Default: the assigner's. */
  readonly trigger?: Trigger<unknown, Window>;
  /** How the contents are kept; by Flink's custom the state is called "window-contents". */
  readonly contents: WindowContentsDescriptor;
  readonly windowFunction: InternalWindowFunction;
  /** Default 0. Only event-time windows know lateness. */
  readonly allowedLatenessMs?: number;
  /** Where records go that came too late for all their windows; without it they are dropped and counted. */
  readonly lateDataOutputTag?: OutputTag;
}

/** What the operator needs of a contents state, whatever its kind. */
type ContentsState = State &
  InternalState & {
    /** Adds; true when there was nothing before. */
    addedFirst(value: unknown): boolean;
    get(): unknown;
    getInternal(): unknown;
    setInternal(value: unknown): void;
  };

export class WindowOperator extends AbstractUdfStreamOperator<unknown> implements OneInputStreamOperator, Triggerable {
  // Configuration.
  protected readonly windowFunction: InternalWindowFunction;
  private readonly assigner: WindowAssigner<unknown, Window>;
  private readonly mergingAssigner: MergingWindowAssigner<unknown, Window> | undefined;
  private readonly trigger: Trigger<unknown, Window>;
  private readonly contentsDescriptor: WindowContentsDescriptor;
  private readonly contentsIsList: boolean;
  private readonly allowedLatenessMs: number;
  private readonly lateDataOutputTag: OutputTag | undefined;
  private readonly isEventTime: boolean;
  /**
   * With the default trigger of event time, a window that has contents has its timers too: they are set by its first record and
   * outlive the contents. Later records then need not ask for them again. Not so after a restore: the watermark begins anew, and a window that
   * had fired already (lateness was allowed) must be able to fire on time once more; or the program before had another trigger.
   */
  private timersFollowContents: boolean;
  /**
   * The window of the last record, if it is one that does not merge, whose timers follow its contents, and to which the contents still point.
   * It is recognised by the list in which the assigner hands it out.
   */
  private openWindows: readonly Window[] | undefined;
  /** It ends when the watermark gets here. */
  private openUntilMs = 0;
  // State that is not checkpointed.
  private stateIsReferences = true;
  protected timers!: InternalTimerService;
  protected triggerCalls!: TriggerCalls;
  /** The window of the function, which may be called about another one than the trigger. */
  protected readonly functionWindow = new CurrentWindow();
  protected processContext!: WindowProcessContext;
  protected collector!: TimestampedCollector<unknown>;
  private readonly resultTimestamp = new ResultTimestamp();
  private assignerContext!: WindowAssignerContext;
  private lateRecordsDropped!: { inc(by?: number): void };
  // State that is checkpointed.
  protected contents!: ContentsState;
  private mergingWindows: (ValueState<WindowMapping<Window>[]> & InternalState) | undefined;
  /** Whether the current key's list is in `mergingWindows`. */
  private mergingWindowsStored = false;
  /** The set that `mergingWindows` holds for the current key, as far as it has been loaded. */
  private readonly mergingSet: MergingWindowSet<Window> | undefined;

  constructor(options: WindowOperatorOptions) {
    super(options.windowFunction.userFunction);
    this.windowFunction = options.windowFunction;
    this.assigner = options.assigner;
    this.mergingAssigner = options.assigner instanceof MergingWindowAssigner ? options.assigner : undefined;
    this.mergingSet = this.mergingAssigner === undefined ? undefined : new MergingWindowSet(this.mergingAssigner);
    this.trigger = options.trigger ?? options.assigner.getDefaultTrigger();
    this.contentsDescriptor = options.contents;
    this.contentsIsList = options.contents.kind === "list";
    this.allowedLatenessMs = options.allowedLatenessMs ?? 0;
    this.lateDataOutputTag = options.lateDataOutputTag;
    this.isEventTime = options.assigner.isEventTime();
    // Where windows merge and lateness is allowed, a window that grew still needs its cleanup timer.
    this.timersFollowContents =
      this.isEventTime &&
      (this.mergingAssigner === undefined || this.allowedLatenessMs === 0) &&
      Object.getPrototypeOf(this.trigger) === EventTimeTrigger.prototype;
    if (this.mergingAssigner !== undefined && !this.trigger.canMerge()) throw triggerCannotMerge(this.trigger);
  }

  override setup(context: OperatorContext): void {
    super.setup(context);
    this.lateRecordsDropped = context.counter("numLateRecordsDropped");
  }

  override initializeState(restored: OperatorSnapshot | null, restoredCheckpointId?: number): void {
    super.initializeState(restored, restoredCheckpointId);
    if (restored !== null) this.timersFollowContents = false;
  }

  override open(): void {
    super.open();
    invariant(this.keyedStateBackend !== undefined, "a window operator needs a key (windowAll: a constant one)");
    this.stateIsReferences = this.keyedStateBackend.handsOutReferences;
    this.timers = this.getInternalTimerService("window-timers", this);
    this.collector = new TimestampedCollector(this.output, this.resultTimestamp);
    this.triggerCalls = new TriggerCalls(this.trigger, this.timers, this.keyedStateBackend, () => this.runtimeContext.getMetricGroup());
    this.processContext = new WindowProcessContext(
      this.functionWindow,
      this.output,
      this.timers,
      this.keyedStateBackend,
      this.mergingAssigner !== undefined,
    );
    this.assignerContext = { getCurrentProcessingTime: () => this.timers.currentProcessingTime(), random: this.context.random };
    this.contents = this.getKeyedState(this.contentsDescriptor as unknown as StateDescriptor<ContentsState>);
    if (this.mergingAssigner !== undefined) {
      this.mergingWindows = this.getKeyedState(new ValueStateDescriptor<WindowMapping<Window>[]>("merging-window-set"));
    }
  }

  processElement(record: StreamRecord): void {
    this.setKeyContext(record);
    const timestampMs = record.hasTimestamp ? record.timestamp : MIN_TIMESTAMP;
    const windows = this.assigner.assignWindows(record.value, timestampMs, this.assignerContext);
    if (windows === this.openWindows && this.timers.currentWatermark() < this.openUntilMs) {
      // The window of the last record again, to which the contents point already; it has not ended, so only a first record has more to do.
      const isFirst = this.contents.addedFirst(record.value);
      if (isFirst) this.afterAdding(record, timestampMs, windows[0], isFirst);
      return;
    }
    const accepted =
      this.mergingSet === undefined
        ? this.addToWindows(record, timestampMs, windows)
        : this.addToMergingWindows(record, timestampMs, windows, this.mergingSet);
    if (!accepted && this.isElementLate(timestampMs)) this.rejectLate(record, timestampMs);
  }

  override processWatermark(timestampMs: number): void {
    // Never in a job, where the valve sees to it; a harness may. A window that has fired must then be able to fire on time once more.
    if (this.allowedLatenessMs > 0 && timestampMs < this.timers.currentWatermark()) {
      this.timersFollowContents = false;
      this.openWindows = undefined;
    }
    super.processWatermark(timestampMs);
  }

  onEventTime(timer: InternalTimer): void {
    const window = timer.namespace as Window;
    if (!this.pointAt(window)) return;
    const result = this.triggerCalls.onEventTime(timer.timestampMs);
    if (result.isFire()) this.fire(window, timer.timestampMs > window.maxTimestamp());
    if (result.isPurge()) this.purge(window);
    if (this.isEventTime && timer.timestampMs === this.cleanupTime(window)) this.clearAllState(window);
  }

  onProcessingTime(timer: InternalTimer): void {
    const window = timer.namespace as Window;
    if (!this.pointAt(window)) return;
    const result = this.triggerCalls.onProcessingTime(timer.timestampMs);
    if (result.isFire()) this.fire(window, false);
    if (result.isPurge()) this.purge(window);
    if (!this.isEventTime && timer.timestampMs === this.cleanupTime(window)) this.clearAllState(window);
  }

  /** Name of the state that holds the contents. */
  protected get contentsName(): string {
    return this.contentsDescriptor.name;
  }

  /** Whether `toStored` gives something else than the value. */
  protected get keepsTimestamps(): boolean {
    return false;
  }

  /** What is stored for a record. The evicting operator keeps its timestamp too. */
  protected toStored(record: StreamRecord, _timestampMs: number): unknown {
    return record.value;
  }

  /** Hands contents to the window function; results carry the window's last timestamp. */
  protected emitWindowContents(window: Window, contents: unknown): void {
    this.resultTimestamp.set(window.maxTimestamp());
    this.functionWindow.window = window;
    this.windowFunction.process(this.getCurrentKey(), window, this.processContext, contents, this.collector);
  }

  private addToWindows(record: StreamRecord, timestampMs: number, windows: readonly Window[]): boolean {
    let accepted = false;
    for (let index = 0; index < windows.length; index++) {
      const window = windows[index];
      if (this.isWindowLate(window)) continue;
      accepted = true;
      this.contents.setCurrentNamespace(window);
      this.addToWindow(record, timestampMs, window);
    }
    this.openWindows = undefined;
    if (accepted && windows.length === 1 && this.timersFollowContents && !this.keepsTimestamps && !this.probe.recording) {
      this.openWindows = windows;
      this.openUntilMs = windows[0].maxTimestamp();
    }
    return accepted;
  }

  private addToMergingWindows(
    record: StreamRecord,
    timestampMs: number,
    windows: readonly Window[],
    mergingSet: MergingWindowSet<Window>,
  ): boolean {
    let accepted = false;
    this.loadMergingWindows(mergingSet);
    for (let index = 0; index < windows.length; index++) {
      const mapping = mergingSet.addWindow(windows[index], this.mergeWindows);
      const { window } = mapping;
      if (this.isWindowLate(window)) {
        mergingSet.retireWindow(window);
        continue;
      }
      accepted = true;
      this.contents.setCurrentNamespace(mapping.stateWindow);
      this.addToWindow(record, timestampMs, window);
    }
    this.storeMergingWindows(mergingSet);
    return accepted;
  }

  /** Contents must point at the window's state already. */
  private addToWindow(record: StreamRecord, timestampMs: number, window: Window): void {
    const isFirst = this.contents.addedFirst(this.keepsTimestamps ? this.toStored(record, timestampMs) : record.value);
    this.afterAdding(record, timestampMs, window, isFirst);
  }

  private afterAdding(record: StreamRecord, timestampMs: number, window: Window, isFirst: boolean): void {
    if (!isFirst && this.timersFollowContents && !this.probe.recording && window.maxTimestamp() > this.timers.currentWatermark()) return;
    if (this.probe.recording) {
      const { startMs, endMs } = windowBounds(window);
      this.probe.windowAssigned(this.getCurrentKey(), startMs, endMs);
    }
    this.triggerCalls.current.window = window;
    if (!isFirst && this.timersFollowContents && window.maxTimestamp() > this.timers.currentWatermark()) return;
    const result = this.triggerCalls.onElement(record.value, timestampMs);
    if (result.isFire()) this.fire(window, this.isEventTime && window.maxTimestamp() <= this.timers.currentWatermark());
    if (result.isPurge()) this.purge(window);
    this.registerCleanupTimer(window);
  }

  private readonly mergeWindows = (result: Window, merged: Window[], stateResult: Window, stateWindows: Window[]): void => {
    this.refuseMergeIntoPast(result);
    this.triggerCalls.current.window = result;
    if (this.timersFollowContents && merged.length === 1) {
      // One session has grown, and has one timer: what onMerge and clear of the trigger come to. Its contents stay where they are.
      this.timers.moveEventTimeTimer(merged[0], merged[0].maxTimestamp(), result, result.maxTimestamp());
    } else {
      this.triggerCalls.onMerge(merged);
      for (const window of merged) {
        this.triggerCalls.current.window = window;
        this.triggerCalls.clear();
        this.deleteCleanupTimer(window);
      }
      this.contents.mergeNamespaces(stateResult, stateWindows);
    }
    if (this.probe.recording) {
      const { startMs, endMs } = windowBounds(result);
      this.probe.windowMerged(this.getCurrentKey(), startMs, endMs, merged.map(windowBounds));
    }
  };

  /** Points contents and trigger at a window; false when a merged window no longer exists. */
  protected pointAt(window: Window): boolean {
    this.triggerCalls.current.window = window;
    this.openWindows = undefined;
    const { mergingSet } = this;
    if (mergingSet === undefined) {
      this.contents.setCurrentNamespace(window);
      return true;
    }
    this.loadMergingWindows(mergingSet);
    const mapping = mergingSet.find(window);
    // A trigger may have left a timer behind; the window it belonged to has become part of another.
    if (mapping === undefined) return false;
    this.contents.setCurrentNamespace(mapping.stateWindow);
    return true;
  }

  private fire(window: Window, late: boolean): void {
    const contents = this.contents.get();
    if (contents === null || (this.contentsIsList && (contents as unknown[]).length === 0)) return;
    this.fireContents(window, contents, late);
  }

  protected fireContents(window: Window, contents: unknown, late: boolean): void {
    if (this.probe.recording) {
      const { startMs, endMs } = windowBounds(window);
      this.probe.windowFired(this.getCurrentKey(), startMs, endMs, late);
    }
    this.emitWindowContents(window, contents);
  }

  private purge(window: Window): void {
    if (this.probe.recording && !this.isEmpty()) this.reportPurge(window);
    this.contents.clear();
  }

  protected clearAllState(window: Window): void {
    this.purge(window);
    this.triggerCalls.current.window = window;
    this.triggerCalls.clear();
    this.functionWindow.window = window;
    this.windowFunction.clear(window, this.processContext);
    if (this.mergingSet !== undefined) {
      this.mergingSet.retireWindow(window);
      this.storeMergingWindows(this.mergingSet);
    }
  }

  private loadMergingWindows(mergingSet: MergingWindowSet<Window>): void {
    const stored = this.mergingWindows?.value() ?? null;
    this.mergingWindowsStored = stored !== null;
    mergingSet.load(stored ?? []);
  }

  /** Where state hands out the list itself, it is changed already, and has to hear only of the first and the last window of a key. */
  private storeMergingWindows(mergingSet: MergingWindowSet<Window>): void {
    const mappings = mergingSet.all();
    const stored = mappings.length > 0;
    if (stored === this.mergingWindowsStored && (this.stateIsReferences || !mergingSet.changed)) return;
    this.mergingWindowsStored = stored;
    this.mergingWindows?.update(stored ? mappings : null);
  }

  /**
   * The end of the window plus the allowed lateness; saturates at the end of time, for which no timer is set. Only a window before 1970 has
   * one there: the sum is a little less in truth, and our numbers are too coarse to say so.
   */
  private cleanupTime(window: Window): number {
    const end = window.maxTimestamp();
    return this.isEventTime ? Math.min(end + this.allowedLatenessMs, MAX_TIMESTAMP) : end;
  }

  private isWindowLate(window: Window): boolean {
    return this.isEventTime && this.cleanupTime(window) <= this.timers.currentWatermark();
  }

  protected isElementLate(timestampMs: number): boolean {
    return this.isEventTime && overflowing(timestampMs, this.allowedLatenessMs) <= this.timers.currentWatermark();
  }

  private registerCleanupTimer(window: Window): void {
    const timeMs = this.cleanupTime(window);
    if (timeMs === MAX_TIMESTAMP && window.maxTimestamp() >= 0) return;
    if (this.isEventTime) this.timers.registerEventTimeTimer(window, timeMs);
    else this.timers.registerProcessingTimeTimer(window, timeMs);
  }

  private deleteCleanupTimer(window: Window): void {
    const timeMs = this.cleanupTime(window);
    if (timeMs === MAX_TIMESTAMP && window.maxTimestamp() >= 0) return;
    if (this.isEventTime) this.timers.deleteEventTimeTimer(window, timeMs);
    else this.timers.deleteProcessingTimeTimer(window, timeMs);
  }

  protected rejectLate(record: StreamRecord, timestampMs: number): void {
    const tag = this.lateDataOutputTag;
    if (this.probe.recording) this.probe.recordLate(record.value, timestampMs, this.timers.currentWatermark(), tag?.id ?? null);
    if (tag === undefined) this.lateRecordsDropped.inc();
    else this.output.collectSide(tag, record);
  }

  private refuseMergeIntoPast(result: Window): void {
    const now = this.isEventTime ? this.timers.currentWatermark() : this.timers.currentProcessingTime();
    const end = result.maxTimestamp();
    if ((this.isEventTime ? overflowing(end, this.allowedLatenessMs) : end) > now) return;
    const what = this.isEventTime
      ? "event-time window cannot become earlier than the current watermark"
      : "processing-time window cannot become earlier than the current processing time";
    throw new Diagnostic({
      code: "WINDOW_MERGED_INTO_PAST",
      message: `The end timestamp of an ${what} by merging. Current time: ${now} window: ${String(result)}`,
      phase: "runtime",
    });
  }

  private isEmpty(): boolean {
    const contents = this.contents.get();
    return contents === null || (this.contentsIsList && (contents as unknown[]).length === 0);
  }

  private reportPurge(window: Window): void {
    const { startMs, endMs } = windowBounds(window);
    this.probe.windowPurged(this.getCurrentKey(), startMs, endMs);
  }
}

/**
 * Time plus lateness as Java's long has it: past the end of time it begins anew. Flink guards only the cleanup time against that, so with a
 * lateness near the end of time it refuses to merge sessions.
 */
function overflowing(timeMs: number, latenessMs: number): number {
  const sum = timeMs + latenessMs;
  if (sum < MAX_TIMESTAMP || timeMs <= 0 || latenessMs === 0) return sum;
  // Never quite the beginning itself, from which a small number cannot be told here.
  return Math.max(timeMs - (2 * MAX_TIMESTAMP - latenessMs), MIN_TIMESTAMP + 1024);
}

function triggerCannotMerge(trigger: Trigger<unknown, Window>): Diagnostic {
  return new Diagnostic({
    code: "TRIGGER_CANNOT_MERGE",
    message: "A merging window assigner cannot be used with a trigger that does not support merging.",
    phase: "graph",
    found: String(trigger),
    expected: "a trigger with canMerge() = true",
    hint: "Session windows work with EventTimeTrigger, ProcessingTimeTrigger, CountTrigger, PurgingTrigger and the continuous triggers.",
  });
}
