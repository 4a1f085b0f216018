/**
 * What a run did, from one pass over its recording: records and what became of them, windows, transactions, checkpoints, writes, and which event
 * followed from which. Times are processing times in epoch ms, `seq` positions in the recording.
 */
import type { Recording, RecordingEvent } from "@millrace/engine/sim";
import { faultText } from "../visuals/plane-model.ts";
import { keyLabel } from "../visuals/record-key.ts";

export type Fate = "onTime" | "late" | "dropped" | "replayed";

export interface StageRecord {
  readonly seq: number;
  readonly atMs: number;
  readonly eventMs: number | null;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly value: unknown;
  readonly replay: boolean;
  fate: Fate;
}

export interface StageWindow {
  readonly v: number;
  readonly s: number;
  readonly key: string;
  startMs: number;
  endMs: number;
  readonly openedMs: number;
  /** Records that were put into it (seq of the assignment). */
  readonly assigned: number[];
  readonly fired: number[];
  closedMs: number | null;
  /** A crash took it before it was done. */
  lost: boolean;
}

export interface StageTransaction {
  readonly number: number;
  readonly id: string;
  readonly v: number | null;
  readonly s: number | null;
  readonly openMs: number;
  preCommittedMs: number | null;
  endMs: number | null;
  outcome: "open" | "committed" | "aborted";
  readonly writes: number[];
}

export type RowKind = "+I" | "-U" | "+U" | "-D";

/** The row is in the table from now on; the others take one out. */
export const puts = (kind: RowKind | null): boolean => kind === null || kind === "+I" || kind === "+U";

export interface StageWrite {
  readonly seq: number;
  readonly atMs: number;
  readonly v: number;
  readonly s: number;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly value: unknown;
  readonly transaction: StageTransaction | null;
  /** What the row does to the table that it is written to; null = it is a value, not a change. */
  readonly rowKind: RowKind | null;
  /** Of a record without value: the key that it is about; null = the value tells. */
  readonly key: string | null;
  /** The same value went to the same topic before: seq of the first write. */
  readonly again: number | null;
}

export interface StageCheckpoint {
  readonly number: number;
  readonly triggeredMs: number;
  readonly triggeredSeq: number;
  /** A subtask has the barrier of all its inputs. */
  readonly barriers: { readonly v: number; readonly s: number; readonly atMs: number; readonly seq: number }[];
  readonly snapshots: {
    readonly v: number;
    readonly s: number;
    readonly atMs: number;
    readonly bytes: number | null;
    /** Of these, records that were in flight (unaligned checkpoints). */
    readonly persistedBytes: number;
  }[];
  endMs: number | null;
  outcome: "open" | "completed" | "aborted";
  bytes: number | null;
  reason: string | null;
}

export interface Downtime {
  readonly fromMs: number;
  toMs: number | null;
  readonly reason: string;
  /** Checkpoint that the job came back from; null = none. */
  restored: number | null;
}

export interface StageFacts {
  readonly records: readonly StageRecord[];
  readonly recordBySeq: ReadonlyMap<number, StageRecord>;
  readonly windows: readonly StageWindow[];
  /** Window of an assignment, a firing or a refiring. */
  readonly windowBySeq: ReadonlyMap<number, StageWindow>;
  readonly transactions: readonly StageTransaction[];
  readonly writes: readonly StageWrite[];
  readonly writeBySeq: ReadonlyMap<number, StageWrite>;
  readonly checkpoints: readonly StageCheckpoint[];
  readonly downtimes: readonly Downtime[];
  /** Events that name this one as their cause. */
  readonly effects: ReadonlyMap<number, readonly number[]>;
}

