/**
 * From a recording to the figure every streaming book draws: event time up, processing time right.
 *
 * One pass over the events, no pixels. Records are where they were read; what became of them is found afterwards, since a recording
 * says "late" at the operator that noticed, not at the record: a `late` event belongs to the newest earlier read with the same event
 * time (and value, where it was not mapped on the way), a refiring to the newest earlier read inside its window.
 */
import type { Recording } from "@millrace/engine/sim";
import { isMaxTime, isMinTime } from "./format-time.ts";
import { bandsOverKeys, type PlaneWindow, WindowLives } from "./plane-windows.ts";
import { keyLabel, keyReader, keysOf } from "./record-key.ts";

export type RecordFate = "onTime" | "late" | "dropped" | "replayed";

export interface PlaneRecord {
  readonly processingMs: number;
  readonly eventMs: number;
  readonly fate: RecordFate;
  /** For dropped records: the side output they went to; null = nowhere. */
  readonly lateTo: string | null;
  readonly key: string | null;
  /** False when a key is chosen and this record has another one. */
  readonly selected: boolean;
  readonly topic: string;
  /** "partition:offset", empty when only the late event is known. */
  readonly position: string;
  readonly value: unknown;
}

export interface StepPoint {
  readonly processingMs: number;
  /** Infinity at the end of input. */
  readonly watermarkMs: number;
}

/** A watermark's line; it breaks where the job was down. */
export interface WatermarkLine {
  readonly split: string | null;
  readonly pieces: readonly (readonly StepPoint[])[];
}

export interface PlaneBarrier {
  readonly processingMs: number;
  readonly checkpoint: number;
  readonly outcome: "completed" | "aborted" | "open";
}

export interface PlaneDowntime {
  readonly fromMs: number;
  /** Null = it never came back. */
  readonly toMs: number | null;
  readonly reason: string;
}

export interface PlaneModel {
  readonly records: readonly PlaneRecord[];
  readonly recordsTotal: number;
  readonly watermark: WatermarkLine | null;
  readonly splitWatermarks: readonly WatermarkLine[];
  readonly windows: readonly PlaneWindow[];
  readonly windowsTotal: number;
  readonly barriers: readonly PlaneBarrier[];
  readonly downtimes: readonly PlaneDowntime[];
  /** Keys to filter by; empty when there are none or records cannot be told apart. */
  readonly keys: readonly string[];
  readonly key: string | null;
  /** True when sessions merge: one key at a time tells more. */
  readonly mergesWindows: boolean;
  readonly processing: Extent;
  readonly event: Extent;
  /** The recording itself was cut at its limit. */
  readonly truncated: boolean;
}

