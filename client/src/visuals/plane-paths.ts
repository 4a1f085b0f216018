/** SVG paths of the plane's parts. Scales come from the component; nothing here knows the DOM. */
import type { PlaneWindow } from "./plane-windows.ts";
import type { StepPoint } from "./plane-model.ts";

export type Scale = (ms: number) => number;

const round = (value: number) => Math.round(value * 10) / 10;

/** A watermark stands until it moves: horizontal first, then up. Infinity is the upper edge of the plane. */
export function stepPath(points: readonly StepPoint[], x: Scale, y: Scale, topPx: number): string {
  const level = (p: StepPoint) => (Number.isFinite(p.watermarkMs) ? round(Math.max(y(p.watermarkMs), topPx)) : topPx);
  let path = "";
  for (const point of points) {
    const px = round(x(point.processingMs));
    path += path === "" ? `M${px} ${level(point)}` : `H${px}V${level(point)}`;
  }
  return path;
}

/** The outline of a window; its steps follow a session as it grows. `endMs` is where the band ends on the processing axis. */
export function windowPath(window: PlaneWindow, endMs: number, x: Scale, y: Scale): string {
  const { steps } = window;
  const right = round(x(endMs));
  let upper = `M${round(x(steps[0].fromMs))} ${round(y(steps[0].startMs))}V${round(y(steps[0].endMs))}`;
  for (let i = 1; i < steps.length; i++) {
    const px = round(x(steps[i].fromMs));
    upper += `H${px}V${round(y(steps[i].endMs))}`;
  }
  const lastStart = round(y(steps[steps.length - 1].startMs));
  // Down the right edge, then back along the lower edge; a session's start can move down as well.
  let back = `V${lastStart}`;
  for (let i = steps.length - 1; i > 0; i--) back += `H${round(x(steps[i].fromMs))}V${round(y(steps[i - 1].startMs))}`;
  return `${upper}H${right}${back}Z`;
}

export const MARKS = {
  /** Left half of a disc of radius `r` around (cx, cy). */
  leftHalf: (cx: number, cy: number, r: number) => `M${cx} ${cy - r}a${r} ${r} 0 0 0 0 ${2 * r}Z`,
  cross: (cx: number, cy: number, r: number) => `M${cx - r} ${cy - r}L${cx + r} ${cy + r}M${cx + r} ${cy - r}L${cx - r} ${cy + r}`,
} as const;
