/**
 * What is true at one moment of a run: watermarks, channels, splits, keyed state, timers, load. Folded from the recording's events; see
 * `StageIndex` for how any moment is reached quickly.
 *
 * After a crash the folded state goes back to what the subtasks held at their barriers of the checkpoint that the job restarts from. When the job
 * comes back with another parallelism, keys that move to another subtask are shown where they were until they change.
 */
import type { RecordingEvent } from "@millrace/engine/sim";
import { isMinTime } from "../visuals/format-time.ts";

/** `vertex/subtask` */
export type Place = string;

export const placeOf = (v: number, s: number): Place => `${v}/${s}`;

export interface ChannelNow {
  readonly v: number;
  readonly s: number;
  readonly fromV: number;
  readonly fromS: number;
  /** null = none has come yet. */
  readonly watermarkMs: number | null;
  readonly idle: boolean;
}

export interface SplitNow {
  readonly split: string;
  readonly v: number;
  readonly s: number;
  readonly watermarkMs: number | null;
  readonly idle: boolean;
  /** When a record was last read from it, processing time. */
  readonly lastMs: number | null;
  /** Highest event time that was read from it; null = none yet, or its records have none. */
  readonly highestMs: number | null;
  /** The recording tells who reads it, not only what is read. */
  readonly assigned: boolean;
  /** It is held by watermark alignment because it is ahead of this; null = it is not. */
  readonly aheadOfMs: number | null;
}

export interface PartitionNow {
  readonly topic: string;
  readonly partition: number;
  /** Of the last record read. */
  readonly offset: number;
  readonly eventMs: number | null;
  readonly atMs: number;
  readonly v: number;
  readonly s: number;
}

export interface StateEntry {
  readonly v: number;
  readonly s: number;
  readonly name: string;
  readonly key: unknown;
  readonly window: { readonly startMs: number; readonly endMs: number } | null;
  /** undefined = only its bytes tell. */
  readonly value: unknown;
  /** The event that made it so. */
  readonly seq: number;
}

export interface TimerEntry {
  readonly v: number;
  readonly s: number;
  readonly domain: "event" | "processing";
  readonly key: unknown;
  readonly timestampMs: number;
}

interface SubtaskSnapshot {
  readonly entries: readonly (readonly [string, StateEntry])[];
  readonly timers: readonly (readonly [string, TimerEntry])[];
}

/** Snapshots of checkpoints kept for a restart; older ones are never restored from. */
const KEPT_CHECKPOINTS = 4;

export class CursorState {
  readonly watermarks: Map<Place, number>;
  /** When the subtask's watermark came to where it is, processing time. */
  readonly watermarkSince: Map<Place, number>;
  /** Source subtasks that watermark alignment holds, and what they are ahead of. */
  readonly held: Map<Place, number>;
  readonly idle: Set<Place>;
  readonly channels: Map<string, ChannelNow>;
  readonly splits: Map<string, SplitNow>;
  readonly partitions: Map<string, PartitionNow>;
  readonly entries: Map<string, StateEntry>;
  readonly timers: Map<string, TimerEntry>;
  /** By checkpoint, then by subtask. */
  readonly #snapshots: Map<number, Map<Place, SubtaskSnapshot>>;
  jobStatus: string;
  attempt: number;
  /** When the job began to run, or to go down. */
  jobSinceMs: number | null;

  constructor(from?: CursorState) {
    this.watermarks = new Map(from?.watermarks);
    this.watermarkSince = new Map(from?.watermarkSince);
    this.held = new Map(from?.held);
    this.idle = new Set(from?.idle);
    this.channels = new Map(from?.channels);
    this.splits = new Map(from?.splits);
    this.partitions = new Map(from?.partitions);
    this.entries = new Map(from?.entries);
    this.timers = new Map(from?.timers);
    this.#snapshots = new Map([...(from === undefined ? [] : from.#snapshots)].map(([id, places]) => [id, new Map(places)]));
    this.jobStatus = from?.jobStatus ?? "created";
    this.attempt = from?.attempt ?? 0;
    this.jobSinceMs = from?.jobSinceMs ?? null;
  }

