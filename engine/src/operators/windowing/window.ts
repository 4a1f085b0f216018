import { MAX_TIMESTAMP, MIN_TIMESTAMP } from "../../base/long.ts";
import type { StateNamespace } from "../../state/namespace.ts";
import { mergeTimeWindows } from "./assigners/merge-time-windows.ts";
import type { MergeCallback } from "./assigners/window-assigner.ts";

/**
 * A group of records that are evaluated together. Immutable; windows with equal `namespaceKey` are the same window.
 * (Flink: docs/dev/datastream/operators/windows)
 */
export abstract class Window implements StateNamespace {
  /** What windows with equal content share: state and timers are found by it. */
  abstract readonly namespaceKey: string | number;
  /** The last instant that belongs to the window, epoch ms. */
  abstract maxTimestamp(): number;
}

const DERIVED_FIELDS: readonly string[] = ["cachedKey"];

/** An interval of time, `start` inclusive, `end` exclusive, both epoch ms. (Flink: docs/dev/datastream/operators/windows) */
export class TimeWindow extends Window {
  /** First millisecond of the window, in epoch ms. */
  readonly start: number;
  /** The millisecond behind its last one, in epoch ms. */
  readonly end: number;
  private cachedKey: string | undefined;

  constructor(start: number, end: number) {
    super();
    this.start = start;
    this.end = end;
    this.cachedKey = undefined;
  }

  /** Start of the window of this size that a timestamp falls into, with windows aligned to `offsetMs`. */
  static getWindowStartWithOffset(timestampMs: number, offsetMs: number, windowSizeMs: number): number {
    // Division is several times as fast as the remainder, and exact for integers up to 2^52; beyond, it may be off by one window.
    const start = Math.floor((timestampMs - offsetMs) / windowSizeMs) * windowSizeMs + offsetMs;
    if (start <= timestampMs && timestampMs - start < windowSizeMs && Math.abs(timestampMs) < 2 ** 52) return start;
    const remainder = (timestampMs - offsetMs) % windowSizeMs;
    return remainder < 0 ? timestampMs - (remainder + windowSizeMs) : timestampMs - remainder;
  }

  /** @internal */
  get derivedFields(): readonly string[] {
    return DERIVED_FIELDS;
  }

  get namespaceKey(): string {
    this.cachedKey ??= `${this.start},${this.end}`;
    return this.cachedKey;
  }

  /** First millisecond of the window, in epoch ms. */
  getStart(): number {
    return this.start;
  }

  /** The millisecond behind its last one, in epoch ms. */
  getEnd(): number {
    return this.end;
  }

  override maxTimestamp(): number {
    return this.end - 1;
  }

  /** Finds the windows that overlap or touch and reports each group of two or more: for merging assigners of one's own. */
  static mergeWindows(windows: readonly TimeWindow[], onMerge: MergeCallback<TimeWindow>): void {
    mergeTimeWindows(windows, onMerge);
  }

  /** True when the windows overlap or touch; session windows merge then. */
  intersects(other: TimeWindow): boolean {
    return this.start <= other.end && this.end >= other.start;
  }

  /** The smallest window that contains both. */
  cover(other: TimeWindow): TimeWindow {
    return new TimeWindow(Math.min(this.start, other.start), Math.max(this.end, other.end));
  }

  /** True for a window with the same start and end. */
  equals(other: unknown): boolean {
    return other instanceof TimeWindow && other.start === this.start && other.end === this.end;
  }

  override toString(): string {
    return `TimeWindow{start=${this.start}, end=${this.end}}`;
  }
}

/** The one window that holds everything. (Flink: docs/dev/datastream/operators/windows) */
export class GlobalWindow extends Window {
  private static readonly INSTANCE = new GlobalWindow();
  readonly namespaceKey = "global";

  /** The one global window. */
  static get(): GlobalWindow {
    return GlobalWindow.INSTANCE;
  }

  override maxTimestamp(): number {
    return MAX_TIMESTAMP;
  }

  /** True for the global window. */
  equals(other: unknown): boolean {
    return other instanceof GlobalWindow;
  }

  override toString(): string {
    return "GlobalWindow";
  }
}

/** Bounds for the recording; a window that is no interval counts as beginning at the beginning of time. */
export function windowBounds(window: Window): { startMs: number; endMs: number } {
  if (window instanceof TimeWindow) return { startMs: window.start, endMs: window.end };
  const last = window.maxTimestamp();
  return { startMs: MIN_TIMESTAMP, endMs: last >= MAX_TIMESTAMP ? MAX_TIMESTAMP : last + 1 };
}
