/** The stretch of a run in which a subtask's watermark stood still for the longest time. */
import { isMaxTime } from "../visuals/format-time.ts";
import type { StageIndex } from "./stage-index.ts";

export interface Standstill {
  readonly fromMs: number;
  /** When it moved again; the end of the run if it did not. */
  readonly toMs: number;
  /** An event in the midst of it. */
  readonly seq: number;
}

/** null = it never stood: there is nothing in between its steps. */
export function longestStandstill(index: StageIndex, v: number, s: number): Standstill | null {
  let fromMs: number | null = null;
  let fromSeq = 0;
  let longest: { readonly fromMs: number; readonly toMs: number; readonly seq: number } | null = null;
  const end = (toMs: number, toSeq: number) => {
    if (fromMs === null || toMs - fromMs <= (longest === null ? 0 : longest.toMs - longest.fromMs)) return;
    const seq = Math.max(fromSeq, index.seqAt((fromMs + toMs) / 2));
    if (seq < toSeq) longest = { fromMs, toMs, seq };
  };
  for (let seq = 0; seq < index.length; seq++) {
    const event = index.events[seq];
    // While the job is down there is no watermark that could stand.
    const down = event.kind === "job" && (event.what === "failing" || event.what === "failed" || event.what === "finished");
    const moved = event.kind === "watermark" && event.v === v && event.s === s;
    if (!down && !moved && !(event.kind === "job" && event.what === "running")) continue;
    const ms = index.timeOf(seq);
    end(ms, seq);
    fromMs = down || (moved && isMaxTime(event.watermarkMs)) ? null : ms;
    fromSeq = seq;
  }
  end(index.toMs, index.length);
  return longest;
}
