/**
 * What became of a record, and where an output comes from. Facts only; the sentences are made of them elsewhere.
 *
 * Everything is read off the recording's causes. Where a recording has none (it was made by an older engine, or a part was left out), less is told,
 * and nothing is guessed.
 */
import type { RecordingEvent } from "@millrace/engine/sim";
import { keyLabel } from "../visuals/record-key.ts";
import { readBehind, type StageFacts, type StageRecord, type StageWindow, type StageWrite } from "./stage-facts.ts";
import type { StageIndex } from "./stage-index.ts";

type Late = Extract<RecordingEvent, { kind: "late" }>;

/** A window that the record would have belonged to, and why it was too late for it. */
export interface MissedWindow {
  readonly key: string | null;
  readonly startMs: number;
  readonly endMs: number;
  /** When it fired first; null = it never did. */
  readonly firedMs: number | null;
  readonly purgedMs: number | null;
}

export type RecordStory =
  | {
      readonly kind: "late";
      readonly record: StageRecord;
      readonly watermarkMs: number;
      /** How far behind the watermark it came. */
      readonly behindMs: number;
      /** Side output that it went to; null = dropped. */
      readonly to: string | null;
      readonly window: MissedWindow | null;
    }
  | {
      readonly kind: "windows";
      readonly record: StageRecord;
      readonly windows: readonly StageWindow[];
      readonly writes: readonly StageWrite[];
    }
  | { readonly kind: "written"; readonly record: StageRecord; readonly writes: readonly StageWrite[] }
  | { readonly kind: "state"; readonly record: StageRecord; readonly names: readonly string[]; readonly timers: readonly number[] }
  /** It went no further than the operators that read it: filtered, or taken by something that tells nothing. */
  | { readonly kind: "nothing"; readonly record: StageRecord; readonly lostInCrash: boolean };

export function storyOf(index: StageIndex, facts: StageFacts, seq: number): RecordStory | null {
  const record = facts.recordBySeq.get(seq);
  if (record === undefined) return null;
  const effects = effectsOf(facts, seq);
  const late = effects.map((effect) => index.events[effect]).find((event): event is Late => event.kind === "late");
  const windows = new Set<StageWindow>();
  const writes: StageWrite[] = [];
  const names = new Set<string>();
  const timers: number[] = [];
  for (const effect of effects) {
    const event = index.events[effect];
    const window = facts.windowBySeq.get(effect);
    if (window !== undefined) windows.add(window);
    const write = facts.writeBySeq.get(effect);
    if (write !== undefined) writes.push(write);
    if (event.kind === "state" && event.present) names.add(event.name);
    if (event.kind === "timerSet" && event.set) timers.push(event.timestampMs);
  }
  if (late !== undefined && windows.size === 0) {
    const { watermarkMs, eventMs, to } = late;
    const window = missedWindow(index, facts, late);
    return { kind: "late", record, watermarkMs, behindMs: watermarkMs - eventMs, to, window };
  }
  if (windows.size > 0) {
    const own = [...windows];
    const after = own.flatMap((window) => window.fired.flatMap((fired) => writesOf(facts, fired)));
    return { kind: "windows", record, windows: own, writes: distinct([...after, ...writes]) };
  }
  if (writes.length > 0) return { kind: "written", record, writes };
  if (names.size > 0 || timers.length > 0) return { kind: "state", record, names: [...names], timers };
  const lostInCrash = facts.downtimes.some(({ fromMs }) => fromMs >= record.atMs && fromMs - record.atMs < 50);
  return { kind: "nothing", record, lostInCrash };
}

/** The window that would have taken it: of the same operator, over its event time, of its key when the keys tell. */
function missedWindow(index: StageIndex, facts: StageFacts, late: Late): MissedWindow | null {
  const over = facts.windows.filter(
    ({ v, startMs, endMs, openedMs }) => v === late.v && startMs <= late.eventMs && late.eventMs < endMs && openedMs <= late.t,
  );
  if (over.length === 0) return null;
  const labels = late.value !== null && typeof late.value === "object" ? new Set(Object.values(late.value).map(keyLabel)) : null;
  const own = over.filter(({ key }) => labels?.has(key) === true);
  const from = own.length > 0 ? own : over;
  const window = from[from.length - 1];
  const fired = window.fired[0];
  return {
    key: own.length > 0 ? window.key : null,
    startMs: window.startMs,
    endMs: window.endMs,
    firedMs: fired === undefined ? null : index.timeOf(fired),
    purgedMs: window.closedMs,
  };
}

