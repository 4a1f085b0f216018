import { Diagnostic } from "./diagnostic.ts";

/**
 * A length of time in whole milliseconds, under the names of `java.time.Duration`. Immutable.
 * (`ofNanos` rounds down to milliseconds; the engine knows no finer time.) (Flink: docs/dev/datastream/operators/windows)
 */
export class Duration {
  /** No time at all. */
  static readonly ZERO: Duration = new Duration(0);
  private readonly millis: number;

  private constructor(millis: number) {
    if (!Number.isFinite(millis)) throw badDuration("A Duration needs a finite number.", String(millis), "e.g. Duration.ofSeconds(5)");
    this.millis = Math.trunc(millis);
  }

  /** A length of so many milliseconds; may be negative. */
  static ofMillis(millis: number): Duration {
    return new Duration(millis);
  }

  /** A length of so many seconds; may be negative. */
  static ofSeconds(seconds: number): Duration {
    return new Duration(seconds * 1000);
  }

  /** A length of so many minutes; may be negative. */
  static ofMinutes(minutes: number): Duration {
    return new Duration(minutes * 60_000);
  }

  /** A length of so many hours; may be negative. */
  static ofHours(hours: number): Duration {
    return new Duration(hours * 3_600_000);
  }

  /** A length of so many days of 24 hours; may be negative. */
  static ofDays(days: number): Duration {
    return new Duration(days * 86_400_000);
  }

  /** A length of so many nanoseconds, rounded to whole milliseconds, which are the finest here. */
  static ofNanos(nanos: number): Duration {
    return new Duration(Math.floor(nanos / 1_000_000));
  }

  /** Reads ISO-8601 durations of days and smaller units, e.g. `PT15M`, `P1DT2H`, `PT0.5S`. */
  static parse(text: string): Duration {
    const match = /^([-+]?)P(?:(-?\d+)D)?(?:T(?:(-?\d+)H)?(?:(-?\d+)M)?(?:(-?\d+(?:\.\d{0,9})?)S)?)?$/i.exec(text);
    if (match === null || /^[-+]?PT?$|T$/i.test(text))
      throw badDuration(`Not an ISO-8601 duration: "${text}".`, text, '"PT15M", "PT1H30M", "P1D" …');
    const part = (index: number) => Number(match[index] ?? 0);
    const millis = part(2) * 86_400_000 + part(3) * 3_600_000 + part(4) * 60_000 + part(5) * 1000;
    return new Duration(match[1] === "-" ? -millis : millis);
  }

  /** The whole length in milliseconds. */
  toMillis(): number {
    return this.millis;
  }

  /** Whole seconds, rounded down. */
  getSeconds(): number {
    return Math.floor(this.millis / 1000);
  }

  /** The whole length in seconds, rounded down. */
  toSeconds(): number {
    return this.getSeconds();
  }

  /** The whole length in minutes, rounded down. */
  toMinutes(): number {
    return Math.trunc(this.millis / 60_000);
  }

  /** The whole length in hours, rounded down. */
  toHours(): number {
    return Math.trunc(this.millis / 3_600_000);
  }

  /** The whole length in days of 24 hours, rounded down. */
  toDays(): number {
    return Math.trunc(this.millis / 86_400_000);
  }

  /** The sum of both lengths. */
  plus(other: Duration): Duration {
    return new Duration(this.millis + other.millis);
  }

  /** This length less another; may become negative. */
  minus(other: Duration): Duration {
    return new Duration(this.millis - other.millis);
  }

  /** This length and so many milliseconds more. */
  plusMillis(millis: number): Duration {
    return new Duration(this.millis + millis);
  }

  /** This length and so many seconds more. */
  plusSeconds(seconds: number): Duration {
    return new Duration(this.millis + seconds * 1000);
  }

  /** This length and so many minutes more. */
  plusMinutes(minutes: number): Duration {
    return new Duration(this.millis + minutes * 60_000);
  }

  /** This length and so many hours more. */
  plusHours(hours: number): Duration {
    return new Duration(this.millis + hours * 3_600_000);
  }

  /** This length and so many days of 24 hours more. */
  plusDays(days: number): Duration {
    return new Duration(this.millis + days * 86_400_000);
  }

  /** This length so many times. */
  multipliedBy(factor: number): Duration {
    return new Duration(this.millis * factor);
  }

  /** This length divided, rounded to whole milliseconds. */
  dividedBy(divisor: number): Duration {
    return new Duration(this.millis / divisor);
  }

  /** The same length with the other sign. */
  negated(): Duration {
    return new Duration(-this.millis);
  }

  /** True for a length of 0 ms. */
  isZero(): boolean {
    return this.millis === 0;
  }

  /** True below 0 ms. */
  isNegative(): boolean {
    return this.millis < 0;
  }

  /** Negative, 0 or positive, as this length is shorter, equal or longer. */
  compareTo(other: Duration): number {
    return Math.sign(this.millis - other.millis);
  }

  /** True for a duration of the same length. */
  equals(other: unknown): boolean {
    return other instanceof Duration && other.millis === this.millis;
  }

  /** A hash that equal lengths share. */
  hashCode(): number {
    return this.millis | 0;
  }

  /** ISO-8601, as Java prints it: `PT1H30M`, `PT0.5S`, `PT0S`. */
  toString(): string {
    if (this.millis === 0) return "PT0S";
    const hours = Math.trunc(this.millis / 3_600_000);
    const minutes = Math.trunc((this.millis % 3_600_000) / 60_000);
    const seconds = (this.millis % 60_000) / 1000;
    return `PT${hours === 0 ? "" : `${hours}H`}${minutes === 0 ? "" : `${minutes}M`}${seconds === 0 ? "" : `${seconds}S`}`;
  }
}

function badDuration(message: string, found: string, expected: string): Diagnostic {
  return new Diagnostic({ code: "DURATION_INVALID", phase: "graph", message, found, expected });
}
