import { SessionWindows } from "./assigners/session-windows.ts";
import type { MergingWindowAssigner } from "./assigners/window-assigner.ts";
import { TimeWindow, type Window } from "./window.ts";

/** A window in flight and the window under which its contents are stored. */
export interface WindowMapping<W extends Window> {
  window: W;
  stateWindow: W;
}

/** What has to be merged: `merged` windows into `result`, contents of `stateWindows` into that of `stateResult`. */
export type MergeFunction<W extends Window> = (result: W, merged: W[], stateResult: W, stateWindows: W[]) => void;

const NONE: never[] = [];

/**
 * The windows in flight of the current key. When windows merge, their contents are not moved to the new window's address: one of the old
 * state windows stays the home of all contents, and this mapping remembers it (Flink: `MergingWindowSet`).
 *
 * One instance serves all keys: `load` hands it the list that the key's state has given, which it changes in place. Nearly every record of a
 * session either falls into the one session in flight or makes it longer; both are done without going through the assigner.
 */
export class MergingWindowSet<W extends Window> {
  private readonly assigner: MergingWindowAssigner<unknown, W>;
  /** Whether windows merge exactly when they overlap or touch, which is what time windows do. */
  private readonly mergesWhatTouches: boolean;
  private mappings: WindowMapping<W>[] = [];
  /** Whether the list differs from what was loaded: state that holds bytes has to hear of it. */
  changed = false;

  constructor(assigner: MergingWindowAssigner<unknown, W>) {
    this.assigner = assigner;
    this.mergesWhatTouches = (assigner as object as SessionWindows<unknown>).mergeWindows === SessionWindows.prototype.mergeWindows;
  }

  load(mappings: WindowMapping<W>[]): void {
    this.mappings = mappings;
    this.changed = false;
  }

  all(): WindowMapping<W>[] {
    return this.mappings;
  }

  /** The mapping of a window in flight; undefined when the window is gone. */
  find(window: W): WindowMapping<W> | undefined {
    for (const mapping of this.mappings) if (isSame(mapping.window, window)) return mapping;
    return undefined;
  }

  /** Forgets a window, its contents having been dropped. */
  retireWindow(window: W): void {
    this.remove(window);
  }

  /** Adds a window, merges what it touches, and returns the window that the new one has become part of. */
  addWindow(newWindow: W, merge: MergeFunction<W>): WindowMapping<W> {
    const touched = this.mergesWhatTouches ? this.onlyOneTouched(newWindow as unknown as TimeWindow) : undefined;
    if (touched === undefined) return this.addByAssigner(newWindow, merge);
    if (touched === null) return this.append(newWindow, newWindow);
    const before = touched.window as unknown as TimeWindow;
    const added = newWindow as unknown as TimeWindow;
    if (added.start >= before.start && added.end <= before.end) {
      // Flink takes a window equal to one in flight for a new one, and what was stored elsewhere for it stays behind for ever.
      if (added.start === before.start && added.end === before.end) {
        touched.stateWindow = touched.window;
        this.changed = true;
      }
      return touched;
    }
    const merged = [touched.window];
    this.changed = true;
    touched.window = before.cover(added) as unknown as W;
    merge(touched.window, merged, touched.stateWindow, NONE);
    return touched;
  }

  /** null = the new window stands alone, undefined = it touches several. */
  private onlyOneTouched(newWindow: TimeWindow): WindowMapping<W> | null | undefined {
    let touched: WindowMapping<W> | null = null;
    for (const mapping of this.mappings) {
      if (!(mapping.window as unknown as TimeWindow).intersects(newWindow)) continue;
      if (touched !== null) return undefined;
      touched = mapping;
    }
    return touched;
  }

  private addByAssigner(newWindow: W, merge: MergeFunction<W>): WindowMapping<W> {
    let resultMapping: WindowMapping<W> | undefined;
    let mergedNewWindow = false;
    let merges = 0;
    let resultWindow = newWindow;
    this.assigner.mergeWindows([...this.mappings.map((mapping) => mapping.window), newWindow], (group, result) => {
      merges++;
      const merged = withoutOne(group, newWindow);
      const withNew = merged.length < group.length;
      if (withNew) {
        mergedNewWindow = true;
        resultWindow = result;
      }
      if (merged.length === 0) return;
      const stateWindows: W[] = [];
      for (const window of merged) {
        const stateWindow = this.remove(window);
        if (stateWindow !== undefined) stateWindows.push(stateWindow);
      }
      const stateResult = stateWindows[0];
      const mapping = this.append(result, stateResult);
      if (withNew) resultMapping = mapping;
      // A window that absorbed the new one without growing has nothing to merge.
      const unchanged = merged.length === 1 && isSame(merged[0], result);
      if (!unchanged) merge(result, merged, stateResult, stateWindows.slice(1));
    });
    if (merges === 0 || (isSame(resultWindow, newWindow) && !mergedNewWindow)) return this.append(resultWindow, resultWindow);
    return resultMapping ?? this.find(resultWindow) ?? this.append(resultWindow, resultWindow);
  }

  private append(window: W, stateWindow: W): WindowMapping<W> {
    const mapping = { window, stateWindow };
    this.changed = true;
    this.mappings.push(mapping);
    return mapping;
  }

  private remove(window: W): W | undefined {
    const index = this.mappings.findIndex((mapping) => isSame(mapping.window, window));
    if (index < 0) return undefined;
    this.changed = true;
    return this.mappings.splice(index, 1)[0].stateWindow;
  }
}

function isSame(a: Window, b: Window): boolean {
  if (a === b) return true;
  if (a instanceof TimeWindow && b instanceof TimeWindow) return a.start === b.start && a.end === b.end;
  return a.namespaceKey === b.namespaceKey;
}

/**
 * The group as a set without the new window: an equal window in flight is dropped with it, as in Flink's set of windows.
 */
function withoutOne<W extends Window>(group: readonly W[], newWindow: W): W[] {
  return group.filter((window) => window !== newWindow);
}
