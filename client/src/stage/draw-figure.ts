/**
 * Draws the stage's figure on a canvas: everything but what moves with the cursor. Marks and order as in the design: grid, bands, downtime, barriers,
 * watermarks, records, lanes. Drawn anew only when the range, the run, the size or the theme changes.
 */
import { scaleUtc } from "d3-scale";
import { formatTime, isMaxTime, tickFormatter } from "../visuals/format-time.ts";
import type { StepPoint } from "../visuals/plane-model.ts";
import { texts } from "../texts/en.ts";
import { type FigureLayout, LANE, type Lane, PLANE_TOP, RIGHT, type Scales, type Visible } from "./figure-layout.ts";
import { puts, type StageWrite } from "./stage-facts.ts";
import { upperBound } from "./stage-index.ts";
import type { StageRun } from "./stage-run.ts";

/** Colours by token, as the theme has them now. */
export type Palette = (token: string) => string;

export interface FigureToDraw {
  readonly run: StageRun;
  readonly layout: FigureLayout;
  readonly scales: Scales;
  readonly range: { readonly fromMs: number; readonly toMs: number };
  readonly visible: Visible;
  readonly divergenceMs: number | null;
  /** Records of other keys are pale; null = all are alike. */
  readonly key: string | null;
}

const FONT = '11px "IBM Plex Sans Var", system-ui, sans-serif';
/** From so many records on a mark is a small square: shapes would only make a blot. */
const DENSE = 1_500;
const PALE = 0.22;
const MANY_BARRIERS = 16;

export function drawFigure(c: CanvasRenderingContext2D, figure: FigureToDraw, color: Palette): void {
  const { layout } = figure;
  c.clearRect(0, 0, layout.width, layout.height);
  c.font = FONT;
  c.textBaseline = "middle";
  c.lineWidth = 1;
  drawGrid(c, figure, color);
  c.save();
  c.beginPath();
  c.rect(layout.left, PLANE_TOP - 8, layout.width - RIGHT - layout.left, layout.lanesBottom - PLANE_TOP + 12);
  c.clip();
  drawBands(c, figure, color);
  drawDowntimes(c, figure, color);
  drawBarriers(c, figure, color);
  for (const line of figure.run.plane.splitWatermarks)
    for (const piece of line.pieces) drawSteps(c, figure, piece, color("--watermark"), 1, 0.45);
  for (const piece of figure.run.plane.watermark?.pieces ?? []) drawSteps(c, figure, piece, color("--watermark"), 2, 1);
  drawRecords(c, figure, color);
  for (const lane of layout.lanes) drawLane(c, figure, lane, color);
  if (figure.divergenceMs !== null) verticalLine(c, figure, figure.divergenceMs, color("--fail"), 2, [6, 3]);
  c.restore();
  drawLabels(c, figure, color);
}

function drawGrid(c: CanvasRenderingContext2D, { layout, scales, range }: FigureToDraw, color: Palette): void {
  const { x, y } = scales;
  const right = layout.width - RIGHT;
  const [low, high] = y.domain();
  const labelY = tickFormatter(high - low);
  const ticksY = spaced(
    scaleUtc()
      .domain(y.domain())
      .ticks(Math.max(2, Math.floor((layout.planeBottom - PLANE_TOP) / 44)))
      .map(Number),
    y,
    24,
  );
  c.strokeStyle = color("--line");
  for (const tick of ticksY) line(c, layout.left, y(tick), right, y(tick));
  c.textAlign = "right";
  c.fillStyle = color("--event-time");
  for (const tick of ticksY) c.fillText(labelY(tick), layout.left - 8, y(tick));
  const labelX = tickFormatter(range.toMs - range.fromMs);
  const pitch = labelX(range.toMs).length * 6.4 + 18;
  const ticksX = spaced(
    scaleUtc()
      .domain(x.domain())
      .ticks(Math.max(2, Math.floor((right - layout.left) / pitch)))
      .map(Number),
    x,
    pitch,
  );
  for (const tick of ticksX) line(c, x(tick), PLANE_TOP - 4, x(tick), layout.lanesBottom);
  c.textAlign = "center";
  c.fillStyle = color("--processing-time");
  for (const tick of ticksX)
    if (x(tick) > layout.left + 8) c.fillText(labelX(tick), Math.min(x(tick), right - pitch / 2 + 12), layout.planeBottom + 12);
  c.strokeStyle = color("--line-strong");
  line(c, layout.left, layout.planeBottom, right, layout.planeBottom);
  c.textAlign = "left";
  c.fillText(
    layout.left < 100 ? texts.stage.figure.processingTime.split(" ")[0] : texts.stage.figure.processingTime,
    8,
    layout.planeBottom + 12,
  );
  c.fillStyle = color("--event-time");
  c.fillText(texts.stage.figure.eventTime, 8, 10);
  c.fillStyle = color("--text-2");
  for (const lane of layout.lanes) c.fillText(laneName(lane, layout.left), 8, lane.y + LANE / 2, layout.left - 14);
}

