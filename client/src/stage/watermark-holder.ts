/** Why a watermark is where it is: which input holds it back, down to the partition, and what is the matter with that one. */
import { isMaxTime } from "../visuals/format-time.ts";
import type { ChannelNow, CursorState, SplitNow } from "./cursor-state.ts";
import type { StageIndex } from "./stage-index.ts";

export type HolderReason =
  /** No watermark has come over it yet: nothing was read, or nothing with an event time. */
  | "nothingYet"
  /** It is the slowest of several. */
  | "slowest"
  /** There is only one. */
  | "only"
  /** All inputs are idle: nobody moves it. */
  | "allIdle"
  /** The input has ended. */
  | "ended";

export interface InputNow {
  readonly name: string;
  /** The sender, if it is a channel. */
  readonly from: { readonly v: number; readonly s: number } | null;
  /** Of a channel: what its sender has come to, which may still be on its way; null = nothing, or it is not told. */
  readonly sentMs: number | null;
  /** null = none yet. */
  readonly watermarkMs: number | null;
  readonly idle: boolean;
  readonly holds: boolean;
}

export interface Holding {
  readonly v: number;
  readonly s: number;
  readonly watermarkMs: number | null;
  readonly reason: HolderReason;
  /** The split, or the channel's sender as "name subtask"; null = none is to blame. */
  readonly holder: string | null;
  /** Processing time since which the holding partition has brought nothing; null = nothing was ever read. */
  readonly silentSinceMs: number | null;
  /** All inputs of this subtask that have a say. */
  readonly inputs: readonly InputNow[];
  /** The same for the sender, if the holder is a channel. */
  readonly because: Holding | null;
}

/** @param v a vertex; its subtask `s`. */
export function watermarkHolding(index: StageIndex, state: CursorState, v: number, s: number, depth = 0): Holding {
  const vertex = index.recording.vertices.find(({ id }) => id === v);
  const watermarkMs = state.watermarks.get(`${v}/${s}`) ?? null;
  const base = { v, s, watermarkMs };
  if (watermarkMs !== null && isMaxTime(watermarkMs)) {
    return { ...base, reason: "ended", holder: null, silentSinceMs: null, inputs: [], because: null };
  }
  if (vertex === undefined || vertex.inputs.length === 0) return { ...base, ...splitHolding(splitsOf(index, state, v, s)) };
  const channels = channelsOf(index, state, v, s);
  const nameOf = ({ fromV, fromS }: ChannelNow) => {
    const from = index.recording.vertices.find(({ id }) => id === fromV);
    return from === undefined || from.parallelism === 1 ? shortName(from?.name ?? `vertex ${fromV}`) : `${shortName(from.name)} ${fromS}`;
  };
  const { least, reason } = leastOf(channels);
  const inputs = channels.map((channel) => ({
    name: nameOf(channel),
    from: { v: channel.fromV, s: channel.fromS },
    sentMs: makesInside(index, channel.fromV) ? null : (state.watermarks.get(`${channel.fromV}/${channel.fromS}`) ?? null),
    watermarkMs: channel.watermarkMs,
    idle: channel.idle,
    holds: channel === least,
  }));
  const because = least === null || depth > 8 ? null : watermarkHolding(index, state, least.fromV, least.fromS, depth + 1);
  return { ...base, reason, holder: least === null ? null : nameOf(least), silentSinceMs: because?.silentSinceMs ?? null, inputs, because };
}

/** The partition at the end of the chain, and the reason there. */
export function rootOf(holding: Holding): Holding {
  return holding.because === null ? holding : rootOf(holding.because);
}

function splitHolding(splits: readonly SplitNow[]): Pick<Holding, "reason" | "holder" | "silentSinceMs" | "inputs" | "because"> {
  const { least, reason } = leastOf(splits);
  const inputs = splits.map((split) => ({
    name: split.split,
    from: null,
    sentMs: null,
    watermarkMs: split.watermarkMs,
    idle: split.idle,
    holds: split === least,
  }));
  return { reason, holder: least?.split ?? null, silentSinceMs: least?.lastMs ?? null, inputs, because: null };
}

