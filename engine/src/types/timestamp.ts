/**
 * Points in time, as rows have them: epoch ms, with microseconds as a fraction, for as long as that is exact; else a bigint of nanoseconds.
 *
 * Nearly every timestamp is a number: whatever is whole in ms, and until the year 2248, where doubles are dense enough, what ends with a microsecond.
 * A double has no room for more, so values with further digits become a bigint. It begins at 2^80, which no BIGINT and
 * no point in time in numbers of either unit comes near: whoever meets a number and such a bigint side by side (`compareValues`) can tell that
 * they are points in time and not two BIGINTs. One point in time has one form, so that `===`, keys of maps and digests need to know nothing.
 *
 * Types up to TIMESTAMP(3), rowtimes among them, never have the second form: what computes with them may take them for numbers, and JavaScript's
 * operators compare them. Types above may have both, even TIMESTAMP(6), since Flink's casts leave small fractions alone (sql/functions/cast.ts).
 *
 * Flink: `TimestampData`, ms and nanoseconds of the ms, and whether it is compact.
 */

export type Timestamp = number | bigint;

const MARK = 1n << 80n;
/** Half-way up to the mark: points in time lie above it, BIGINTs below. */
const LEAST_MARKED = 1n << 79n;
const NANOS_PER_MS = 1_000_000n;
/** Up to here doubles are dense enough to tell microseconds apart. */
const MOST_MS_WITH_MICROS = 2 ** 43;

/** @param ms epoch ms, whole @param nanosOfMs 0 to 999999 */
export function timestampFromMs(ms: number, nanosOfMs: number): Timestamp {
  if (nanosOfMs === 0) return ms;
  if (nanosOfMs % 1000 === 0 && Math.abs(ms) < MOST_MS_WITH_MICROS) return ms + nanosOfMs / 1_000_000;
  return MARK + BigInt(ms) * NANOS_PER_MS + BigInt(nanosOfMs);
}

/** @param epochNanos nanoseconds since 1970 */
export function timestampFromNanos(epochNanos: bigint): Timestamp {
  const rest = ((epochNanos % NANOS_PER_MS) + NANOS_PER_MS) % NANOS_PER_MS;
  return timestampFromMs(Number((epochNanos - rest) / NANOS_PER_MS), Number(rest));
}

/** Whether a value of any type is one of the points in time that are kept as nanoseconds. */
export function isNanoTimestamp(value: unknown): value is bigint {
  return typeof value === "bigint" && value >= LEAST_MARKED;
}

/** The whole ms, rounded down. (Flink: `getMillisecond`) */
export function msOf(time: Timestamp): number {
  if (typeof time === "number") return Math.floor(time);
  const nanos = time - MARK;
  const ms = nanos / NANOS_PER_MS;
  return Number(nanos < 0n && ms * NANOS_PER_MS !== nanos ? ms - 1n : ms);
}

/** 0 to 999999. (Flink: `getNanoOfMillisecond`) */
export function nanosOfMs(time: Timestamp): number {
  if (typeof time === "number") return Math.round((time - Math.floor(time)) * 1000) * 1000;
  const rest = Number((time - MARK) % NANOS_PER_MS);
  return rest < 0 ? rest + 1_000_000 : rest;
}

/** The same moment some whole ms later, or earlier. */
export function shiftedBy(time: Timestamp, ms: number): Timestamp {
  // A fraction is put together anew: near 1970 doubles are denser, and the sum would not be the double of these microseconds.
  return Number.isInteger(time) ? (time as number) + ms : timestampFromMs(msOf(time) + ms, nanosOfMs(time));
}

/** The first digits of the second's fraction, as many as a precision says; what is behind them is cut. */
export function cutToPrecision(time: Timestamp, precision: number): Timestamp {
  if (precision >= 9 || (precision >= 3 && Number.isInteger(time))) return time;
  const ms = msOf(time);
  if (precision <= 3) {
    const step = 10 ** (3 - precision);
    return Math.floor(ms / step) * step;
  }
  const nanos = nanosOfMs(time);
  return timestampFromMs(ms, nanos - (nanos % 10 ** (9 - precision)));
}

/** -1, 0 or 1, across both forms. */
export function compareTimestamps(a: Timestamp, b: Timestamp): number {
  if (typeof a === typeof b) return a < b ? -1 : a > b ? 1 : 0;
  return Math.sign(msOf(a) - msOf(b) || nanosOfMs(a) - nanosOfMs(b));
}
