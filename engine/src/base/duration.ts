/**
 * A length of time in whole milliseconds, under the names of `java.time.Duration`. Immutable.
 * (`ofNanos` rounds down to milliseconds; the engine knows no finer time.)
 */
export class Duration {
  static readonly ZERO: Duration = new Duration(0);
  private readonly millis: number;

  private constructor(millis: number) {
    if (!Number.isFinite(millis)) throw new TypeError(`A Duration needs a finite number, got ${millis}`);
    this.millis = Math.trunc(millis);
  }

  static ofMillis(millis: number): Duration {
    return new Duration(millis);
  }

  static ofSeconds(seconds: number): Duration {
    return new Duration(seconds * 1000);
  }

  static ofMinutes(minutes: number): Duration {
    return new Duration(minutes * 60_000);
  }

  static ofHours(hours: number): Duration {
    return new Duration(hours * 3_600_000);
  }

  static ofDays(days: number): Duration {
    return new Duration(days * 86_400_000);
  }

  static ofNanos(nanos: number): Duration {
    return new Duration(Math.floor(nanos / 1_000_000));
  }

  /** Reads ISO-8601 durations of days and smaller units, e.g. `PT15M`, `P1DT2H`, `PT0.5S`. */
  static parse(text: string): Duration {
    const match = /^([-+]?)P(?:(-?\d+)D)?(?:T(?:(-?\d+)H)?(?:(-?\d+)M)?(?:(-?\d+(?:\.\d{0,9})?)S)?)?$/i.exec(text);
    if (match === null || /^[-+]?PT?$|T$/i.test(text)) throw new TypeError(`Not an ISO-8601 duration: "${text}" (example: "PT15M")`);
    const part = (index: number) => Number(match[index] ?? 0);
    const millis = part(2) * 86_400_000 + part(3) * 3_600_000 + part(4) * 60_000 + part(5) * 1000;
    return new Duration(match[1] === "-" ? -millis : millis);
  }

  toMillis(): number {
    return this.millis;
  }

  /** Whole seconds, rounded down. */
  getSeconds(): number {
    return Math.floor(this.millis / 1000);
  }

  toSeconds(): number {
    return this.getSeconds();
  }

  toMinutes(): number {
    return Math.trunc(this.millis / 60_000);
  }

  toHours(): number {
    return Math.trunc(this.millis / 3_600_000);
  }

  toDays(): number {
    return Math.trunc(this.millis / 86_400_000);
  }

  plus(other: Duration): Duration {
    return new Duration(this.millis + other.millis);
  }

  minus(other: Duration): Duration {
    return new Duration(this.millis - other.millis);
  }

  plusMillis(millis: number): Duration {
    return new Duration(this.millis + millis);
  }

  plusSeconds(seconds: number): Duration {
    return new Duration(this.millis + seconds * 1000);
  }

  plusMinutes(minutes: number): Duration {
    return new Duration(this.millis + minutes * 60_000);
  }

  plusHours(hours: number): Duration {
    return new Duration(this.millis + hours * 3_600_000);
  }

  plusDays(days: number): Duration {
    return new Duration(this.millis + days * 86_400_000);
  }

  multipliedBy(factor: number): Duration {
    return new Duration(this.millis * factor);
  }

  dividedBy(divisor: number): Duration {
    return new Duration(this.millis / divisor);
  }

  negated(): Duration {
    return new Duration(-this.millis);
  }

  isZero(): boolean {
    return this.millis === 0;
  }

  isNegative(): boolean {
    return this.millis < 0;
  }

  compareTo(other: Duration): number {
    return Math.sign(this.millis - other.millis);
  }

  equals(other: unknown): boolean {
    return other instanceof Duration && other.millis === this.millis;
  }

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
