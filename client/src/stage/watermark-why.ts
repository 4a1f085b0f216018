/**
 * Why a subtask's watermark does not move: one cause, with its place. From the subtask one goes to the input that holds it back, from there to that one's
 * sender, and so on, until the watermark is found waiting (in a channel), or at the source until a split is found whose records are missing, too old, or
 * not allowed to be read.
 */
import type { RecordedWatermarks } from "@millrace/engine/sim";
import { isMaxTime } from "../visuals/format-time.ts";
import type { CursorState, SplitNow } from "./cursor-state.ts";
import type { QueueNow } from "./queue-index.ts";
import type { LoadNow } from "./stage-index.ts";
import type { StageRun } from "./stage-run.ts";
import { type Holding, makesInside, splitsOf, watermarkHolding } from "./watermark-holder.ts";

export interface PlaceRef {
  readonly v: number;
  readonly s: number;
}

/** Idle timeout in ms; null = withIdleness is not set; undefined = the recording is too old to tell. */
type IdleTimeout = number | null | undefined;

export type WatermarkCause =
  | { readonly kind: "ended" }
  /** The job is not running. */
  | { readonly kind: "down"; readonly sinceMs: number; readonly reason: string | null }
  | { readonly kind: "allIdle"; readonly at: PlaceRef }
  /** It lies in a channel behind other elements. `busy`: the receiver's share of the last second. */
  | { readonly kind: "queued"; readonly queue: QueueNow; readonly sentMs: number; readonly busy: number | null }
  /** It lies in a channel that waits for the barriers of others. */
  | { readonly kind: "blocked"; readonly queue: QueueNow; readonly sentMs: number; readonly checkpoint: number | null }
  /** `next`: why it goes no further than that; null = the recording does not tell. */
  | { readonly kind: "onItsWay"; readonly from: PlaceRef; readonly sentMs: number; readonly next: WatermarkCause | null }
  /** The source cannot give out what it would read: a channel behind it is full. `share`: of the last second that it had to wait. */
  | {
      readonly kind: "backPressured";
      readonly at: PlaceRef;
      readonly queue: QueueNow;
      readonly share: number | null;
      readonly busy: number | null;
    }
  /** Made by `assignTimestampsAndWatermarks` in the middle of a chain, out of the records that come by there. */
  | { readonly kind: "inside"; readonly at: PlaceRef; readonly watermarks: RecordedWatermarks | null }
  | { readonly kind: "noWatermarks"; readonly at: PlaceRef }
  /** No split is read by this source subtask. */
  | { readonly kind: "noSplit"; readonly at: PlaceRef; readonly idleTimeoutMs: IdleTimeout }
  | { readonly kind: "unread"; readonly split: string; readonly idleTimeoutMs: IdleTimeout }
  /** Its records have no event time. */
  | { readonly kind: "untimed"; readonly split: string }
  /** Records were read, and the generator has made no watermark of them. */
  | { readonly kind: "notMade"; readonly split: string; readonly highestMs: number }
  | {
      readonly kind: "silent";
      readonly split: string;
      readonly sinceMs: number;
      /** Nothing has come from any other split since, either. */
      readonly everywhere: boolean;
      readonly idleTimeoutMs: IdleTimeout;
      readonly highestMs: number | null;
      /** Least watermark of the other splits of the source that count; null = there are none. */
      readonly othersMs: number | null;
    }
  /** Watermark alignment holds the split (null: the source subtask). */
  | {
      readonly kind: "paused";
      readonly at: PlaceRef;
      readonly split: string | null;
      /** What it was ahead of when it was stopped. */
      readonly aheadOfMs: number;
      readonly group: string | null;
      readonly maxDriftMs: number | null;
      /** The source subtask of the group that is furthest behind. */
      readonly slowest: (PlaceRef & { readonly watermarkMs: number }) | null;
    }
  /** It was idle while the others went on; a watermark never falls. */
  | { readonly kind: "woke"; readonly split: string; readonly splitMs: number }
  /** Records come, but the highest event time is not higher than it was. */
  | {
      readonly kind: "bound";
      readonly split: string;
      readonly highestMs: number;
      readonly readMs: number;
      /** How far the split's watermark stays behind it. */
      readonly lagMs: number;
      /** As the program has set it; null = a generator decides, or it is not known. */
      readonly boundMs: number | null;
      readonly othersMs: number | null;
    };

