/** `VersionRepository` on SQLite through Drizzle. */
import { and, type BetterSQLite3Database, eq, inArray } from "../db/drizzle.ts";
import { problemVersions } from "../db/progress-tables.ts";
import { withoutDisk } from "../db/without-disk.ts";
import type { LearnerVersion, VersionRepository } from "./versions.ts";

const TARGET = [problemVersions.userId, problemVersions.problemId];

export class DrizzleVersions implements VersionRepository {
  readonly #db: BetterSQLite3Database;

  constructor(db: BetterSQLite3Database) {
    this.#db = db;
  }

  async find(userId: string, problemId: string): Promise<LearnerVersion | null> {
    const { version, isBegun } = problemVersions;
    const place = and(eq(problemVersions.userId, userId), eq(problemVersions.problemId, problemId));
    return this.#db.select({ version, isBegun }).from(problemVersions).where(place).get() ?? null;
  }

  async seen(userId: string, problemId: string, version: string): Promise<void> {
    withoutDisk(this.#db, () =>
      this.#db
        .insert(problemVersions)
        .values({ userId, problemId, version, isBegun: false })
        .onConflictDoUpdate({ target: TARGET, set: { version }, setWhere: eq(problemVersions.isBegun, false) })
        .run(),
    );
  }

  async begun(userId: string, problemId: string, version: string): Promise<void> {
    this.#db
      .insert(problemVersions)
      .values({ userId, problemId, version, isBegun: true })
      .onConflictDoUpdate({ target: TARGET, set: { version, isBegun: true } })
      .run();
  }

  async isBegun(problemIds: readonly string[], version: string): Promise<boolean> {
    const which = and(
      inArray(problemVersions.problemId, [...problemIds]),
      eq(problemVersions.version, version),
      eq(problemVersions.isBegun, true),
    );
    return this.#db.select({ userId: problemVersions.userId }).from(problemVersions).where(which).limit(1).get() !== undefined;
  }
}
