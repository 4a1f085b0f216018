/** `ProgressRepository` on SQLite through Drizzle. */
import type { ProblemProgress } from "../contract/index.ts";
import { and, asc, type BetterSQLite3Database, eq, sql } from "../db/drizzle.ts";
import { openedHints, problemActivity, surrenders } from "../db/progress-tables.ts";
import { submissions } from "../db/schema.ts";
import type { ProgressRepository } from "./progress.ts";

export class DrizzleProgress implements ProgressRepository {
  readonly #db: BetterSQLite3Database;

  constructor(db: BetterSQLite3Database) {
    this.#db = db;
  }

  async list(userId: string): Promise<readonly ProblemProgress[]> {
    const found = new Map<string, ProblemProgress>();
    const merge = (problemId: string, { startedAtMs, lastAtMs, ...more }: Seen): void => {
      const before = found.get(problemId) ?? { ...NOTHING, problemId, startedAtMs, lastAtMs };
      found.set(problemId, {
        ...before,
        ...more,
        startedAtMs: Math.min(before.startedAtMs, startedAtMs),
        lastAtMs: Math.max(before.lastAtMs, lastAtMs),
      });
    };
    for (const { problemId, ...seen } of this.#submitted(userId)) merge(problemId, seen);
    const ofUser = eq(problemActivity.userId, userId);
    for (const { problemId, runs, startedAtMs, lastAtMs } of this.#db.select().from(problemActivity).where(ofUser).all())
      merge(problemId, { runs, startedAtMs, lastAtMs });
    const hints = this.#db.select().from(openedHints).where(eq(openedHints.userId, userId)).orderBy(asc(openedHints.openedAtMs)).all();
    for (const { problemId, number, openedAtMs } of hints) {
      const hintsOpened = [...(found.get(problemId)?.hintsOpened ?? []), number];
      merge(problemId, { hintsOpened, startedAtMs: openedAtMs, lastAtMs: openedAtMs });
    }
    for (const { problemId, atMs } of this.#db.select().from(surrenders).where(eq(surrenders.userId, userId)).all())
      merge(problemId, { surrenderedAtMs: atMs, startedAtMs: atMs, lastAtMs: atMs });
    return [...found.values()].sort((a, b) => b.lastAtMs - a.lastAtMs || (a.problemId < b.problemId ? -1 : 1));
  }

  async ran(userId: string, problemId: string, atMs: number): Promise<void> {
    this.#db
      .insert(problemActivity)
      .values({ userId, problemId, startedAtMs: atMs, lastAtMs: atMs, runs: 1 })
      .onConflictDoUpdate({
        target: [problemActivity.userId, problemActivity.problemId],
        set: { lastAtMs: atMs, runs: sql`${problemActivity.runs} + 1` },
      })
      .run();
  }

  async openedHint(userId: string, problemId: string, number: number, atMs: number): Promise<void> {
    this.#db.insert(openedHints).values({ userId, problemId, number, openedAtMs: atMs }).onConflictDoNothing().run();
  }

  async surrendered(userId: string, problemId: string, atMs: number): Promise<void> {
    this.#db.insert(surrenders).values({ userId, problemId, atMs }).onConflictDoNothing().run();
  }

  #submitted(userId: string) {
    const counts = sql`${submissions.status} = 'judged' AND ${submissions.verdict} <> 'judge-error'`;
    const last = this.#db
      .select({ problemId: submissions.problemId, lastVerdict: submissions.verdict, number: sql<number>`max(${submissions.number})` })
      .from(submissions)
      .where(and(eq(submissions.userId, userId), counts))
      .groupBy(submissions.problemId)
      .all();
    const verdicts = new Map(last.map(({ problemId, lastVerdict }) => [problemId, lastVerdict]));
    return this.#db
      .select({
        problemId: submissions.problemId,
        startedAtMs: sql<number>`min(${submissions.createdAtMs})`,
        lastAtMs: sql<number>`max(${submissions.createdAtMs})`,
        attempts: sql<number>`coalesce(sum(${counts}), 0)`,
        bestScore: sql<number | null>`max(CASE WHEN ${counts} THEN ${submissions.score} END)`,
        solvedAtMs: sql<number | null>`min(CASE WHEN ${submissions.verdict} = 'accepted' THEN ${submissions.createdAtMs} END)`,
      })
      .from(submissions)
      .where(eq(submissions.userId, userId))
      .groupBy(submissions.problemId)
      .all()
      .map((row) => ({ ...row, lastVerdict: verdicts.get(row.problemId) ?? null }));
  }
}

type Seen = Partial<ProblemProgress> & Pick<ProblemProgress, "startedAtMs" | "lastAtMs">;

const NOTHING = {
  runs: 0,
  attempts: 0,
  lastVerdict: null,
  bestScore: null,
  solvedAtMs: null,
  surrenderedAtMs: null,
  hintsOpened: [],
} as const;