export interface WatermarkWhy extends PlaceRef {
  /** null = none yet. */
  readonly watermarkMs: number | null;
  /** When it came to where it is; without one, when the job began to run. null = not known. */
  readonly sinceMs: number | null;
  /** From the sender that holds it back to the one where the cause is; empty = the cause is at the subtask itself. */
  readonly path: readonly PlaceRef[];
  /** null = the recording does not tell. */
  readonly cause: WatermarkCause | null;
  /** When something happens again; null = soon, or never. */
  readonly quietUntilMs: number | null;
  readonly holding: Holding;
}

/** Flink calls that HIGH. */
const BACK_PRESSURED_FROM = 0.5;
/** Nothing for so long is silence. */
const SILENT_FROM_MS = 3_000;

export function watermarkWhy(run: StageRun, seq: number, v: number, s: number): WatermarkWhy {
  const state = run.index.stateAt(seq);
  const holding = watermarkHolding(run.index, state, v, s);
  const { watermarkMs } = holding;
  const sinceMs = watermarkMs === null ? state.jobSinceMs : (state.watermarkSince.get(`${v}/${s}`) ?? null);
  const nowMs = run.index.timeOf(seq);
  const nextMs = seq + 1 < run.index.length ? run.index.timeOf(seq + 1) : nowMs;
  const base = { v, s, watermarkMs, sinceMs, holding, quietUntilMs: nextMs - nowMs >= SILENT_FROM_MS ? nextMs : null };
  if (state.jobStatus === "failing" || state.jobStatus === "restarting") {
    const downtime = run.facts.downtimes.findLast(({ fromMs }) => fromMs <= nowMs);
    return {
      ...base,
      sinceMs: null,
      path: [],
      cause: { kind: "down", sinceMs: state.jobSinceMs ?? run.index.fromMs, reason: downtime?.reason ?? null },
    };
  }
  const path: PlaceRef[] = [];
  for (let at = holding; ; ) {
    const step = causeAt(run, state, seq, at);
    if (step.cause !== undefined) return { ...base, path, cause: step.cause };
    path.push({ v: step.next.v, s: step.next.s });
    at = step.next;
  }
}

type Step = { readonly cause: WatermarkCause | null; readonly next?: undefined } | { readonly cause?: undefined; readonly next: Holding };

function causeAt(run: StageRun, state: CursorState, seq: number, at: Holding): Step {
  const { v, s } = at;
  if (at.watermarkMs !== null && isMaxTime(at.watermarkMs)) return { cause: { kind: "ended" } };
  if (makesInside(run.index, v) && at.inputs.length > 0 && at.because === null) return { cause: insideCause(run, at) };
  if (at.reason === "allIdle") return { cause: { kind: "allIdle", at: { v, s } } };
  const held = at.inputs.find(({ holds }) => holds);
  if (held === undefined || held.from === null) return { cause: sourceCause(run, state, seq, at) };
  const { from, sentMs, watermarkMs } = held;
  if (sentMs !== null && (watermarkMs === null || sentMs > watermarkMs)) {
    const queue = run.queues.into(v, s, seq).find(({ channel }) => channel.from.v === from.v && channel.from.s === from.s);
    if (queue?.blocked === true) return { cause: { kind: "blocked", queue, sentMs, checkpoint: checkpointAt(run, seq) } };
    if (queue !== undefined && queue.size > 0) return { cause: { kind: "queued", queue, sentMs, busy: busyOf(run, seq, v, s) } };
    const next = at.because === null ? null : (causeAt(run, state, seq, at.because).cause ?? null);
    return { cause: { kind: "onItsWay", from, sentMs, next } };
  }
  if (makesInside(run.index, from.v)) return { cause: insideCause(run, from) };
  return at.because === null ? { cause: null } : { next: at.because };
}

function insideCause(run: StageRun, { v, s }: PlaceRef): WatermarkCause {
  return { kind: "inside", at: { v, s }, watermarks: run.index.recording.vertices.find(({ id }) => id === v)?.watermarks ?? null };
}