export interface Extent {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface PlaneOptions {
  /** Show this key's windows and pale all other records; null = all. */
  readonly key?: string | null;
  /** Most marks (records) and most bands drawn; late, dropped and replayed records are kept first. Default 2,000. */
  readonly maxMarks?: number;
}

interface MutableRecord {
  processingMs: number;
  eventMs: number;
  fate: RecordFate;
  lateTo: string | null;
  key: string | null;
  topic: string;
  position: string;
  value: unknown;
}

const DEFAULT_MAX_MARKS = 2_000;

export function planeModel(recording: Recording, options: PlaneOptions = {}): PlaneModel {
  const maxMarks = options.maxMarks ?? DEFAULT_MAX_MARKS;
  const keys = keysOf(recording);
  const readKey = keyReader(recording, keys);
  const key = options.key != null && keys.includes(options.key) ? options.key : null;

  const records: MutableRecord[] = [];
  const byEventTime = new Map<number, MutableRecord[]>();
  const lives = new WindowLives();
  const barriers = new Map<number, { processingMs: number; checkpoint: number; outcome: PlaneBarrier["outcome"] }>();
  const downtimes: { fromMs: number; toMs: number | null; reason: string }[] = [];
  const watermarkVertex = vertexToShow(recording);
  const watermark = new MinimumLine(recording.vertices.find((v) => v.id === watermarkVertex)?.parallelism ?? 1);
  const splits = new Map<string, PieceLine>();
  let down: { fromMs: number; toMs: number | null; reason: string } | null = null;
  let faultReason: string | null = null;
  let mergesWindows = false;
  let lastMs = Number.NEGATIVE_INFINITY;

  for (const event of recording.events) {
    lastMs = Math.max(lastMs, event.t);
    switch (event.kind) {
      case "read": {
        if (event.eventMs === null) break;
        const record: MutableRecord = {
          processingMs: event.t,
          eventMs: event.eventMs,
          fate: event.replay ? "replayed" : "onTime",
          lateTo: null,
          key: readKey === null ? null : readKey(event.value),
          topic: event.topic,
          position: `${event.partition}:${event.offset}`,
          value: event.value,
        };
        records.push(record);
        const same = byEventTime.get(record.eventMs);
        if (same === undefined) byEventTime.set(record.eventMs, [record]);
        else same.push(record);
        break;
      }
      case "late": {
        const source = sourceOfLate(byEventTime.get(event.eventMs), event.t, event.value);
        if (source === null) {
          records.push({
            processingMs: event.t,
            eventMs: event.eventMs,
            fate: "dropped",
            lateTo: event.to,
            key: readKey === null ? null : readKey(event.value),
            topic: "",
            position: "",
            value: event.value,
          });
        } else {
          source.fate = "dropped";
          source.lateTo = event.to;
        }
        break;
      }
      case "watermark":
        if (event.v === watermarkVertex) watermark.add(event.t, event.s, event.watermarkMs);
        break;
      case "splitWatermark": {
        let line = splits.get(event.split);
        if (line === undefined) {
          line = new PieceLine();
          splits.set(event.split, line);
        }
        line.add(event.t, event.watermarkMs);
        break;
      }
      case "window":
        if (event.what === "assigned") lives.assigned(event.t, event.v, event.key, event.startMs, event.endMs);
        else if (event.what === "purged") lives.purged(event.t, event.v, event.key, event.startMs, event.endMs);
        else {
          lives.fired(event.t, event.v, event.key, event.startMs, event.endMs, event.what === "refired");
          if (event.what === "refired") {
            const cause = causeOfRefiring(records, event.t, event.startMs, event.endMs, readKey === null ? null : keyLabel(event.key));
            if (cause !== null) cause.fate = "late";
          }
        }
        break;
      case "windowMerged":
        mergesWindows = true;
        lives.merged(event.t, event.v, event.key, event.startMs, event.endMs, event.merged);
        break;
      case "checkpoint": {
        if (event.what === "triggered") {
          barriers.set(event.checkpoint, { processingMs: event.t, checkpoint: event.checkpoint, outcome: "open" });
        } else if (event.what === "completed" || event.what === "aborted") {
          const barrier = barriers.get(event.checkpoint);
          if (barrier !== undefined) barrier.outcome = event.what;
        }
        break;
      }
      case "fault":
        faultReason = faultText(event.what, event.taskManager);
        break;
      case "job":
        if (event.what === "failing" || event.what === "failed") {
          if (down === null) {
            down = { fromMs: event.t, toMs: null, reason: faultReason ?? event.reason ?? event.what };
            downtimes.push(down);
            lives.jobDown(event.t);
            watermark.stop(event.t);
            for (const line of splits.values()) line.stop(event.t);
          }
          faultReason = null;
        } else if (event.what === "running" && down !== null) {
          down.toMs = event.t;
          down = null;
          lives.jobRunning(event.t);
        }
        break;
    }
  }
  if (down === null) {
    watermark.stop(lastMs);
    for (const line of splits.values()) line.stop(lastMs);
  }

  const allWindows = lives.list();
  const shownWindows = key === null ? bandsOverKeys(allWindows) : allWindows.filter((w) => w.key === key);
  const windows = shownWindows.slice(0, maxMarks);
  const drawn = thin(records, maxMarks);
  const watermarkLine = watermark.line();
  return {
    records: drawn.map((r) => ({ ...r, selected: key === null || r.key === null || r.key === key })),
    recordsTotal: records.length,
    watermark: watermarkLine.length === 0 ? null : { split: null, pieces: watermarkLine },
    splitWatermarks: splits.size < 2 ? [] : [...splits].map(([split, line]) => ({ split, pieces: line.pieces })),
    windows,
    windowsTotal: shownWindows.length,
    barriers: [...barriers.values()].slice(0, maxMarks),
    downtimes,
    keys: readKey === null && allWindows.length === 0 ? [] : keys,
    key,
    mergesWindows,
    processing: extentOfProcessing(drawn, windows, downtimes, lastMs),
    event: extentOfEvents(drawn, windows),
    truncated: recording.truncated,
  };
}

/** As scenarios write it: task managers are counted from 1 there, from 0 in the recording. */
export function faultText(what: string, taskManager: number | null): string {
  if (what === "crashJobManager") return "crash jm";
  if (what === "crashTaskManager" && taskManager !== null) return `crash tm ${taskManager + 1}`;
  return taskManager === null ? what : `${what}, tm ${taskManager + 1}`;
}

/** The watermark that decides lateness is the one at the operator with the windows (or timers); a job without them shows its last. */
function vertexToShow(recording: Recording): number | null {
  const weight = new Map<number, number>();
  let last: number | null = null;
  for (const event of recording.events) {
    if (event.kind === "window" || event.kind === "late") weight.set(event.v, (weight.get(event.v) ?? 0) + 1_000);
    else if (event.kind === "timer") weight.set(event.v, (weight.get(event.v) ?? 0) + 1);
    else if (event.kind === "watermark" && (last === null || event.v > last)) last = event.v;
  }
  let best: number | null = null;
  for (const [vertex, count] of weight) if (best === null || count > (weight.get(best) ?? 0)) best = vertex;
  return best ?? last;
}

function sourceOfLate(candidates: MutableRecord[] | undefined, t: number, value: unknown): MutableRecord | null {
  if (candidates === undefined) return null;
  const text = JSON.stringify(value);
  let fallback: MutableRecord | null = null;
  for (let i = candidates.length - 1; i >= 0; i--) {
    const candidate = candidates[i];
    if (candidate.processingMs > t || candidate.fate === "dropped") continue;
    if (JSON.stringify(candidate.value) === text) return candidate;
    fallback ??= candidate;
  }
  return fallback;
}

function causeOfRefiring(records: MutableRecord[], t: number, startMs: number, endMs: number, key: string | null): MutableRecord | null {
  // The cause was read shortly before; a look further back than this would find another record's.
  for (let i = records.length - 1, steps = 0; i >= 0 && steps < 5_000; i--, steps++) {
    const record = records[i];
    if (record.processingMs > t || record.eventMs < startMs || record.eventMs >= endMs) continue;
    if (key !== null && record.key !== null && record.key !== key) continue;
    return record.fate === "onTime" ? record : null;
  }
  return null;
}

/** All late, dropped and replayed records, and evenly chosen ones among the rest. */
function thin(records: MutableRecord[], max: number): MutableRecord[] {
  if (records.length <= max) return records;
  const special = records.filter((r) => r.fate !== "onTime");
  if (special.length >= max) return special.slice(0, max);
  const plain = records.length - special.length;
  const keep = max - special.length;
  let seen = 0;
  return records.filter((r) => {
    if (r.fate !== "onTime") return true;
    const take = Math.floor(((seen + 1) * keep) / plain) > Math.floor((seen * keep) / plain);
    seen++;
    return take;
  });
}

/** A line in pieces; equal neighbours are left out. */
class PieceLine {
  readonly pieces: StepPoint[][] = [];
  #current: StepPoint[] | null = null;