function drawBands(c: CanvasRenderingContext2D, { run, range, scales }: FigureToDraw, color: Palette): void {
  const { x, y } = scales;
  const dense = run.plane.windows.length > 4_000;
  for (const window of run.plane.windows) {
    const first = window.steps[0];
    const endMs = window.closedMs ?? range.toMs;
    if (first.fromMs > range.toMs || endMs < range.fromMs) continue;
    const last = window.steps[window.steps.length - 1];
    const right = Math.max(x(endMs), x(window.firedMs ?? endMs) + 2);
    c.beginPath();
    c.moveTo(x(first.fromMs), y(first.startMs));
    c.lineTo(x(first.fromMs), y(first.endMs));
    for (const step of window.steps.slice(1)) {
      c.lineTo(x(step.fromMs), y(previousEnd(window.steps, step)));
      c.lineTo(x(step.fromMs), y(step.endMs));
    }
    c.lineTo(right, y(last.endMs));
    c.lineTo(right, y(last.startMs));
    for (let i = window.steps.length - 1; i > 0; i--) {
      c.lineTo(x(window.steps[i].fromMs), y(window.steps[i].startMs));
      c.lineTo(x(window.steps[i].fromMs), y(window.steps[i - 1].startMs));
    }
    c.closePath();
    c.strokeStyle = color("--event-time");
    if (window.lost && window.firedMs === null) {
      c.setLineDash([3, 3]);
      c.globalAlpha = 0.7;
      c.stroke();
      c.setLineDash([]);
    } else {
      c.fillStyle = color("--event-time");
      c.globalAlpha = 0.1;
      c.fill();
      c.globalAlpha = dense ? 0.25 : 0.55;
      c.stroke();
    }
    c.globalAlpha = 1;
    if (window.firedMs === null) continue;
    const height = y(last.startMs) - y(last.endMs);
    c.globalAlpha = 0.13;
    c.fillRect(x(window.firedMs), y(last.endMs), Math.max(right - x(window.firedMs), 0), height);
    c.globalAlpha = 1;
    c.fillStyle = color("--event-time");
    c.fillRect(x(window.firedMs) - 1.25, y(last.endMs), 2.5, height);
    c.fillStyle = color("--late");
    for (const ms of window.refiredMs) c.fillRect(x(ms) - 1.25, y(last.endMs), 2.5, height);
  }
}

function previousEnd(steps: readonly { readonly fromMs: number; readonly endMs: number }[], step: { readonly fromMs: number }): number {
  return steps[steps.findIndex(({ fromMs }) => fromMs === step.fromMs) - 1]?.endMs ?? steps[0].endMs;
}

