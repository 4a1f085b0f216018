/**
 * Whose turn it is. Somebody waits in front of the screen for `interactive`, so it comes first; but a lane that is passed over often enough
 * comes first once, so that none starves: with all lanes full, of 24 jobs `batch` gets 2 and `rejudge` 1.
 */
import type { Lane } from "../../repositories/jobs.ts";

/** In the order of urgency, with the number of jobs that a lane lets pass. */
const LANES: readonly { readonly lane: Lane; readonly patience: number }[] = [
  { lane: "interactive", patience: 0 },
  { lane: "batch", patience: 11 },
  { lane: "rejudge", patience: 23 },
];

export class LaneOrder {
  readonly #passed = new Map<Lane, number>();

  /** All lanes, the one whose turn it is first; the others in case it is empty. */
  next(): readonly Lane[] {
    const overdue = LANES.filter(({ lane, patience }) => patience > 0 && (this.#passed.get(lane) ?? 0) >= patience);
    return [...overdue, ...LANES.filter((entry) => !overdue.includes(entry))].map(({ lane }) => lane);
  }

  /** A job of this lane was taken, or (null) no lane has any. */
  took(taken: Lane | null): void {
    for (const { lane } of LANES) this.#passed.set(lane, lane === taken || taken === null ? 0 : (this.#passed.get(lane) ?? 0) + 1);
  }
}
