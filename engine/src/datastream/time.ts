import { Duration } from "../base/duration.ts";

/**
 * Flink 1.x spelling of a length of time; removed in Flink 2.0. (Flink: docs/dev/datastream/operators/windows)
 * @deprecated Write `Duration.ofMinutes(5)` for `Time.minutes(5)`.
 */
export const Time = {
  milliseconds: (milliseconds: number): Duration => Duration.ofMillis(milliseconds),
  seconds: (seconds: number): Duration => Duration.ofSeconds(seconds),
  minutes: (minutes: number): Duration => Duration.ofMinutes(minutes),
  hours: (hours: number): Duration => Duration.ofHours(hours),
  days: (days: number): Duration => Duration.ofDays(days),
} as const;