export function stageFacts(recording: Recording): StageFacts {
  const { events } = recording;
  const records: StageRecord[] = [];
  const recordBySeq = new Map<number, StageRecord>();
  const windows: StageWindow[] = [];
  const open = new Map<string, StageWindow>();
  const windowBySeq = new Map<number, StageWindow>();
  const transactions = new Map<number, StageTransaction>();
  const writes: StageWrite[] = [];
  const writeBySeq = new Map<number, StageWrite>();
  const firstWrites = new Map<string, number>();
  const updated = new Set<string>();
  const checkpoints = new Map<number, StageCheckpoint>();
  const downtimes: Downtime[] = [];
  const effects = new Map<number, number[]>();
  let down: Downtime | null = null;
  let struck: string | null = null;

  /** Windows that a crash took, by their id. */
  const lost = new Map<string, StageWindow>();
  const restoredFrom = (v: number, s: number): { readonly atMs: number; readonly barrierMs: number } | null => {
    const last = downtimes.at(-1);
    if (last === undefined || last.restored === null || last.toMs === null) return null;
    const barrier = checkpoints.get(last.restored)?.barriers.find((place) => place.v === v && place.s === s);
    return barrier === undefined ? null : { atMs: last.toMs, barrierMs: barrier.atMs };
  };
  const windowId = (v: number, key: string, startMs: number, endMs: number) => `${v}\u0000${key}\u0000${startMs}\u0000${endMs}`;
  const windowOf = (e: { v: number; s: number; t: number; key: unknown; startMs: number; endMs: number }): StageWindow => {
    const key = keyLabel(e.key);
    const id = windowId(e.v, key, e.startMs, e.endMs);
    let found = open.get(id);
    if (found === undefined) {
      const { v, s, startMs, endMs } = e;
      const before = lost.get(id);
      const restored = before === undefined ? null : restoredFrom(v, s);
      // What it held at the checkpoint's barrier it holds again.
      const assigned = restored === null ? [] : (before?.assigned ?? []).filter((seq) => events[seq].t <= restored.barrierMs);
      const openedMs = assigned.length > 0 && restored !== null ? restored.atMs : e.t;
      found = { v, s, key, startMs, endMs, openedMs, assigned, fired: [], closedMs: null, lost: false };
      lost.delete(id);
      open.set(id, found);
      windows.push(found);
    }
    return found;
  };

  for (let seq = 0; seq < events.length; seq++) {
    const event = events[seq];
    if ("cause" in event && event.cause !== undefined) {
      const known = effects.get(event.cause);
      if (known === undefined) effects.set(event.cause, [seq]);
      else known.push(seq);
    }
    switch (event.kind) {
      case "read": {
        const { t: atMs, eventMs, topic, partition, offset, value, replay } = event;
        const record: StageRecord = { seq, atMs, eventMs, topic, partition, offset, value, replay, fate: replay ? "replayed" : "onTime" };
        records.push(record);
        recordBySeq.set(seq, record);
        break;
      }
      case "late": {
        const record = recordBySeq.get(readBehind(events, seq) ?? -1);
        if (record !== undefined) record.fate = "dropped";
        break;
      }
      case "window": {
        const window = windowOf(event);
        if (event.what === "purged") {
          window.closedMs = event.t;
          open.delete(windowId(window.v, window.key, window.startMs, window.endMs));
          break;
        }
        windowBySeq.set(seq, window);
        if (event.what === "assigned") window.assigned.push(seq);
        else window.fired.push(seq);
        if (event.what !== "refired") break;
        const record = recordBySeq.get(readBehind(events, seq) ?? -1);
        if (record !== undefined && record.fate === "onTime") record.fate = "late";
        break;
      }
      case "windowMerged": {
        const target = windowOf(event);
        const key = keyLabel(event.key);
        for (const part of event.merged) {
          const id = windowId(event.v, key, part.startMs, part.endMs);
          const merged = open.get(id);
          if (merged === undefined || merged === target) continue;
          open.delete(id);
          merged.closedMs = event.t;
          target.assigned.push(...merged.assigned);
          for (const assigned of merged.assigned) windowBySeq.set(assigned, target);
          if (merged.fired.length === 0) windows.splice(windows.lastIndexOf(merged), 1);
        }
        break;
      }
      case "write": {
        const { t: atMs, v, s, topic, partition, offset, value, rowKind = null, key = null } = event;
        const transaction = transactions.get(event.transaction) ?? null;
        transaction?.writes.push(seq);
        const id = `${topic}\u0000${JSON.stringify(value)}`;
        // In a table that is updated a row may well have a value for the second time.
        if (rowKind !== null && rowKind !== "+I") updated.add(topic);
        const again = updated.has(topic) ? null : (firstWrites.get(id) ?? null);
        if (again === null) firstWrites.set(id, seq);
        const write: StageWrite = { seq, atMs, v, s, topic, partition, offset, value, transaction, rowKind, key, again };
        writes.push(write);
        writeBySeq.set(seq, write);
        break;
      }
      case "transaction": {
        const { transaction: number, id, v, s, t } = event;
        let transaction = transactions.get(number);
        if (transaction === undefined) {
          transaction = { number, id, v, s, openMs: t, preCommittedMs: null, endMs: null, outcome: "open", writes: [] };
          transactions.set(number, transaction);
        }
        if (event.what === "preCommitted") transaction.preCommittedMs ??= t;
        else if (event.what !== "open") {
          transaction.outcome = event.what;
          transaction.endMs = t;
        }
        break;
      }
      case "checkpoint":
        applyCheckpoint(checkpoints, event, seq);
        // Told once the job runs again.
        if (event.what === "restored") restoredTo(downtimes.at(-1), event.checkpoint);
        break;
      case "fault":
        struck = faultText(event.what, event.taskManager);
        break;
      case "job":
        if ((event.what === "failing" || event.what === "failed") && down === null) {
          down = { fromMs: event.t, toMs: null, reason: struck ?? event.reason ?? event.what, restored: null };
          downtimes.push(down);
          for (const [id, window] of open) {
            window.closedMs = event.t;
            window.lost = true;
            lost.set(id, window);
          }
          open.clear();
          struck = null;
        } else if (event.what === "running" && down !== null) {
          down.toMs = event.t;
          down = null;
        }
        break;
    }
  }
  return {
    records,
    recordBySeq,
    windows,
    windowBySeq,
    transactions: [...transactions.values()],
    writes,
    writeBySeq,
    checkpoints: [...checkpoints.values()],
    downtimes,
    effects,
  };
}

