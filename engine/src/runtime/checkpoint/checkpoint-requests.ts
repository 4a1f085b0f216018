/**
 * Which of the checkpoints that were asked for is taken next, and when. Flink: `CheckpointRequestDecider`.
 *
 * Requests wait while as many checkpoints are under way as may be. Savepoints come first and wait for nobody; then those asked for by hand;
 * the periodic ones last, and they alone keep the minimum pause: too early, the request is dropped and the periodic trigger set back.
 */
import { CHECKPOINT_FAILURE, type CheckpointFailure } from "./checkpoint-failure.ts";
import type { SavepointRequest } from "./savepoint.ts";

export interface CheckpointRequest {
  readonly kind: "savepoint" | "manual" | "periodic";
  /** For a savepoint. */
  readonly savepoint: SavepointRequest | null;
  /** Told once how it ended; null = the checkpoint is complete. */
  readonly ended: (failure: CheckpointFailure | null) => void;
}

const ORDER = { savepoint: 0, manual: 1, periodic: 2 } as const;
/** More than these are refused, periodic ones first. */
const MOST_WAITING = 1000;

export interface RequestLimits {
  readonly maxConcurrent: number;
  readonly minPauseMs: number;
}

/** How things stand when the next request is chosen. */
export interface CheckpointsUnderWay {
  readonly pending: number;
  readonly nowMs: number;
  /** When the last checkpoint completed; -Infinity = none has. */
  readonly lastCompletedMs: number;
}

export class CheckpointRequests {
  private readonly limits: RequestLimits;
  private readonly tooEarly: (waitMs: number) => void;
  private readonly waiting: CheckpointRequest[] = [];

  /** @param tooEarly told how long the periodic trigger has to wait. */
  constructor(limits: RequestLimits, tooEarly: (waitMs: number) => void) {
    this.limits = limits;
    this.tooEarly = tooEarly;
  }

  add(request: CheckpointRequest): void {
    const behind = this.waiting.findIndex(({ kind }) => ORDER[kind] > ORDER[request.kind]);
    this.waiting.splice(behind === -1 ? this.waiting.length : behind, 0, request);
    if (this.waiting.length > MOST_WAITING) this.waiting.pop()?.ended({ reason: CHECKPOINT_FAILURE.tooManyRequests });
  }

  /** Takes out the request whose turn it is; undefined = none. */
  next({ pending, nowMs, lastCompletedMs }: CheckpointsUnderWay): CheckpointRequest | undefined {
    const [first] = this.waiting;
    if (first === undefined || (pending >= this.limits.maxConcurrent && first.kind !== "savepoint")) return undefined;
    this.waiting.shift();
    const waitMs = lastCompletedMs + this.limits.minPauseMs - nowMs;
    if (first.kind !== "periodic" || waitMs <= 0) return first;
    first.ended({ reason: CHECKPOINT_FAILURE.minimumPause });
    this.tooEarly(waitMs);
    return undefined;
  }

  dropAll(failure: CheckpointFailure): void {
    for (const { ended } of this.waiting.splice(0)) ended(failure);
  }
}
