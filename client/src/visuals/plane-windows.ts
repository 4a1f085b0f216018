/**
 * The life of windows on the plane: opened by their first record, stretched when sessions merge, fired, fired again, purged, or lost
 * in a crash. Fed with the recording's events in order.
 */
import { keyLabel } from "./record-key.ts";

export interface WindowStep {
  /** From this processing time on the window is [startMs, endMs). */
  readonly fromMs: number;
  readonly startMs: number;
  readonly endMs: number;
}

export interface PlaneWindow {
  /** Key label, null when the band stands for several keys. */
  readonly key: string | null;
  readonly keyCount: number;
  /** One step for a fixed window; a session has one per merge. */
  readonly steps: readonly WindowStep[];
  readonly firedMs: number | null;
  readonly refiredMs: readonly number[];
  /** Where the band ends; null = still open when the recording ends. */
  readonly closedMs: number | null;
  /** True when a crash took the run that this band belongs to. */
  readonly lost: boolean;
}

interface OpenWindow {
  id: string;
  key: string;
  steps: WindowStep[];
  firedMs: number | null;
  refiredMs: number[];
  closedMs: number | null;
  lost: boolean;
}

export class WindowLives {
  readonly #open = new Map<string, OpenWindow>();
  readonly #all: OpenWindow[] = [];
  /** When the job last came back: windows restored from a checkpoint are on the plane from there. */
  #restoredMs: number | null = null;

  assigned(t: number, v: number, key: unknown, startMs: number, endMs: number): void {
    this.#find(t, v, key, startMs, endMs, t);
  }

  merged(t: number, v: number, key: unknown, startMs: number, endMs: number, parts: readonly { startMs: number; endMs: number }[]): void {
    const label = keyLabel(key);
    const target = idOf(v, label, startMs, endMs);
    const found: OpenWindow[] = [];
    for (const part of [...parts, { startMs, endMs }]) {
      const open = this.#open.get(idOf(v, label, part.startMs, part.endMs));
      if (open !== undefined && !found.includes(open)) found.push(open);
    }
    if (found.length === 0) {
      this.#find(t, v, key, startMs, endMs, t);
      return;
    }
    const [base, ...absorbed] = found.sort((a, b) => a.steps[0].fromMs - b.steps[0].fromMs);
    for (const other of absorbed) {
      this.#open.delete(other.id);
      other.closedMs = t;
    }
    this.#open.delete(base.id);
    base.id = target;
    const last = base.steps[base.steps.length - 1];
    if (last.startMs !== startMs || last.endMs !== endMs) base.steps.push({ fromMs: t, startMs, endMs });
    this.#open.set(target, base);
  }

  fired(t: number, v: number, key: unknown, startMs: number, endMs: number, again: boolean): void {
    const window = this.#find(t, v, key, startMs, endMs, this.#restoredMs ?? t);
    if (again || window.firedMs !== null) window.refiredMs.push(t);
    else window.firedMs = t;
  }

  purged(t: number, v: number, key: unknown, startMs: number, endMs: number): void {
    const id = idOf(v, keyLabel(key), startMs, endMs);
    const window = this.#open.get(id);
    if (window === undefined) return;
    window.closedMs = t;
    this.#open.delete(id);
  }

  jobDown(t: number): void {
    for (const window of this.#open.values()) {
      window.closedMs = t;
      window.lost = true;
    }
    this.#open.clear();
  }

  jobRunning(t: number): void {
    this.#restoredMs = t;
  }

  list(): PlaneWindow[] {
    // A part that a merge swallowed at the moment it was made was never a window of its own.
    return this.#all
      .filter((w) => w.closedMs !== w.steps[0].fromMs || w.firedMs !== null)
      .map((w) => ({
        key: w.key,
        keyCount: 1,
        steps: w.steps,
        firedMs: w.firedMs,
        refiredMs: w.refiredMs,
        closedMs: w.closedMs,
        lost: w.lost,
      }));
  }

  #find(t: number, v: number, key: unknown, startMs: number, endMs: number, openedMs: number): OpenWindow {
    const label = keyLabel(key);
    const id = idOf(v, label, startMs, endMs);
    let window = this.#open.get(id);
    if (window === undefined) {
      window = {
        id,
        key: label,
        steps: [{ fromMs: Math.min(openedMs, t), startMs, endMs }],
        firedMs: null,
        refiredMs: [],
        closedMs: null,
        lost: false,
      };
      this.#open.set(id, window);
      this.#all.push(window);
    }
    return window;
  }
}

function idOf(v: number, label: string, startMs: number, endMs: number): string {
  return `${v}\u0000${label}\u0000${startMs}\u0000${endMs}`;
}

/**
 * Windows of several keys with the same bounds become one band, or a plane with fifty keys would be a dark block: it opens with the
 * first of them and closes with the last. Sessions differ per key and stay single.
 */
export function bandsOverKeys(windows: readonly PlaneWindow[]): PlaneWindow[] {
  const bands = new Map<string, { window: PlaneWindow; keys: Set<string | null> }>();
  const out: PlaneWindow[] = [];
  for (const window of windows) {
    if (window.steps.length > 1) {
      out.push(window);
      continue;
    }
    const { startMs, endMs } = window.steps[0];
    const id = `${startMs}\u0000${endMs}\u0000${window.lost ? window.closedMs : ""}`;
    const band = bands.get(id);
    if (band === undefined) {
      bands.set(id, { window, keys: new Set([window.key]) });
      continue;
    }
    band.keys.add(window.key);
    const a = band.window;
    band.window = {
      key: null,
      keyCount: band.keys.size,
      steps: [{ fromMs: Math.min(a.steps[0].fromMs, window.steps[0].fromMs), startMs, endMs }],
      firedMs: a.firedMs === null ? window.firedMs : window.firedMs === null ? a.firedMs : Math.min(a.firedMs, window.firedMs),
      refiredMs: [...a.refiredMs, ...window.refiredMs],
      closedMs: a.closedMs === null || window.closedMs === null ? null : Math.max(a.closedMs, window.closedMs),
      lost: a.lost,
    };
  }
  for (const { window } of bands.values()) out.push(window);
  return out;
}
