import { Diagnostic } from "../../base/diagnostic.ts";

/** A length of time: a `Duration` (or the old `Time`), or a number of milliseconds. (Flink: docs/dev/datastream/operators/windows) */
export type TimeLike = number | { toMillis(): number };

/** Whole milliseconds of a time given by the user. `what` names the setting; times below `minMs` are refused. */
export function timeMs(time: TimeLike, what: string, minMs = 0): number {
  const millis = typeof time === "number" ? time : time?.toMillis?.();
  if (typeof millis !== "number" || !Number.isFinite(millis) || millis < minMs) {
    throw new Diagnostic({
      code: "JOB_BAD_TIME",
      message: `${what} must be at least ${minMs} ms, found ${typeof millis === "number" ? `${millis} ms` : String(time)}.`,
      phase: "graph",
      found: typeof millis === "number" ? `${millis} ms` : String(time),
      expected: "a Duration, e.g. Duration.ofSeconds(60), or a number of milliseconds",
    });
  }
  return Math.trunc(millis);
}

const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  ms: 1,
  "": 1,
  s: 1000,
  sec: 1000,
  second: 1000,
  seconds: 1000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  minutes: 60_000,
  h: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
  days: 86_400_000,
};

/** Reads a configuration text such as "10 s", "1 min", "500ms" (Flink: `TimeUtils.parseDuration`); undefined when it is none. */
export function parseTimeText(text: string): number | undefined {
  const match = /^\s*(\d+)\s*([a-z]*)\s*$/i.exec(text);
  const unitMs = match === null ? undefined : UNIT_MS[match[2].toLowerCase()];
  return match === null || unitMs === undefined ? undefined : Math.floor(Number(match[1]) * unitMs);
}