function restoredTo(downtime: Downtime | undefined, checkpoint: number): void {
  if (downtime !== undefined) downtime.restored ??= checkpoint;
}

function applyCheckpoint(
  checkpoints: Map<number, StageCheckpoint>,
  event: Extract<RecordingEvent, { kind: "checkpoint" }>,
  seq: number,
): void {
  const { checkpoint: number, t, v, s } = event;
  let known = checkpoints.get(number);
  if (known === undefined) {
    if (event.what !== "triggered") return;
    known = {
      number,
      triggeredMs: t,
      triggeredSeq: seq,
      barriers: [],
      snapshots: [],
      endMs: null,
      outcome: "open",
      bytes: null,
      reason: null,
    };
    checkpoints.set(number, known);
  }
  if (event.what === "barrier" && v !== null && s !== null) known.barriers.push({ v, s, atMs: t, seq });
  else if (event.what === "snapshot" && v !== null && s !== null)
    known.snapshots.push({ v, s, atMs: t, bytes: event.bytes, persistedBytes: event.persistedBytes ?? 0 });
  else if (event.what === "completed" || event.what === "aborted") {
    known.outcome = event.what;
    known.endMs = t;
    known.bytes = event.bytes;
    known.reason = event.reason;
  }
}

/** The read that an event goes back to, over windows and timers; null = not known. */
export function readBehind(events: readonly RecordingEvent[], seq: number): number | null {
  for (let at = seq, steps = 0; steps < 16; steps++) {
    const event = events[at];
    if (event.kind === "read") return at;
    if (!("cause" in event) || event.cause === undefined || event.cause >= at) return null;
    at = event.cause;
  }
  return null;
}
