/** What is wrong with a database right now, and until when. Faults of the world set it. */
import { PostgresError, SQLSTATE } from "./postgres-error.ts";

export class DatabaseHealth {
  private readonly currentMs: () => number;
  private downUntilMs = Number.NEGATIVE_INFINITY;
  private downBecause: "restart" | "failover" = "restart";
  private slowUntilMs = Number.NEGATIVE_INFINITY;
  private slowFactor = 1;
  private fullUntilMs = Number.NEGATIVE_INFINITY;
  private repliesToLose = 0;

  constructor(currentMs: () => number) {
    this.currentMs = currentMs;
  }

  /** When it takes connections again: now, or later. */
  get availableAtMs(): number {
    return Math.max(this.currentMs(), this.downUntilMs);
  }

  get available(): boolean {
    return this.currentMs() >= this.downUntilMs;
  }

  /** Statements take so many times as long. */
  get slowness(): number {
    return this.currentMs() < this.slowUntilMs ? this.slowFactor : 1;
  }

  goDown(forMs: number, because: "restart" | "failover"): void {
    this.downUntilMs = this.currentMs() + forMs;
    this.downBecause = because;
  }

  slowDown(forMs: number, factor: number): void {
    this.slowUntilMs = this.currentMs() + forMs;
    this.slowFactor = factor;
  }

  fillDisk(forMs: number): void {
    this.fullUntilMs = this.currentMs() + forMs;
  }

  loseReplies(count: number): void {
    this.repliesToLose += count;
  }

  /** True when the answer to a COMMIT does not reach the client, although it was done. */
  losesReply(): boolean {
    if (this.repliesToLose === 0) return false;
    this.repliesToLose--;
    return true;
  }

  /** @throws PostgresError 57P03, 08001 */
  requireAvailable(database: string): void {
    if (this.available) return;
    throw this.downBecause === "restart"
      ? new PostgresError(SQLSTATE.cannotConnectNow, "the database system is starting up")
      : new PostgresError(
          SQLSTATE.connectionRefused,
          `Connection to ${database} refused. Check that the postmaster is accepting TCP/IP connections.`,
        );
  }

  /** @throws PostgresError 53100 */
  requireSpace(): void {
    if (this.currentMs() >= this.fullUntilMs) return;
    throw new PostgresError(SQLSTATE.diskFull, "could not extend file: No space left on device", { hint: "Check free disk space." });
  }
}
