/**
 * When something is to be repeated: SM-2 (Wozniak 1990), computed from the log of reviews each time, so that there is no schedule that could be lost or differ
 * between machines.
 *
 * Each success makes the interval longer by the item's own factor, which falls when it was hard and rises when it was easy; a failure begins anew. Two things are ours:
 * what was not known comes back after ten minutes, and a success before it was due changes nothing, for it says nothing about memory. Why SM-2: decisions/0003.
 */
import type { Review, ReviewGrade } from "@millrace/server/contract";

export interface Schedule {
  /** When it is to be repeated. */
  readonly dueAtMs: number;
  /** Of the last repetition; 0 after a failure. */
  readonly intervalMs: number;
  /** Successes in a row. */
  readonly streak: number;
  readonly factor: number;
}

/** First and second interval in days, for things that are remembered at once and for those that take half an hour to try. */
export const CARD_DAYS = [1, 6] as const;
export const PROBLEM_DAYS = [7, 21] as const;

const DAY_MS = 86_400_000;
const AGAIN_MS = 600_000;
const FIRST_FACTOR = 2.5;
const LEAST_FACTOR = 1.3;
const MOST_DAYS = 365;
/** Grades in SM-2's own scale, 0 to 5. */
const QUALITY: Readonly<Record<ReviewGrade, number>> = { 1: 1, 2: 3, 3: 4, 4: 5 };

/** @param reviews of one item, the oldest first. null = never seen. */
export function scheduleOf(reviews: readonly Review[], days: readonly [number, number] = CARD_DAYS): Schedule | null {
  return reviews.reduce<Schedule | null>((before, { atMs, grade }) => after(before, grade, atMs, days), null);
}

/** What a grade given now would make of it. */
export function after(before: Schedule | null, grade: ReviewGrade, atMs: number, days: readonly [number, number] = CARD_DAYS): Schedule {
  const { streak, factor, intervalMs } = before ?? { streak: 0, factor: FIRST_FACTOR, intervalMs: 0 };
  const miss = 5 - QUALITY[grade];
  const nextFactor = Math.max(LEAST_FACTOR, factor + 0.1 - miss * (0.08 + miss * 0.02));
  if (grade === 1) return { dueAtMs: atMs + AGAIN_MS, intervalMs: 0, streak: 0, factor: nextFactor };
  if (before !== null && atMs < before.dueAtMs && before.streak > 0) return before;
  const interval = streak === 0 ? days[0] * DAY_MS : streak === 1 ? days[1] * DAY_MS : Math.round(intervalMs * nextFactor);
  const bounded = Math.min(interval, MOST_DAYS * DAY_MS);
  return { dueAtMs: atMs + bounded, intervalMs: bounded, streak: streak + 1, factor: nextFactor };
}