export interface WriteStory {
  readonly write: StageWrite;
  /** What it came out of; null = not known. */
  readonly from:
    | { readonly kind: "window"; readonly window: StageWindow; readonly firedMs: number; readonly again: boolean }
    | { readonly kind: "timer"; readonly timestampMs: number; readonly key: string }
    | { readonly kind: "record" }
    /** Of a record and of what operators had kept of earlier ones for its key. */
    | { readonly kind: "state"; readonly key: string }
    | null;
  /** Records that it was made of, in the order in which they were read. */
  readonly inputs: readonly StageRecord[];
  /** The other writes of the same value to the same topic. */
  readonly copies: readonly StageWrite[];
  /** When a read_committed consumer sees it; null = never. A write outside a transaction is seen at once. */
  readonly committedMs: number | null;
}

export function writeStory(index: StageIndex, facts: StageFacts, seq: number): WriteStory | null {
  const write = facts.writeBySeq.get(seq);
  if (write === undefined) return null;
  const first = write.again ?? write.seq;
  const copies = facts.writes.filter((other) => other !== write && (other.seq === first || other.again === first));
  const { transaction } = write;
  const committedMs = transaction === null ? write.atMs : transaction.outcome === "committed" ? transaction.endMs : null;
  return { write, copies, committedMs, ...originOf(index, facts, seq) };
}

function originOf(index: StageIndex, facts: StageFacts, seq: number): Pick<WriteStory, "from" | "inputs"> {
  for (let at = seq, steps = 0; steps < 16; steps++) {
    const event = index.events[at];
    if (event.kind === "window") {
      const window = facts.windowBySeq.get(at);
      if (window === undefined) break;
      const reads = window.assigned.filter((assigned) => assigned < at).map((assigned) => readBehind(index.events, assigned));
      const from = { kind: "window", window, firedMs: index.timeOf(at), again: event.what === "refired" } as const;
      return { from, inputs: recordsOf(facts, reads) };
    }
    if (event.kind === "timer") {
      return {
        from: { kind: "timer", timestampMs: event.timestampMs, key: keyLabel(event.key) },
        inputs: readsOfState(index, facts, event, at),
      };
    }
    if (event.kind === "read") {
      const state = (facts.effects.get(at) ?? [])
        .map((effect) => index.events[effect])
        .find((effect) => effect.kind === "state" && effect.present);
      const kept = state?.kind === "state" ? readsOfState(index, facts, state, seq) : [];
      if (state?.kind !== "state" || kept.length < 2) return { from: { kind: "record" }, inputs: recordsOf(facts, [at]) };
      return { from: { kind: "state", key: keyLabel(state.key) }, inputs: kept };
    }
    if (!("cause" in event) || event.cause === undefined || event.cause >= at) break;
    at = event.cause;
  }
  return { from: null, inputs: [] };
}

/** What was put into state for a key since the key last had none; of a timer, who set it too. */
function readsOfState(
  index: StageIndex,
  facts: StageFacts,
  timer: Extract<RecordingEvent, { kind: "timer" | "state" }>,
  seq: number,
): StageRecord[] {
  const key = JSON.stringify(timer.key);
  const reads: (number | null)[] = [];
  const held = new Set<string>();
  for (let at = 0; at < seq; at++) {
    const event = index.events[at];
    if ((event.kind !== "state" && event.kind !== "timerSet") || event.v !== timer.v || JSON.stringify(event.key) !== key) continue;
    if (event.kind === "timerSet") {
      if (event.set && timer.kind === "timer" && event.timestampMs === timer.timestampMs) reads.push(readBehind(index.events, at));
      continue;
    }
    if (event.present) held.add(event.name);
    else held.delete(event.name);
    if (held.size === 0) reads.length = 0;
    else reads.push(readBehind(index.events, at));
  }
  return recordsOf(facts, reads);
}

function recordsOf(facts: StageFacts, seqs: readonly (number | null)[]): StageRecord[] {
  return [...new Set(seqs)].map((seq) => facts.recordBySeq.get(seq ?? -1)).filter((record) => record !== undefined);
}

/** Everything that goes back to this event. */
function effectsOf(facts: StageFacts, seq: number): number[] {
  const found: number[] = [];
  const queue = [seq];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const effect of facts.effects.get(next) ?? []) {
      found.push(effect);
      queue.push(effect);
    }
  }
  return found.sort((a, b) => a - b);
}

function writesOf(facts: StageFacts, seq: number): StageWrite[] {
  return effectsOf(facts, seq)
    .map((effect) => facts.writeBySeq.get(effect))
    .filter((write) => write !== undefined);
}

const distinct = (writes: readonly StageWrite[]) => [...new Set(writes)].sort((a, b) => a.seq - b.seq);
