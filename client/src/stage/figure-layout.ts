/** Where things are in the stage's figure: one time axis for the plane and all lanes below it. Pixels; nothing is drawn here. */
import { type ScaleLinear, scaleLinear } from "d3-scale";
import type { PlaneModel } from "../visuals/plane-model.ts";
import type { StageFacts, StageRecord, StageTransaction, StageWrite } from "./stage-facts.ts";
import { upperBound } from "./stage-index.ts";

export const GUTTER = 108;
export const NARROW_GUTTER = 76;
export const RIGHT = 20;
export const PLANE_TOP = 24;
export const LANE = 20;
const AXIS = 24;
/** Lanes of a kind; more are told in the table. */
const MOST_LANES = 4;

export type Lane =
  | { readonly kind: "partition"; readonly topic: string; readonly partition: number; readonly y: number }
  | {
      readonly kind: "sink";
      readonly v: number | null;
      readonly s: number | null;
      readonly transactions: readonly StageTransaction[];
      readonly y: number;
    }
  | { readonly kind: "uncommitted" | "committed"; readonly y: number };

export interface FigureLayout {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly planeBottom: number;
  readonly lanes: readonly Lane[];
  readonly lanesBottom: number;
}

export interface LaneSet {
  readonly partitions: readonly { readonly topic: string; readonly partition: number }[];
  readonly sinks: readonly { readonly v: number | null; readonly s: number | null; readonly transactions: readonly StageTransaction[] }[];
  readonly readers: boolean;
  /** Lanes that there is no room for. */
  readonly left: number;
}

/** Which lanes a run has. */
export function laneSet(facts: StageFacts): LaneSet {
  const partitions = new Map<string, { topic: string; partition: number }>();
  for (const { topic, partition } of facts.records) {
    if (!partitions.has(`${topic}/${partition}`)) partitions.set(`${topic}/${partition}`, { topic, partition });
  }
  const sinks = new Map<string, { v: number | null; s: number | null; transactions: StageTransaction[] }>();
  for (const transaction of facts.transactions) {
    const { v, s } = transaction;
    const lane = sinks.get(`${v}/${s}`);
    if (lane === undefined) sinks.set(`${v}/${s}`, { v, s, transactions: [transaction] });
    else lane.transactions.push(transaction);
  }
  const all = [...partitions.values()].sort((a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition);
  const sorted = [...sinks.values()].sort((a, b) => (a.v ?? -1) - (b.v ?? -1) || (a.s ?? -1) - (b.s ?? -1));
  return {
    partitions: all.slice(0, MOST_LANES),
    sinks: sorted.slice(0, MOST_LANES),
    readers: facts.writes.length > 0,
    left: Math.max(0, all.length - MOST_LANES) + Math.max(0, sorted.length - MOST_LANES),
  };
}

export function figureLayout(set: LaneSet, width: number, height: number): FigureLayout {
  const count = set.partitions.length + set.sinks.length + (set.readers ? 2 : 0);
  const planeBottom = Math.max(PLANE_TOP + 90, height - AXIS - count * LANE - 10);
  let y = planeBottom + AXIS;
  const next = () => {
    y += LANE;
    return y - LANE;
  };
  const lanes: Lane[] = [
    ...set.partitions.map((lane) => ({ kind: "partition" as const, ...lane, y: next() })),
    ...set.sinks.map((lane) => ({ kind: "sink" as const, ...lane, y: next() })),
    ...(set.readers ? (["uncommitted", "committed"] as const).map((kind) => ({ kind, y: next() })) : []),
  ];
  return { width, height: Math.max(height, y + 8), left: width < 560 ? NARROW_GUTTER : GUTTER, planeBottom, lanes, lanesBottom: y };
}

export interface Visible {
  readonly records: readonly StageRecord[];
  readonly writes: readonly StageWrite[];
}

/** What is inside of the range; found by search, since a run has many. */
export function visibleIn(facts: StageFacts, fromMs: number, toMs: number): Visible {
  const cut = <T extends { readonly atMs: number }>(list: readonly T[]) =>
    list.slice(
      upperBound(list, fromMs - 1e-6, ({ atMs }) => atMs),
      upperBound(list, toMs, ({ atMs }) => atMs),
    );
  return { records: cut(facts.records), writes: cut(facts.writes) };
}

export interface Scales {
  readonly x: ScaleLinear<number, number>;
  readonly y: ScaleLinear<number, number>;
}

/** Event time reaches over the records in sight and the windows that they are in. */
export function figureScales(layout: FigureLayout, range: { fromMs: number; toMs: number }, visible: Visible, plane: PlaneModel): Scales {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { eventMs } of visible.records) {
    if (eventMs === null) continue;
    low = Math.min(low, eventMs);
    high = Math.max(high, eventMs);
  }
  if (low > high) ({ fromMs: low, toMs: high } = plane.event);
  const span = Math.max(high - low, 1);
  const [first, last] = [low, high];
  for (const window of plane.windows) {
    const { startMs, endMs } = window.steps[window.steps.length - 1];
    if (window.steps[0].fromMs > range.toMs || (window.closedMs ?? range.toMs) < range.fromMs) continue;
    if (startMs >= first - span * 0.6) low = Math.min(low, startMs);
    if (endMs <= last + span * 0.6) high = Math.max(high, endMs);
  }
  const air = Math.max((high - low) * 0.05, 1);
  return {
    x: scaleLinear()
      .domain([range.fromMs, range.toMs])
      .range([layout.left, layout.width - RIGHT]),
    y: scaleLinear()
      .domain([low - air, high + air])
      .range([layout.planeBottom, PLANE_TOP]),
  };
}

/** The record or write nearest to a point, within reach. */
export function hit(visible: Visible, layout: FigureLayout, { x, y }: Scales, px: number, py: number): number | null {
  let best: { seq: number; distance: number } | null = null;
  const offer = (seq: number, dx: number, dy: number, reach: number) => {
    const distance = Math.hypot(dx, dy);
    if (distance <= reach && (best === null || distance < best.distance)) best = { seq, distance };
  };
  for (const record of visible.records) {
    if (record.eventMs !== null && py < layout.planeBottom) offer(record.seq, x(record.atMs) - px, y(record.eventMs) - py, 10);
  }
  for (const lane of layout.lanes) {
    if (py < lane.y || py >= lane.y + LANE) continue;
    for (const record of lane.kind === "partition" ? visible.records : []) {
      if (lane.kind === "partition" && record.topic === lane.topic && record.partition === lane.partition)
        offer(record.seq, x(record.atMs) - px, 0, 6);
    }
    for (const write of lane.kind === "uncommitted" ? visible.writes : []) offer(write.seq, x(write.atMs) - px, 0, 7);
    for (const write of lane.kind === "committed" ? visible.writes : []) {
      const seenMs = write.transaction === null ? write.atMs : write.transaction.outcome === "committed" ? write.transaction.endMs : null;
      if (seenMs !== null) offer(write.seq, x(seenMs) - px, 0, 7);
    }
  }
  return (best as { seq: number } | null)?.seq ?? null;
}