  add(processingMs: number, watermarkMs: number): void {
    if (isMinTime(watermarkMs)) return;
    const value = isMaxTime(watermarkMs) ? Number.POSITIVE_INFINITY : watermarkMs;
    if (this.#current === null) {
      this.#current = [];
      this.pieces.push(this.#current);
    }
    const last = this.#current[this.#current.length - 1];
    if (last !== undefined && last.watermarkMs === value) return;
    this.#current.push({ processingMs, watermarkMs: value });
  }

  /** Ends the piece with a level stretch up to `processingMs`. */
  stop(processingMs: number): void {
    const last = this.#current?.[this.#current.length - 1];
    if (last !== undefined && last.processingMs < processingMs) {
      this.#current?.push({ processingMs, watermarkMs: last.watermarkMs });
    }
    this.#current = null;
  }
}

/** The minimum over the subtasks of one vertex; nothing before all of them have a watermark. */
class MinimumLine {
  readonly #line = new PieceLine();
  readonly #bySubtask = new Map<number, number>();
  readonly #parallelism: number;

  constructor(parallelism: number) {
    this.#parallelism = parallelism;
  }

  add(processingMs: number, subtask: number, watermarkMs: number): void {
    this.#bySubtask.set(subtask, watermarkMs);
    if (this.#bySubtask.size < this.#parallelism) return;
    this.#line.add(processingMs, Math.min(...this.#bySubtask.values()));
  }

  stop(processingMs: number): void {
    this.#line.stop(processingMs);
    this.#bySubtask.clear();
  }

  line(): readonly (readonly StepPoint[])[] {
    return this.#line.pieces;
  }
}

function extentOfProcessing(
  records: readonly MutableRecord[],
  windows: readonly PlaneWindow[],
  downtimes: readonly PlaneDowntime[],
  lastMs: number,
): Extent {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  const see = (ms: number | null) => {
    if (ms === null) return;
    from = Math.min(from, ms);
    to = Math.max(to, ms);
  };
  for (const record of records) see(record.processingMs);
  for (const window of windows) {
    see(window.steps[0].fromMs);
    see(window.firedMs);
    for (const ms of window.refiredMs) see(ms);
  }
  for (const downtime of downtimes) {
    see(downtime.fromMs);
    see(downtime.toMs);
  }
  if (from > to) return Number.isFinite(lastMs) ? { fromMs: lastMs - 1_000, toMs: lastMs } : { fromMs: 0, toMs: 1_000 };
  return from === to ? { fromMs: from - 500, toMs: to + 500 } : { fromMs: from, toMs: to };
}

function extentOfEvents(records: readonly MutableRecord[], windows: readonly PlaneWindow[]): Extent {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const record of records) {
    from = Math.min(from, record.eventMs);
    to = Math.max(to, record.eventMs);
  }
  if (from > to) return { fromMs: 0, toMs: 1_000 };
  // Bands may reach beyond the records, but a window of a day must not squeeze ten seconds of records into a line.
  const span = Math.max(to - from, 1);
  let low = from;
  let high = to;
  for (const window of windows) {
    for (const step of window.steps) {
      if (step.startMs >= from - span) low = Math.min(low, step.startMs);
      if (step.endMs <= to + span) high = Math.max(high, step.endMs);
    }
  }
  return low === high ? { fromMs: low - 500, toMs: high + 500 } : { fromMs: low, toMs: high };
}