function drawDowntimes(c: CanvasRenderingContext2D, figure: FigureToDraw, color: Palette): void {
  const { run, range, scales, layout } = figure;
  for (const { fromMs, toMs } of run.facts.downtimes) {
    const end = toMs ?? range.toMs;
    if (fromMs > range.toMs || end < range.fromMs) continue;
    const [left, right] = [scales.x(fromMs), Math.max(scales.x(end), scales.x(fromMs) + 1)];
    c.save();
    c.beginPath();
    c.rect(left, PLANE_TOP - 6, right - left, layout.lanesBottom - PLANE_TOP + 6);
    c.clip();
    c.strokeStyle = color("--text-3");
    c.globalAlpha = 0.45;
    for (let at = left - layout.lanesBottom; at < right; at += 6) line(c, at, layout.lanesBottom, at + layout.lanesBottom, 0);
    c.restore();
    verticalLine(c, figure, fromMs, color("--fail"), 1.5);
  }
}

function drawBarriers(c: CanvasRenderingContext2D, figure: FigureToDraw, color: Palette): void {
  const shown = figure.run.facts.checkpoints.filter(
    ({ triggeredMs }) => triggeredMs >= figure.range.fromMs && triggeredMs <= figure.range.toMs,
  );
  if (shown.length > 150) return;
  for (const { triggeredMs, outcome } of shown) {
    // Many lines would hide what lies between them: then those of the daily round are ticks.
    if (shown.length > MANY_BARRIERS && outcome === "completed") {
      c.strokeStyle = color("--barrier");
      line(c, figure.scales.x(triggeredMs), PLANE_TOP - 8, figure.scales.x(triggeredMs), PLANE_TOP + 2);
    } else verticalLine(c, figure, triggeredMs, color("--barrier"), 1, outcome === "completed" ? [] : [2, 2]);
  }
}

function drawSteps(
  c: CanvasRenderingContext2D,
  { scales, range }: FigureToDraw,
  points: readonly StepPoint[],
  stroke: string,
  width: number,
  alpha: number,
): void {
  const { x, y } = scales;
  const first = Math.max(0, upperBound(points, range.fromMs, ({ processingMs }) => processingMs) - 1);
  const level = ({ watermarkMs }: StepPoint) => (Number.isFinite(watermarkMs) ? Math.max(y(watermarkMs), PLANE_TOP - 6) : PLANE_TOP - 6);
  if (points.length === 0 || points[first].processingMs > range.toMs) return;
  c.beginPath();
  c.moveTo(x(points[first].processingMs), level(points[first]));
  let last = points[first];
  for (let i = first + 1; i < points.length; i++) {
    last = points[i];
    c.lineTo(x(last.processingMs), level(points[i - 1]));
    c.lineTo(x(last.processingMs), level(last));
    if (last.processingMs > range.toMs) break;
  }
  c.strokeStyle = stroke;
  c.lineWidth = width;
  c.globalAlpha = alpha;
  c.stroke();
  c.globalAlpha = 1;
  c.lineWidth = 1;
}

function drawRecords(c: CanvasRenderingContext2D, { run, visible, scales, key }: FigureToDraw, color: Palette): void {
  const { x, y } = scales;
  const { keyOf } = run;
  const isOther = (value: unknown) => key !== null && keyOf !== null && keyOf(value) !== key;
  const dense = visible.records.length > DENSE;
  const r = dense ? 2 : visible.records.length > 300 ? 2.6 : 3.7;
  c.fillStyle = color("--on-time");
  for (const { atMs, eventMs, fate, value } of visible.records) {
    if (eventMs === null || fate !== "onTime") continue;
    c.globalAlpha = isOther(value) ? PALE : 1;
    if (dense) c.fillRect(x(atMs) - 1, y(eventMs) - 1, 2, 2);
    else disc(c, x(atMs), y(eventMs), r);
  }
  for (const record of visible.records) {
    if (record.eventMs === null || record.fate === "onTime") continue;
    const [cx, cy] = [x(record.atMs), y(record.eventMs)];
    c.globalAlpha = isOther(record.value) ? PALE : 1;
    if (record.fate === "replayed") ring(c, cx, cy, r + 0.8, color("--duplicate"), color("--surface"));
    else if (record.fate === "late") halfDisc(c, cx, cy, Math.max(r, 3) + 0.4, color("--late"), color("--surface"));
    else cross(c, cx, cy, Math.max(r, 3.2), color("--dropped"));
  }
  c.globalAlpha = 1;
}