/** At the source: its splits decide. */
function sourceCause(run: StageRun, state: CursorState, seq: number, { v, s, watermarkMs }: Holding): WatermarkCause | null {
  const strategy = run.index.recording.vertices.find(({ id }) => id === v)?.watermarks;
  if (strategy?.none === true) return { kind: "noWatermarks", at: { v, s } };
  const idleTimeoutMs = strategy === undefined ? undefined : strategy.idleTimeoutMs;
  const heldMs = state.held.get(`${v}/${s}`);
  if (heldMs !== undefined) return pausedCause(run, state, { v, s }, null, heldMs, strategy);
  const splits = splitsOf(run.index, state, v, s);
  const least = leastSplit(splits);
  if (least === null) return run.index.tellsSplits ? { kind: "noSplit", at: { v, s }, idleTimeoutMs } : null;
  const { split, lastMs, highestMs } = least;
  if (least.aheadOfMs !== null) return pausedCause(run, state, { v, s }, split, least.aheadOfMs, strategy);
  if (watermarkMs !== null && least.watermarkMs !== null && least.watermarkMs < watermarkMs)
    return { kind: "woke", split, splitMs: least.watermarkMs };
  const share = loadOf(run, seq, v, s)?.backPressured ?? null;
  const fullest = run.queues.outOf(v, s, seq).sort((a, b) => b.size - a.size)[0];
  if (fullest !== undefined && (fullest.full || (share ?? 0) >= BACK_PRESSURED_FROM)) {
    const { to } = fullest.channel;
    return { kind: "backPressured", at: { v, s }, queue: fullest, share, busy: busyOf(run, seq, to.v, to.s) };
  }
  if (lastMs === null) return { kind: "unread", split, idleTimeoutMs };
  if (highestMs === null) return { kind: "untimed", split };
  const others = [...state.splits.values()].filter((other) => other.v === v && other !== least && !other.idle);
  const othersMs = others.length === 0 ? null : Math.min(...others.map((other) => other.watermarkMs ?? Number.NEGATIVE_INFINITY));
  if (run.index.timeOf(seq) - lastMs >= SILENT_FROM_MS) {
    const everywhere = [...state.splits.values()].every((other) => (other.lastMs ?? Number.NEGATIVE_INFINITY) <= lastMs);
    return { kind: "silent", split, sinceMs: lastMs, everywhere, idleTimeoutMs, highestMs, othersMs: plain(othersMs) };
  }
  if (least.watermarkMs === null) return { kind: "notMade", split, highestMs };
  const boundMs = strategy?.boundMs ?? null;
  // The usual strategies take one millisecond off besides their bound; a generator, or a WATERMARK clause, does as it likes.
  const lagMs = Math.max(0, highestMs - least.watermarkMs - (boundMs === null ? 0 : 1));
  return { kind: "bound", split, highestMs, readMs: lastMs, lagMs, boundMs, othersMs: plain(othersMs) };
}

const plain = (ms: number | null): number | null => (ms !== null && Number.isFinite(ms) ? ms : null);

function leastSplit(splits: readonly SplitNow[]): SplitNow | null {
  const active = splits.filter(({ idle }) => !idle);
  if (active.length === 0) return null;
  return active.reduce((a, b) => ((b.watermarkMs ?? -Infinity) < (a.watermarkMs ?? -Infinity) ? b : a));
}

function pausedCause(
  run: StageRun,
  state: CursorState,
  at: PlaceRef,
  split: string | null,
  aheadOfMs: number,
  strategy: RecordedWatermarks | undefined,
): WatermarkCause {
  const alignment = strategy?.alignment ?? null;
  let slowest: (PlaceRef & { readonly watermarkMs: number }) | null = null;
  for (const vertex of run.index.recording.vertices) {
    if (alignment === null || vertex.watermarks?.alignment?.group !== alignment.group) continue;
    for (let s = 0; s < vertex.parallelism; s++) {
      const watermarkMs = state.watermarks.get(`${vertex.id}/${s}`);
      if (watermarkMs === undefined || state.idle.has(`${vertex.id}/${s}`)) continue;
      if (slowest === null || watermarkMs < slowest.watermarkMs) slowest = { v: vertex.id, s, watermarkMs };
    }
  }
  if (slowest !== null && slowest.v === at.v && slowest.s === at.s) slowest = null;
  return { kind: "paused", at, split, aheadOfMs, group: alignment?.group ?? null, maxDriftMs: alignment?.maxDriftMs ?? null, slowest };
}

/** The checkpoint that is under way. */
function checkpointAt(run: StageRun, seq: number): number | null {
  const nowMs = run.index.timeOf(seq);
  const open = run.facts.checkpoints.findLast(({ triggeredMs, endMs }) => triggeredMs <= nowMs && (endMs === null || endMs >= nowMs));
  return open?.number ?? null;
}

function busyOf(run: StageRun, seq: number, v: number, s: number): number | null {
  return loadOf(run, seq, v, s)?.busy ?? null;
}

function loadOf(run: StageRun, seq: number, v: number, s: number): LoadNow | undefined {
  return run.index.loadAt(run.index.timeOf(seq)).get(`${v}/${s}`);
}