  apply(event: RecordingEvent, seq: number): void {
    switch (event.kind) {
      case "read": {
        const { topic, partition, offset, eventMs, v, s, t } = event;
        this.partitions.set(`${topic}-${partition}`, { topic, partition, offset, eventMs, atMs: t, v, s });
        const split = this.#splitRead(`${topic}-${partition}`, v, s);
        if (split !== null) {
          const before = this.splits.get(splitId(v, split))?.highestMs ?? null;
          this.#split(split, v, s, { lastMs: t, highestMs: eventMs === null || (before !== null && before > eventMs) ? before : eventMs });
        }
        return;
      }
      case "split":
        if (event.assigned) this.#split(event.split, event.v, event.s, { assigned: true });
        else this.splits.delete(splitId(event.v, event.split));
        return;
      case "aligned":
        if (event.split !== null) this.#split(event.split, event.v, event.s, { aheadOfMs: event.paused ? event.maxDesiredMs : null });
        else if (event.paused) this.held.set(placeOf(event.v, event.s), event.maxDesiredMs);
        else this.held.delete(placeOf(event.v, event.s));
        return;
      case "splitWatermark":
        if (!isMinTime(event.watermarkMs)) this.#split(event.split, event.v, event.s, { watermarkMs: event.watermarkMs });
        return;
      case "watermark":
        if (isMinTime(event.watermarkMs)) return;
        this.watermarks.set(placeOf(event.v, event.s), event.watermarkMs);
        this.watermarkSince.set(placeOf(event.v, event.s), event.t);
        return;
      case "idle":
        if (event.split !== null) this.#split(event.split, event.v, event.s, { idle: event.idle });
        else if (event.idle) this.idle.add(placeOf(event.v, event.s));
        else this.idle.delete(placeOf(event.v, event.s));
        return;
      case "channelWatermark":
        this.#channel(event, { watermarkMs: event.watermarkMs });
        return;
      case "channelIdle":
        this.#channel(event, { idle: event.idle });
        return;
      case "state": {
        const { v, s, name, key, window, value } = event;
        const id = entryId(v, s, name, key, window);
        if (event.present) this.entries.set(id, { v, s, name, key, window, value, seq });
        else this.entries.delete(id);
        return;
      }
      case "timerSet": {
        const { v, s, domain, key, timestampMs } = event;
        if (event.set) this.timers.set(timerId(event), { v, s, domain, key, timestampMs });
        else this.timers.delete(timerId(event));
        return;
      }
      case "timer":
        this.timers.delete(timerId(event));
        return;
      case "checkpoint":
        if (event.what === "barrier" && event.v !== null && event.s !== null) this.#keep(event.checkpoint, event.v, event.s);
        else if (event.what === "restored") this.#restore(event.checkpoint);
        return;
      case "job":
        this.jobStatus = event.what;
        this.attempt = event.attempt;
        if (event.what === "running" || event.what === "failing") this.jobSinceMs = event.t;
        if (event.what === "failing") this.#down();
        return;
    }
  }

  #split(split: string, v: number, s: number, now: Partial<SplitNow>): void {
    const id = splitId(v, split);
    const before = this.splits.get(id) ?? NEW_SPLIT;
    this.splits.set(id, { ...before, split, v, s, ...now });
  }

  /** Which split a record came from: sources that are no log call theirs otherwise. null = it cannot be told. */
  #splitRead(name: string, v: number, s: number): string | null {
    if (this.splits.has(splitId(v, name))) return name;
    const own = [...this.splits.values()].filter((split) => split.v === v && split.s === s && split.assigned);
    return own.length === 0 ? name : own.length === 1 ? own[0].split : null;
  }

  #channel({ v, s, from }: { v: number; s: number; from: { v: number; s: number } }, now: Partial<ChannelNow>): void {
    const id = `${v}/${s}<${from.v}/${from.s}`;
    const before = this.channels.get(id);
    this.channels.set(id, { watermarkMs: null, idle: false, ...before, v, s, fromV: from.v, fromS: from.s, ...now });
  }

  #keep(checkpoint: number, v: number, s: number): void {
    let places = this.#snapshots.get(checkpoint);
    if (places === undefined) {
      places = new Map();
      this.#snapshots.set(checkpoint, places);
      const oldest = this.#snapshots.keys().next().value;
      if (this.#snapshots.size > KEPT_CHECKPOINTS && oldest !== undefined) this.#snapshots.delete(oldest);
    }
    const ofTask = (entry: readonly [string, { readonly v: number; readonly s: number }]) => entry[1].v === v && entry[1].s === s;
    places.set(placeOf(v, s), { entries: [...this.entries].filter(ofTask), timers: [...this.timers].filter(ofTask) });
  }

  #restore(checkpoint: number): void {
    this.#down();
    for (const { entries, timers } of this.#snapshots.get(checkpoint)?.values() ?? []) {
      for (const [id, entry] of entries) this.entries.set(id, entry);
      for (const [id, timer] of timers) this.timers.set(id, timer);
    }
  }

  /** Nothing of what the tasks knew is left. */
  #down(): void {
    const { watermarks, watermarkSince, held, idle, channels, splits, entries, timers } = this;
    for (const part of [watermarks, watermarkSince, held, idle, channels, splits, entries, timers]) part.clear();
  }
}

const NEW_SPLIT = { watermarkMs: null, idle: false, lastMs: null, highestMs: null, assigned: false, aheadOfMs: null };

/** Two sources may read the same topic. */
const splitId = (v: number, split: string): string => `${v}/${split}`;

function entryId(v: number, s: number, name: string, key: unknown, window: StateEntry["window"]): string {
  return `${v}/${s}/${name}/${JSON.stringify(key)}/${window === null ? "" : `${window.startMs},${window.endMs}`}`;
}

function timerId({ v, s, domain, key, timestampMs }: TimerEntry): string {
  return `${v}/${s}/${domain}/${JSON.stringify(key)}/${timestampMs}`;
}