function leastOf<T extends { readonly watermarkMs: number | null; readonly idle: boolean }>(
  inputs: readonly T[],
): { readonly least: T | null; readonly reason: HolderReason } {
  const active = inputs.filter(({ idle }) => !idle);
  if (inputs.length === 0) return { least: null, reason: "nothingYet" };
  if (active.length === 0) return { least: null, reason: "allIdle" };
  const least = active.reduce((a, b) => ((b.watermarkMs ?? -Infinity) < (a.watermarkMs ?? -Infinity) ? b : a));
  return { least, reason: least.watermarkMs === null ? "nothingYet" : inputs.length === 1 ? "only" : "slowest" };
}

/** A chain with `assignTimestampsAndWatermarks` in it: what it sends on is not what comes in, and only its receivers tell of it. */
export function makesInside(index: StageIndex, v: number): boolean {
  const vertex = index.recording.vertices.find(({ id }) => id === v);
  return vertex?.watermarks?.inside ?? vertex?.name.includes("Timestamps/Watermarks") ?? false;
}

/** Splits that this subtask reads. */
export function splitsOf(index: StageIndex, state: CursorState, v: number, s: number): SplitNow[] {
  const known = [...state.splits.values()].filter((split) => split.v === v && split.s === s);
  if (!index.tellsSplits) {
    const names = new Set(known.map(({ split }) => split));
    // A partition that will be read from later holds the watermark back already, though it has not said anything yet.
    for (const split of index.splitsOf(v, s)) {
      if (!names.has(split))
        known.push({ split, v, s, watermarkMs: null, idle: false, lastMs: null, highestMs: null, assigned: false, aheadOfMs: null });
    }
  }
  return known.sort((a, b) => a.split.localeCompare(b.split));
}

/** Input channels: those that have told of themselves, and those of edges whose senders are known. */
function channelsOf(index: StageIndex, state: CursorState, v: number, s: number): ChannelNow[] {
  const { vertices, edges } = index.recording;
  const target = vertices.find(({ id }) => id === v);
  if (target === undefined) return [];
  const channels: ChannelNow[] = [];
  for (const fromV of new Set(target.inputs)) {
    const source = vertices.find(({ id }) => id === fromV);
    if (source === undefined) continue;
    const pointwise = edges?.some((edge) => edge.source === fromV && edge.target === v && edge.pattern === "POINTWISE") === true;
    for (let fromS = 0; fromS < source.parallelism; fromS++) {
      if (pointwise && !meets(fromS, source.parallelism, s, target.parallelism)) continue;
      const known = state.channels.get(`${v}/${s}<${fromV}/${fromS}`);
      channels.push(known ?? { v, s, fromV, fromS, watermarkMs: null, idle: false });
    }
  }
  // With one channel only, its watermark is the subtask's own and is not told for itself.
  if (channels.length === 1 && target.inputs.length === 1) {
    const own = { watermarkMs: state.watermarks.get(`${v}/${s}`) ?? null, idle: state.idle.has(`${v}/${s}`) };
    return [{ ...channels[0], ...own }];
  }
  return channels;
}

/** Whether subtasks of a pointwise edge are connected (Flink's distribution of channels). */
function meets(from: number, senders: number, to: number, receivers: number): boolean {
  if (senders === receivers) return from === to;
  if (senders > receivers) return Math.floor((from * receivers) / senders) === to;
  return Math.floor((to * senders) / receivers) === from;
}

/** "Source: clicks -> Map" → "clicks": enough to know it by. */
export function shortName(name: string): string {
  const head = name.split(" -> ")[0].replace(/^Source: /, "");
  const bracket = head.indexOf("(");
  return bracket > 0 ? head.slice(0, bracket) : head;
}
