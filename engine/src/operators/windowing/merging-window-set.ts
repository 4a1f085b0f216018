import type { MergingWindowAssigner } from "./assigners/window-assigner.ts";
import type { Window } from "./window.ts";

/** A window in flight and the window under which its contents are stored. */
export interface WindowMapping<W extends Window> {
  readonly window: W;
  readonly stateWindow: W;
}

/** What has to be merged: `merged` windows into `result`, contents of `stateWindows` into that of `stateResult`. */
export type MergeFunction<W extends Window> = (result: W, merged: W[], stateResult: W, stateWindows: W[]) => void;

/**
 * The windows in flight of one key. When windows merge, their contents are not moved to the new window's address: one of the old
 * state windows stays the home of all contents, and this mapping remembers it (Flink: `MergingWindowSet`).
 */
export class MergingWindowSet<W extends Window> {
  private readonly assigner: MergingWindowAssigner<unknown, W>;
  private mappings: WindowMapping<W>[];
  changed = false;

  constructor(assigner: MergingWindowAssigner<unknown, W>, mappings: readonly WindowMapping<W>[]) {
    this.assigner = assigner;
    this.mappings = [...mappings];
  }

  all(): readonly WindowMapping<W>[] {
    return this.mappings;
  }

  /** Where the contents of a window in flight are; undefined when the window is gone. */
  getStateWindow(window: W): W | undefined {
    return this.mappings.find((mapping) => mapping.window.namespaceKey === window.namespaceKey)?.stateWindow;
  }

  /** Forgets a window, its contents having been dropped. */
  retireWindow(window: W): void {
    this.remove(window);
  }

  /** Adds a window, merges what it touches, and returns the window that the new one has become part of. */
  addWindow(newWindow: W, merge: MergeFunction<W>): W {
    let resultWindow = newWindow;
    let mergedNewWindow = false;
    let merges = 0;
    this.assigner.mergeWindows([...this.mappings.map((mapping) => mapping.window), newWindow], (group, result) => {
      merges++;
      const merged = withoutOne(group, newWindow);
      if (merged.length < group.length) {
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
      this.mappings.push({ window: result, stateWindow: stateResult });
      this.changed = true;
      // A window that absorbed the new one without growing has nothing to merge.
      const unchanged = merged.length === 1 && merged[0].namespaceKey === result.namespaceKey;
      if (!unchanged) merge(result, merged, stateResult, stateWindows.slice(1));
    });
    if (merges === 0 || (resultWindow.namespaceKey === newWindow.namespaceKey && !mergedNewWindow)) {
      this.mappings.push({ window: resultWindow, stateWindow: resultWindow });
      this.changed = true;
    }
    return resultWindow;
  }

  private remove(window: W): W | undefined {
    const index = this.mappings.findIndex((mapping) => mapping.window.namespaceKey === window.namespaceKey);
    if (index < 0) return undefined;
    this.changed = true;
    return this.mappings.splice(index, 1)[0].stateWindow;
  }
}

/**
 * The group as a set without the new window: an equal window in flight is dropped with it, as in Flink's set of windows.
 */
function withoutOne<W extends Window>(group: readonly W[], newWindow: W): W[] {
  return group.filter((window) => window !== newWindow);
}
