/** The plane as it was at a moment: what has happened by then, on the axes of the whole run, so that nothing jumps from step to step. Pure. */
import type { PlaneModel, WatermarkLine } from "./plane-model.ts";
import { planeRows } from "./plane-rows.ts";
import type { PlaneWindow } from "./plane-windows.ts";

/** Moments at which something happens, in order, each once. */
export function planeMoments(model: PlaneModel): readonly number[] {
  return [...new Set(planeRows(model).map(({ processingMs }) => processingMs))];
}

/** What became of a record is shown from its arrival on: it follows within the same moment, or with a firing that is told when it comes. */
export function planeUntil(model: PlaneModel, atMs: number): PlaneModel {
  const records = model.records.filter(({ processingMs }) => processingMs <= atMs);
  const windows = model.windows.flatMap((window) => windowUntil(window, atMs));
  return {
    ...model,
    records,
    recordsTotal: records.length,
    watermark: model.watermark === null ? null : lineUntil(model.watermark, atMs),
    splitWatermarks: model.splitWatermarks.map((line) => lineUntil(line, atMs)),
    windows,
    windowsTotal: windows.length,
    barriers: model.barriers.filter(({ processingMs }) => processingMs <= atMs),
    downtimes: model.downtimes
      .filter(({ fromMs }) => fromMs <= atMs)
      .map((down) => ({ ...down, toMs: down.toMs !== null && down.toMs <= atMs ? down.toMs : atMs })),
  };
}

function windowUntil(window: PlaneWindow, atMs: number): PlaneWindow[] {
  const steps = window.steps.filter(({ fromMs }) => fromMs <= atMs);
  if (steps.length === 0) return [];
  const isClosed = window.closedMs !== null && window.closedMs <= atMs;
  return [
    {
      ...window,
      steps,
      firedMs: window.firedMs !== null && window.firedMs <= atMs ? window.firedMs : null,
      refiredMs: window.refiredMs.filter((ms) => ms <= atMs),
      // A band that is open reaches to now.
      closedMs: isClosed ? window.closedMs : atMs,
      lost: window.lost && isClosed,
    },
  ];
}

function lineUntil(line: WatermarkLine, atMs: number): WatermarkLine {
  const pieces = line.pieces.flatMap((piece) => {
    const until = piece.filter(({ processingMs }) => processingMs <= atMs);
    const last = until.at(-1);
    if (last === undefined) return [];
    return [until.length < piece.length && last.processingMs < atMs ? [...until, { ...last, processingMs: atMs }] : until];
  });
  return { ...line, pieces };
}
