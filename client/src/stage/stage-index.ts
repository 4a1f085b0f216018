/**
 * A recording made quick to move about in: where a moment is, which events of a kind come next, what is true at any of them.
 *
 * Events are found by time with a binary search. Every so many events the folded state is kept; the state at an event is the kept one before it plus
 * the few events in between. Going forward continues from where one was.
 */
import type { MetricSample, Recording, RecordingEvent } from "@millrace/engine/sim";
import { keyLabel } from "../visuals/record-key.ts";
import { CursorState } from "./cursor-state.ts";

/** Most events that are folded to reach a moment. */
const KEEP_EVERY = 2_000;

export type JumpKind = "firing" | "late" | "barrier" | "fault" | "commit";

export interface LoadNow {
  /** Shares of the time since the sample before, 0 to 1. */
  readonly busy: number;
  readonly backPressured: number;
  readonly inPoolUsage: number;
  readonly outPoolUsage: number;
  readonly numRecordsIn: number;
  readonly numRecordsOut: number;
}

export class StageIndex {
  readonly recording: Recording;
  readonly events: readonly RecordingEvent[];
  readonly fromMs: number;
  readonly toMs: number;
  /** The recording tells which subtask reads which split, before anything is read; older ones did not. */
  readonly tellsSplits: boolean;
  readonly #times: Float64Array;
  readonly #jumps: Record<JumpKind, number[]> = { firing: [], late: [], barrier: [], fault: [], commit: [] };
  readonly #kept: CursorState[] = [new CursorState()];
  /** Splits that a source subtask ever reads, by `vertex/subtask`. */
  readonly #splits = new Map<string, Set<string>>();
  #last: { seq: number; state: CursorState } | null = null;

  constructor(recording: Recording) {
    this.recording = recording;
    const { events } = recording;
    this.events = events;
    this.#times = new Float64Array(events.length);
    let latest = Number.NEGATIVE_INFINITY;
    let tellsSplits = false;
    for (let seq = 0; seq < events.length; seq++) {
      const event = events[seq];
      // A search needs times that do not fall; a recording that was put together from parts may have some that do.
      latest = Math.max(latest, event.t);
      this.#times[seq] = latest;
      if (event.kind === "splitWatermark") this.#noteSplit(event.v, event.s, event.split);
      else if (event.kind === "idle" && event.split !== null) this.#noteSplit(event.v, event.s, event.split);
      else if (event.kind === "split") tellsSplits = true;
      else if (event.kind === "read") this.#noteSplit(event.v, event.s, `${event.topic}-${event.partition}`);
      const kind = jumpOf(event);
      if (kind !== null) this.#jumps[kind].push(seq);
    }
    this.tellsSplits = tellsSplits;
    this.fromMs = events.length === 0 ? 0 : this.#times[0];
    this.toMs = events.length === 0 ? 0 : latest;
  }

