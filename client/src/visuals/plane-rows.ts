/** The plane as a table: the same facts in the order in which they happened. What a screen reader gets. */
import { texts } from "../texts/en.ts";
import { formatTime } from "./format-time.ts";
import type { PlaneModel } from "./plane-model.ts";

export interface PlaneRow {
  readonly processingMs: number;
  readonly what: string;
  readonly key: string | null;
  readonly eventTime: string;
  readonly detail: string;
}

export function planeRows(model: PlaneModel): PlaneRow[] {
  const t = texts.plane.table;
  const rows: PlaneRow[] = [];
  for (const r of model.records) {
    if (!r.selected) continue;
    const where = r.position === "" ? "" : `${r.topic} ${r.position}`;
    const fate = r.fate === "dropped" ? t.dropped(r.lateTo) : t[r.fate];
    rows.push({ processingMs: r.processingMs, what: fate, key: r.key, eventTime: formatTime(r.eventMs), detail: where });
  }
  for (const piece of model.watermark?.pieces ?? []) {
    let last: number | null = null;
    for (const point of piece) {
      if (point.watermarkMs === last) continue;
      last = point.watermarkMs;
      rows.push({ processingMs: point.processingMs, what: t.watermark, key: null, eventTime: formatTime(point.watermarkMs), detail: "" });
    }
  }
  for (const w of model.windows) {
    const { startMs, endMs } = w.steps[w.steps.length - 1];
    const bounds = `[${formatTime(startMs)}, ${formatTime(endMs)})`;
    const key = w.key ?? t.keys(w.keyCount);
    if (w.firedMs !== null) rows.push({ processingMs: w.firedMs, what: t.fired, key, eventTime: bounds, detail: "" });
    for (const ms of w.refiredMs) rows.push({ processingMs: ms, what: t.refired, key, eventTime: bounds, detail: "" });
    if (w.lost && w.closedMs !== null) rows.push({ processingMs: w.closedMs, what: t.windowLost, key, eventTime: bounds, detail: "" });
  }
  for (const b of model.barriers) {
    rows.push({ processingMs: b.processingMs, what: t.checkpoint(b.checkpoint), key: null, eventTime: "", detail: t.outcome[b.outcome] });
  }
  for (const d of model.downtimes) {
    rows.push({ processingMs: d.fromMs, what: t.down, key: null, eventTime: "", detail: d.reason });
    if (d.toMs !== null) rows.push({ processingMs: d.toMs, what: t.restored, key: null, eventTime: "", detail: "" });
  }
  return rows.sort((a, b) => a.processingMs - b.processingMs);
}