function drawLane(c: CanvasRenderingContext2D, figure: FigureToDraw, lane: Lane, color: Palette): void {
  const { layout, visible, scales, range, run } = figure;
  const { x } = scales;
  const middle = lane.y + LANE / 2;
  if (lane.kind === "partition") {
    c.strokeStyle = color("--line");
    line(c, layout.left, lane.y + LANE - 1, layout.width - RIGHT, lane.y + LANE - 1);
    const own = visible.records.filter(({ topic, partition }) => topic === lane.topic && partition === lane.partition);
    let free = Number.NEGATIVE_INFINITY;
    c.textAlign = "left";
    for (const record of own) {
      const at = x(record.atMs);
      const token = { onTime: "--on-time", late: "--late-text", dropped: "--dropped", replayed: "--duplicate" }[record.fate];
      c.fillStyle = color(token);
      c.fillRect(at - 0.75, lane.y + 4, 1.5, LANE - 9);
      const text = String(record.offset);
      if (own.length > 200 || at < free) continue;
      c.fillText(text, at + 3, middle);
      free = at + text.length * 6.4 + 8;
    }
    return;
  }
  if (lane.kind === "sink") {
    for (const transaction of lane.transactions) {
      const { openMs, preCommittedMs, endMs, outcome, number } = transaction;
      if (openMs > range.toMs || (endMs ?? range.toMs) < range.fromMs) continue;
      const end = x(endMs ?? range.toMs + 1e9);
      const open = x(openMs);
      const pre = preCommittedMs === null ? end : x(preCommittedMs);
      const [top, height] = [lane.y + 3, LANE - 7];
      if (outcome === "aborted") {
        box(c, open, top, Math.max(end - open, 6), height, color("--text-3"), null, [3, 2]);
        c.strokeStyle = color("--text-3");
        line(c, open, middle - 0.5, Math.max(end, open + 6), middle - 0.5);
        continue;
      }
      box(c, open, top, Math.max(Math.min(pre, 1e5) - open, 3), height, color("--txn"), null, []);
      if (preCommittedMs !== null) stipple(c, pre, top, Math.max(Math.min(end, 1e5) - pre, 3), height, color("--txn"), color("--surface"));
      if (outcome === "committed") {
        c.fillStyle = color("--txn");
        c.fillRect(end, top, 5, height);
      }
      c.fillStyle = color("--text");
      c.textAlign = "left";
      const label = `txn ${number}`;
      const left = Math.max(open, layout.left);
      if (Math.min(pre, layout.width) - left > label.length * 6.2 + 8) c.fillText(label, left + 4, middle);
    }
    return;
  }
  c.strokeStyle = color("--line");
  line(c, layout.left, lane.y + LANE - 1, layout.width - RIGHT, lane.y + LANE - 1);
  const writes = lane.kind === "uncommitted" ? visible.writes : run.facts.writes;
  for (const write of writes) {
    const atMs = lane.kind === "uncommitted" ? write.atMs : committedMs(write);
    if (atMs === null || atMs < range.fromMs || atMs > range.toMs) continue;
    // Seen again only where a reader of this kind sees both.
    const first = write.again === null ? undefined : run.facts.writeBySeq.get(write.again);
    const again = first !== undefined && (lane.kind === "uncommitted" || (committedMs(first) ?? Number.POSITIVE_INFINITY) <= atMs);
    if (again) ring(c, x(atMs), middle, 4.5, color("--duplicate"), color("--surface"));
    else if (puts(write.rowKind)) {
      c.fillStyle = color("--on-time");
      c.fillRect(x(atMs) - 3, middle - 3, 6, 6);
    } else box(c, x(atMs) - 3, middle - 3, 6, 6, color("--on-time"), color("--surface"), []);
  }
}

