/**
 * The time that an interview has taken. It stands while it is paused, and it does not count what passed while nobody had the page open: it is told every second that
 * somebody has, and a long silence was an absence.
 */

/** As it is kept in the browser. */
export interface ClockState {
  /** Up to `countedAtMs`. */
  readonly elapsedMs: number;
  readonly countedAtMs: number;
  readonly isRunning: boolean;
}

/** A silence that is longer was an absence. Tabs in the background are told once a minute only. */
const ABSENCE_MS = 90_000;

export function startedClock(nowMs: number): ClockState {
  return { elapsedMs: 0, countedAtMs: nowMs, isRunning: true };
}

/** Counts what has passed since. */
export function counted(clock: ClockState, nowMs: number): ClockState {
  const passedMs = nowMs - clock.countedAtMs;
  const counts = clock.isRunning && passedMs > 0 && passedMs <= ABSENCE_MS;
  return { ...clock, elapsedMs: clock.elapsedMs + (counts ? passedMs : 0), countedAtMs: nowMs };
}

export function withRunning(clock: ClockState, isRunning: boolean, nowMs: number): ClockState {
  return { ...counted(clock, nowMs), isRunning };
}

/** 1,878,000 → "31:18"; from an hour on "1:02:03". */
export function clockText(ms: number): string {
  const seconds = Math.floor(Math.abs(ms) / 1_000);
  const two = (n: number) => String(n).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
