/** `SubmissionRepository` on SQLite through Drizzle. Whatever reads before it writes does so in an immediate transaction. */
import { randomUUID } from "node:crypto";
import { and, asc, type BetterSQLite3Database, desc, eq, gt, inArray, sql } from "../db/drizzle.ts";
import type { JudgeProgress, JudgeReport, SubmissionDetail, SubmissionSummary } from "../contract/index.ts";
import { progressEvents, submissions } from "../db/schema.ts";
import type { Job, Lease, LostLease, NewSubmission, ProblemStanding, StoredEvent, SubmissionRepository } from "./submissions.ts";

const IMMEDIATE = { behavior: "immediate" } as const;

/** The closing event is stored without the report, which has a column of its own. */
const FINISHED = JSON.stringify({ kind: "finished" });

const summaryColumns = {
  id: submissions.id,
  number: submissions.number,
  problemId: submissions.problemId,
  language: submissions.language,
  status: submissions.status,
  verdict: submissions.verdict,
  score: submissions.score,
  maxScore: submissions.maxScore,
  createdAtMs: submissions.createdAtMs,
};

const holds = (lease: Lease) =>
  and(
    eq(submissions.id, lease.submissionId),
    eq(submissions.status, "judging"),
    eq(submissions.leaseOwner, lease.owner),
    eq(submissions.attempts, lease.attempt),
  );

export class DrizzleSubmissions implements SubmissionRepository {
  readonly #db: BetterSQLite3Database;

  constructor(db: BetterSQLite3Database) {
    this.#db = db;
  }

  async add(submission: NewSubmission, maxOpen: number): Promise<SubmissionSummary | null> {
    return this.#db.transaction((tx) => {
      const open = tx
        .select({ count: sql<number>`count(*)` })
        .from(submissions)
        .where(inArray(submissions.status, ["queued", "judging"]))
        .get();
      if (open !== undefined && open.count >= maxOpen) return null;
      const number = sql<number>`(SELECT coalesce(max(number), 0) + 1 FROM submissions WHERE problem_id = ${submission.problemId})`;
      return tx
        .insert(submissions)
        .values({ id: randomUUID(), status: "queued", ...submission, number })
        .returning(summaryColumns)
        .get();
    }, IMMEDIATE);
  }

  async find(id: string): Promise<SubmissionDetail | null> {
    const row = this.#db
      .select({
        ...summaryColumns,
        text: submissions.text,
        functions: submissions.functions,
        variation: submissions.variation,
        report: submissions.report,
      })
      .from(submissions)
      .where(eq(submissions.id, id))
      .get();
    return row ?? null;
  }

  async listByProblem(problemId: string): Promise<readonly SubmissionSummary[]> {
    return this.#db
      .select(summaryColumns)
      .from(submissions)
      .where(eq(submissions.problemId, problemId))
      .orderBy(desc(submissions.number))
      .all();
  }

  async standings(): Promise<readonly ProblemStanding[]> {
    // SQLite takes the bare column `verdict` from the row that holds the maximum.
    return this.#db
      .select({
        problemId: submissions.problemId,
        lastVerdict: submissions.verdict,
        last: sql<number>`max(${submissions.number})`,
        bestScore: sql<
          number | null
        >`(SELECT max(s.score) FROM submissions s WHERE s.problem_id = ${submissions.problemId} AND s.verdict <> 'judge-error')`,
      })
      .from(submissions)
      .where(eq(submissions.status, "judged"))
      .groupBy(submissions.problemId)
      .all();
  }

  async countQueued(): Promise<number> {
    return this.#db.select({ count: sql<number>`count(*)` }).from(submissions).where(eq(submissions.status, "queued")).get()?.count ?? 0;
  }

  async claim(owner: string, leaseUntilMs: number): Promise<Job | null> {
    const row = this.#db.transaction(
      (tx) =>
        tx
          .update(submissions)
          .set({ status: "judging", attempts: sql`${submissions.attempts} + 1`, leaseOwner: owner, leaseUntilMs })
          .where(eq(submissions.id, sql`(SELECT id FROM submissions WHERE status = 'queued' ORDER BY created_at_ms, rowid LIMIT 1)`))
          .returning()
          .get(),
      IMMEDIATE,
    );
    // The types promise a row; without a waiting submission there is none.
    if ((row as unknown) === undefined) return null;
    const { id, attempts, failures, problemId, packVersion, language, text, functions, variation } = row;
    return { submissionId: id, attempt: attempts, owner, failures, problemId, packVersion, language, text, functions, variation };
  }

  async renew(lease: Lease, leaseUntilMs: number): Promise<boolean> {
    return this.#db.update(submissions).set({ leaseUntilMs }).where(holds(lease)).run().changes === 1;
  }

  async addProgress(lease: Lease, progress: JudgeProgress): Promise<boolean> {
    return this.#db.transaction((tx) => {
      if (tx.select({ id: submissions.id }).from(submissions).where(holds(lease)).get() === undefined) return false;
      this.#append(tx, lease.submissionId, JSON.stringify(progress));
      return true;
    }, IMMEDIATE);
  }

  async complete(lease: Lease, report: JudgeReport, judgedAtMs: number): Promise<boolean> {
    return this.#db.transaction((tx) => {
      const { verdict, score, maxScore } = report;
      const changed = tx
        .update(submissions)
        .set({ status: "judged", verdict, score, maxScore, report, judgedAtMs, leaseOwner: null, leaseUntilMs: null })
        .where(holds(lease))
        .run().changes;
      if (changed === 0) return false;
      this.#append(tx, lease.submissionId, FINISHED);
      return true;
    }, IMMEDIATE);
  }

  async release(lease: Lease, reason: "failed" | "lost" | "stopped"): Promise<boolean> {
    const changes = this.#db
      .update(submissions)
      .set({
        status: "queued",
        leaseOwner: null,
        leaseUntilMs: null,
        failures: reason === "failed" ? sql`${submissions.failures} + 1` : undefined,
        losses: reason === "lost" ? sql`${submissions.losses} + 1` : undefined,
      })
      .where(holds(lease))
      .run().changes;
    return changes === 1;
  }

  async leases(): Promise<readonly (LostLease & { readonly leaseUntilMs: number })[]> {
    const rows = this.#db.select().from(submissions).where(eq(submissions.status, "judging")).all();
    return rows.map((row) => ({
      submissionId: row.id,
      attempt: row.attempts,
      owner: row.leaseOwner ?? "",
      losses: row.losses,
      packVersion: row.packVersion,
      leaseUntilMs: row.leaseUntilMs ?? 0,
    }));
  }

  async progressAfter(id: string, afterSeq: number): Promise<readonly StoredEvent[]> {
    const rows = this.#db
      .select()
      .from(progressEvents)
      .where(and(eq(progressEvents.submissionId, id), gt(progressEvents.seq, afterSeq)))
      .orderBy(asc(progressEvents.seq))
      .all();
    const events: StoredEvent[] = [];
    for (const { seq, json } of rows) {
      if (json !== FINISHED) {
        events.push({ seq, progress: JSON.parse(json) as JudgeProgress });
        continue;
      }
      const report = (await this.find(id))?.report;
      if (report !== null && report !== undefined) events.push({ seq, progress: { kind: "finished", report } });
    }
    return events;
  }

  #append(db: Pick<BetterSQLite3Database, "insert">, submissionId: string, json: string): void {
    const seq = sql<number>`(SELECT coalesce(max(seq), 0) + 1 FROM progress_events WHERE submission_id = ${submissionId})`;
    db.insert(progressEvents).values({ submissionId, seq, json }).run();
  }
}