export function committedMs({ transaction, atMs }: StageWrite): number | null {
  if (transaction === null) return atMs;
  return transaction.outcome === "committed" ? transaction.endMs : null;
}

function drawLabels(c: CanvasRenderingContext2D, figure: FigureToDraw, color: Palette): void {
  const { run, range, scales, layout, divergenceMs } = figure;
  const { x, y } = scales;
  const right = layout.width - RIGHT;
  c.textAlign = "left";
  const shown = run.facts.checkpoints.filter(({ triggeredMs }) => triggeredMs >= range.fromMs && triggeredMs <= range.toMs);
  let free = layout.left;
  if (shown.length <= 150) {
    for (const { number, triggeredMs, outcome } of shown) {
      const at = x(triggeredMs);
      const text = String(number);
      const width = text.length * 6.6 + 8;
      if (at - width / 2 < free || at + width / 2 > right) continue;
      box(c, at - width / 2, 2, width, 15, color("--barrier"), color("--surface"), outcome === "completed" ? [] : [2, 2]);
      c.fillStyle = color("--barrier");
      c.textAlign = "center";
      c.fillText(text, at, 10);
      c.textAlign = "left";
      free = at + width / 2 + 4;
    }
  }
  for (const { fromMs, reason, restored } of run.facts.downtimes) {
    if (fromMs < range.fromMs || fromMs > range.toMs) continue;
    const text = `${reason} ${formatTime(fromMs)}${texts.stage.figure.restored(restored)}`;
    halo(
      c,
      text,
      x(fromMs) + 6 + c.measureText(text).width > right ? x(fromMs) - 6 - c.measureText(text).width : x(fromMs) + 6,
      PLANE_TOP + 8,
      color("--fail"),
      color("--surface"),
    );
  }
  if (divergenceMs !== null && divergenceMs >= range.fromMs && divergenceMs <= range.toMs) {
    const text = texts.stage.divergence;
    const width = c.measureText(text).width;
    halo(
      c,
      text,
      x(divergenceMs) + 6 + width > right ? x(divergenceMs) - 6 - width : x(divergenceMs) + 6,
      PLANE_TOP + 24,
      color("--fail"),
      color("--surface"),
    );
  }
  labelWatermark(c, figure, color, y);
}

/** On the longest level stretch in sight, below the line. */
function labelWatermark(
  c: CanvasRenderingContext2D,
  { run, range, scales, layout }: FigureToDraw,
  color: Palette,
  y: (ms: number) => number,
): void {
  let best = { length: 0, x: 0, y: 0 };
  for (const piece of run.plane.watermark?.pieces ?? []) {
    const first = Math.max(
      1,
      upperBound(piece, range.fromMs, ({ processingMs }) => processingMs),
    );
    for (let i = first; i < piece.length && piece[i - 1].processingMs <= range.toMs; i++) {
      if (isMaxTime(piece[i - 1].watermarkMs) || !Number.isFinite(piece[i - 1].watermarkMs)) continue;
      const [a, b] = [Math.max(piece[i - 1].processingMs, range.fromMs), Math.min(piece[i].processingMs, range.toMs)];
      const length = scales.x(b) - scales.x(a);
      const level = y(piece[i - 1].watermarkMs);
      if (length > best.length && level > PLANE_TOP + 10 && level < layout.planeBottom - 16)
        best = { length, x: scales.x(a) + length / 2, y: level + 10 };
    }
  }
  if (best.length < 70) return;
  c.textAlign = "center";
  halo(c, texts.plane.watermark, best.x, best.y, color("--watermark"), color("--surface"));
  c.textAlign = "left";
}

function laneName(lane: Lane, room: number): string {
  if (lane.kind === "partition") return `${lane.topic} ${lane.partition}`;
  if (lane.kind === "sink") return texts.stage.figure.sink(lane.s);
  const name = lane.kind === "uncommitted" ? texts.stage.figure.uncommitted : texts.stage.figure.committed;
  return room < 100 ? name.replace("read_", "") : name;
}

