/**
 * A unit of time, where Flink's methods take a number and a unit (Java: `java.util.concurrent.TimeUnit`).
 * (Flink: docs/dev/datastream/operators/asyncio)
 */
export class TimeUnit {
  /** 1 ms, the finest unit here. */
  static readonly MILLISECONDS: TimeUnit = new TimeUnit(1);
  /** 1000 ms. */
  static readonly SECONDS: TimeUnit = new TimeUnit(1000);
  /** 60 s. */
  static readonly MINUTES: TimeUnit = new TimeUnit(60_000);
  /** 60 min. */
  static readonly HOURS: TimeUnit = new TimeUnit(3_600_000);
  /** 24 h. */
  static readonly DAYS: TimeUnit = new TimeUnit(86_400_000);
  private readonly millis: number;

  private constructor(millis: number) {
    this.millis = millis;
  }

  /** So many of this unit in milliseconds. */
  toMillis(duration: number): number {
    return Math.trunc(duration * this.millis);
  }
}
