/** `ReviewRepository` on SQLite through Drizzle. */
import type { Review, ReviewGrade } from "../contract/index.ts";
import { asc, type BetterSQLite3Database, eq, sql } from "../db/drizzle.ts";
import { reviews } from "../db/progress-tables.ts";
import type { ReviewRepository } from "./reviews.ts";

export class DrizzleReviews implements ReviewRepository {
  readonly #db: BetterSQLite3Database;

  constructor(db: BetterSQLite3Database) {
    this.#db = db;
  }

  async list(userId: string): Promise<readonly Review[]> {
    return this.#db
      .select({ item: reviews.item, atMs: reviews.atMs, grade: sql<ReviewGrade>`${reviews.grade}` })
      .from(reviews)
      .where(eq(reviews.userId, userId))
      .orderBy(asc(reviews.atMs), asc(reviews.item))
      .all();
  }

  async add(userId: string, added: readonly Review[], max: number): Promise<boolean> {
    if (added.length === 0) return true;
    return this.#db.transaction(
      (tx) => {
        const { held } = tx.select({ held: sql<number>`count(*)` }).from(reviews).where(eq(reviews.userId, userId)).get()!;
        if (held + added.length > max) return false;
        for (const { item, atMs, grade } of added) tx.insert(reviews).values({ userId, item, atMs, grade }).onConflictDoNothing().run();
        return true;
      },
      { behavior: "immediate" },
    );
  }
}