// ---- Marks ----

function spaced(ticks: number[], scale: (ms: number) => number, pitch: number): number[] {
  if (ticks.length < 2) return ticks;
  const step = Math.ceil(pitch / Math.max(Math.abs(scale(ticks[1]) - scale(ticks[0])), 1));
  return ticks.filter((_, i) => i % step === 0);
}

function line(c: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  c.beginPath();
  c.moveTo(crisp(x1), crisp(y1));
  c.lineTo(crisp(x2), crisp(y2));
  c.stroke();
}

const crisp = (value: number) => Math.round(value) + 0.5;

function verticalLine(
  c: CanvasRenderingContext2D,
  { scales, layout }: FigureToDraw,
  ms: number,
  stroke: string,
  width: number,
  dash: number[] = [],
): void {
  c.strokeStyle = stroke;
  c.lineWidth = width;
  c.setLineDash(dash);
  line(c, scales.x(ms), PLANE_TOP - 8, scales.x(ms), layout.lanesBottom);
  c.setLineDash([]);
  c.lineWidth = 1;
}

function disc(c: CanvasRenderingContext2D, x: number, y: number, r: number): void {
  c.beginPath();
  c.arc(x, y, r, 0, 2 * Math.PI);
  c.fill();
}

function ring(c: CanvasRenderingContext2D, x: number, y: number, r: number, stroke: string, ground: string): void {
  c.fillStyle = ground;
  disc(c, x, y, r);
  c.strokeStyle = stroke;
  c.lineWidth = 1.4;
  c.stroke();
  c.fillStyle = stroke;
  disc(c, x, y, 1.5);
  c.lineWidth = 1;
}

function halfDisc(c: CanvasRenderingContext2D, x: number, y: number, r: number, stroke: string, ground: string): void {
  c.fillStyle = ground;
  disc(c, x, y, r);
  c.strokeStyle = stroke;
  c.lineWidth = 1.6;
  c.stroke();
  c.fillStyle = stroke;
  c.beginPath();
  c.arc(x, y, r, Math.PI / 2, (3 * Math.PI) / 2);
  c.fill();
  c.lineWidth = 1;
}

function cross(c: CanvasRenderingContext2D, x: number, y: number, r: number, stroke: string): void {
  c.strokeStyle = stroke;
  c.lineWidth = 2.1;
  c.beginPath();
  c.moveTo(x - r, y - r);
  c.lineTo(x + r, y + r);
  c.moveTo(x + r, y - r);
  c.lineTo(x - r, y + r);
  c.stroke();
  c.lineWidth = 1;
}

function box(
  c: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
  stroke: string,
  fill: string | null,
  dash: number[],
): void {
  c.beginPath();
  c.roundRect(crisp(x), crisp(y), Math.round(width), Math.round(height), 2);
  if (fill !== null) {
    c.fillStyle = fill;
    c.fill();
  }
  c.setLineDash(dash);
  c.strokeStyle = stroke;
  c.stroke();
  c.setLineDash([]);
}

function stipple(c: CanvasRenderingContext2D, x: number, y: number, width: number, height: number, ink: string, ground: string): void {
  box(c, x, y, width, height, ink, ground, []);
  c.fillStyle = ink;
  for (let row = 0; row * 2.5 < height - 2; row++) {
    for (let at = row % 2 === 0 ? 1.5 : 3.5; at < width - 1; at += 4) c.fillRect(x + at, y + 1.5 + row * 2.5, 1.5, 1.5);
  }
}

function halo(c: CanvasRenderingContext2D, text: string, x: number, y: number, ink: string, ground: string): void {
  c.lineWidth = 4;
  c.lineJoin = "round";
  c.strokeStyle = ground;
  c.strokeText(text, x, y);
  c.lineWidth = 1;
  c.fillStyle = ink;
  c.fillText(text, x, y);
}