  /** Names of the splits that a source subtask reads at some time of the run. */
  splitsOf(v: number, s: number): readonly string[] {
    return [...(this.#splits.get(`${v}/${s}`) ?? [])];
  }

  #noteSplit(v: number, s: number, split: string): void {
    const known = this.#splits.get(`${v}/${s}`);
    if (known === undefined) this.#splits.set(`${v}/${s}`, new Set([split]));
    else known.add(split);
  }

  get length(): number {
    return this.events.length;
  }

  /** Processing time of an event, never before that of an earlier one. */
  timeOf(seq: number): number {
    return this.#times[seq] ?? this.fromMs;
  }

  /** The last event that has happened by then; −1 = none. */
  seqAt(ms: number): number {
    return upperBound(this.#times, ms) - 1;
  }

  /** Indices of the events in [fromMs, toMs], as a half-open range. */
  range(fromMs: number, toMs: number): readonly [number, number] {
    return [upperBound(this.#times, fromMs - 1e-6), upperBound(this.#times, toMs)];
  }

  all(kind: JumpKind): readonly number[] {
    return this.#jumps[kind];
  }

  /** The nearest event of the kind behind (or before) this one; null = there is none. */
  jump(kind: JumpKind, seq: number, direction: 1 | -1): number | null {
    const list = this.#jumps[kind];
    const at = upperBound(list, direction === 1 ? seq : seq - 1);
    return (direction === 1 ? list[at] : list[at - 1]) ?? null;
  }

  /** The nearest event behind (or before) this one in which state, a timer or a window of the key changes; null = there is none. */
  jumpKey(key: string, seq: number, direction: 1 | -1): number | null {
    for (let at = seq + direction; at >= 0 && at < this.length; at += direction) {
      const event = this.events[at];
      const changes = event.kind === "state" || event.kind === "timerSet" || event.kind === "timer" || event.kind === "window";
      if (changes && keyLabel(event.key) === key) return at;
    }
    return null;
  }

  /** What is true once this event has happened. The object is the index's own: it changes with the next call. */
  stateAt(seq: number): CursorState {
    const wanted = Math.max(-1, Math.min(seq, this.length - 1));
    const kept = Math.min(Math.floor((wanted + 1) / KEEP_EVERY), this.#kept.length - 1);
    let at = kept * KEEP_EVERY - 1;
    let state: CursorState;
    if (this.#last !== null && this.#last.seq <= wanted && this.#last.seq >= at) {
      ({ seq: at, state } = this.#last);
    } else {
      state = new CursorState(this.#kept[kept]);
    }
    while (at < wanted) {
      at++;
      state.apply(this.events[at], at);
      if ((at + 1) % KEEP_EVERY === 0 && (at + 1) / KEEP_EVERY === this.#kept.length) this.#kept.push(new CursorState(state));
    }
    this.#last = { seq: wanted, state };
    return state;
  }

  /** How the subtasks spent the time before this moment; empty before the first sample. */
  loadAt(ms: number): ReadonlyMap<string, LoadNow> {
    const { samples } = this.recording;
    const at = upperBound(samples, ms, (sample) => sample.t) - 1;
    return at < 0 ? new Map() : loadOf(samples[at], samples[at - 1]);
  }

  /** Events per bucket of the whole run, for the overview. */
  density(buckets: number): Uint32Array {
    const counts = new Uint32Array(buckets);
    const span = Math.max(this.toMs - this.fromMs, 1);
    for (const t of this.#times) counts[Math.min(buckets - 1, Math.floor(((t - this.fromMs) / span) * buckets))]++;
    return counts;
  }
}

function jumpOf(event: RecordingEvent): JumpKind | null {
  switch (event.kind) {
    case "window":
      return event.what === "fired" || event.what === "refired" ? "firing" : null;
    case "timer":
      return "firing";
    case "late":
      return "late";
    case "checkpoint":
      return event.what === "triggered" || event.what === "restored" || event.what === "aborted" ? "barrier" : null;
    case "fault":
      return "fault";
    case "job":
      return event.what === "failing" || event.what === "failed" ? "fault" : null;
    case "transaction":
      return event.what === "committed" || event.what === "aborted" ? "commit" : null;
    default:
      return null;
  }
}

function loadOf(now: MetricSample, before: MetricSample | undefined): ReadonlyMap<string, LoadNow> {
  const previous = new Map(before?.subtasks.map((sample) => [`${sample.v}/${sample.s}`, sample]));
  return new Map(
    now.subtasks.map((sample) => {
      const id = `${sample.v}/${sample.s}`;
      const last = previous.get(id);
      // Totals begin anew with every attempt.
      const base = last !== undefined && last.idleMs <= sample.idleMs && last.busyMs <= sample.busyMs ? last : undefined;
      const busyMs = sample.busyMs - (base?.busyMs ?? 0);
      const backMs = Math.max(0, sample.backPressuredMs - (base?.backPressuredMs ?? 0));
      const total = Math.max(busyMs + backMs + sample.idleMs - (base?.idleMs ?? 0), 1e-9);
      const { inPoolUsage, outPoolUsage, numRecordsIn, numRecordsOut } = sample;
      return [id, { busy: busyMs / total, backPressured: backMs / total, inPoolUsage, outPoolUsage, numRecordsIn, numRecordsOut }];
    }),
  );
}

/** Index of the first element that is greater. */
export function upperBound<T>(list: ArrayLike<T>, value: number, of: (element: T) => number = Number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (of(list[middle]) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
