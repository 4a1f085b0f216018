/** `SubmissionRepository` on SQLite through Drizzle. Whatever reads before it writes does so in an immediate transaction. */
import { randomUUID } from "node:crypto";
import { and, asc, type BetterSQLite3Database, desc, eq, gt, inArray, isNotNull, sql } from "../db/drizzle.ts";
import type { Explanation, JudgeProgress, JudgeReport, SubmissionDetail, SubmissionSummary } from "../contract/index.ts";
import { progressEvents, submissions } from "../db/schema.ts";
import { withoutDisk } from "../db/without-disk.ts";
import { FINISHED, JUDGED } from "./closing-events.ts";
import type { HeldLease, Job, Lane, Lease, ReleaseReason } from "./jobs.ts";
import type { NewSubmission, ProblemStanding, StoredEvent, StoredSubmission, SubmissionRepository } from "./submissions.ts";

const IMMEDIATE = { behavior: "immediate" } as const;

/** The oldest that waits, per lane. An explanation that was cut off waits with the batch: its verdict is known. */
const NEXT = {
  interactive: sql`(SELECT id FROM submissions WHERE status = 'queued' AND lane = 'interactive' ORDER BY created_at_ms, rowid LIMIT 1)`,
  batch: sql`coalesce(
    (SELECT id FROM submissions WHERE status = 'queued' AND lane = 'batch' ORDER BY created_at_ms, rowid LIMIT 1),
    (SELECT id FROM submissions WHERE explanation = 'pending' AND lease_owner IS NULL ORDER BY created_at_ms, rowid LIMIT 1))`,
} as const;

const summaryColumns = {
  id: submissions.id,
  number: submissions.number,
  problemId: submissions.problemId,
  language: submissions.language,
  status: submissions.status,
  verdict: submissions.verdict,
  score: submissions.score,
  maxScore: submissions.maxScore,
  packVersion: submissions.packVersion,
  createdAtMs: submissions.createdAtMs,
};

const holds = (lease: Lease) =>
  and(
    eq(submissions.id, lease.submissionId),
    ...(lease.purpose === "explanation"
      ? [eq(submissions.status, "judged"), eq(submissions.explanation, "pending")]
      : [eq(submissions.status, "judging")]),
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
        .where(and(inArray(submissions.status, ["queued", "judging"]), eq(submissions.lane, submission.lane ?? "interactive")))
        .get();
      if (open !== undefined && open.count >= maxOpen) return null;
      const number = sql<number>`(SELECT coalesce(max(number), 0) + 1 FROM submissions
        WHERE user_id = ${submission.userId} AND problem_id = ${submission.problemId})`;
      return tx
        .insert(submissions)
        .values({ id: randomUUID(), status: "queued", ...submission, number })
        .returning(summaryColumns)
        .get();
    }, IMMEDIATE);
  }

  async find(id: string): Promise<StoredSubmission | null> {
    const row = this.#db
      .select({
        ...summaryColumns,
        userId: submissions.userId,
        text: submissions.text,
        functions: submissions.functions,
        variation: submissions.variation,
        report: submissions.report,
        explanation: submissions.explanation,
      })
      .from(submissions)
      .where(eq(submissions.id, id))
      .get();
    return row ?? null;
  }

  async listByProblem(problemId: string, userId: string): Promise<readonly SubmissionSummary[]> {
    return this.#db
      .select(summaryColumns)
      .from(submissions)
      .where(and(eq(submissions.userId, userId), eq(submissions.problemId, problemId)))
      .orderBy(desc(submissions.number))
      .all();
  }

  async standings(userId: string): Promise<readonly ProblemStanding[]> {
    // SQLite takes the bare column `verdict` from the row that holds the maximum.
    return this.#db
      .select({
        problemId: submissions.problemId,
        lastVerdict: submissions.verdict,
        last: sql<number>`max(${submissions.number})`,
        bestScore: sql<
          number | null
        >`(SELECT max(s.score) FROM submissions s WHERE s.user_id = ${userId} AND s.problem_id = ${submissions.problemId} AND s.verdict <> 'judge-error')`,
      })
      .from(submissions)
      .where(and(eq(submissions.userId, userId), eq(submissions.status, "judged")))
      .groupBy(submissions.problemId)
      .all();
  }

  async hasAny(problemIds: readonly string[], packVersion: string): Promise<boolean> {
    const which = and(inArray(submissions.problemId, [...problemIds]), eq(submissions.packVersion, packVersion));
    return this.#db.select({ id: submissions.id }).from(submissions).where(which).limit(1).get() !== undefined;
  }

  async countQueued(): Promise<number> {
    return this.#db.select({ count: sql<number>`count(*)` }).from(submissions).where(eq(submissions.status, "queued")).get()?.count ?? 0;
  }

  async claim(owner: string, leaseUntilMs: number, lane: Lane = "interactive"): Promise<Job | null> {
    if (lane === "rejudge") return null;
    const row = withoutDisk(this.#db, () =>
      this.#db.transaction(
        (tx) =>
          tx
            .update(submissions)
            .set({
              status: sql`CASE ${submissions.status} WHEN 'queued' THEN 'judging' ELSE ${submissions.status} END`,
              attempts: sql`${submissions.attempts} + 1`,
              leaseOwner: owner,
              leaseUntilMs,
            })
            .where(eq(submissions.id, NEXT[lane]))
            .returning()
            .get(),
        IMMEDIATE,
      ),
    );
    // The types promise a row; without a waiting submission there is none.
    if ((row as unknown) === undefined) return null;
    const { id, attempts, failures, problemId, packVersion, language, text, functions, variation, verdict } = row;
    const lease: Lease = { purpose: purposeOf(row), submissionId: id, setId: "", attempt: attempts, owner };
    return { ...lease, lane, failures, problemId, packVersion, language, text, functions, variation, verdict };
  }

  async renew(lease: Lease, leaseUntilMs: number): Promise<boolean> {
    return withoutDisk(this.#db, () => this.#db.update(submissions).set({ leaseUntilMs }).where(holds(lease)).run().changes === 1);
  }

  async addProgress(lease: Lease, progress: JudgeProgress): Promise<boolean> {
    return withoutDisk(this.#db, () =>
      this.#db.transaction((tx) => {
        if (tx.select({ id: submissions.id }).from(submissions).where(holds(lease)).get() === undefined) return false;
        this.#append(tx, lease.submissionId, JSON.stringify(progress));
        return true;
      }, IMMEDIATE),
    );
  }

  async complete(lease: Lease, report: JudgeReport, judgedAtMs: number): Promise<boolean> {
    return this.#judged(lease, report, { judgedAtMs, explanation: report.explanation === null ? "none" : "ready" });
  }

  async conclude(lease: Lease, report: JudgeReport, judgedAtMs: number): Promise<boolean> {
    return this.#judged(lease, report, { judgedAtMs, explanation: "pending" });
  }

  async explained(lease: Lease, explanation: Explanation | null): Promise<boolean> {
    return this.#db.transaction((tx) => {
      const row = tx.select({ report: submissions.report }).from(submissions).where(holds(lease)).get();
      if (row === undefined || row.report === null) return false;
      tx.update(submissions)
        .set({
          report: { ...row.report, explanation },
          explanation: explanation === null ? "none" : "ready",
          leaseOwner: null,
          leaseUntilMs: null,
        })
        .where(holds(lease))
        .run();
      this.#append(tx, lease.submissionId, FINISHED);
      return true;
    }, IMMEDIATE);
  }

  async release(lease: Lease, reason: ReleaseReason): Promise<boolean> {
    const changes = this.#db
      .update(submissions)
      .set({
        status: lease.purpose === "explanation" ? "judged" : "queued",
        leaseOwner: null,
        leaseUntilMs: null,
        failures: reason === "failed" ? sql`${submissions.failures} + 1` : undefined,
        losses: reason === "lost" ? sql`${submissions.losses} + 1` : undefined,
      })
      .where(holds(lease))
      .run().changes;
    return changes === 1;
  }

  async leases(): Promise<readonly HeldLease[]> {
    const rows = this.#db.select().from(submissions).where(isNotNull(submissions.leaseOwner)).all();
    return rows.map((row) => ({
      purpose: purposeOf(row),
      submissionId: row.id,
      setId: "",
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
      if (json !== FINISHED && json !== JUDGED) {
        events.push({ seq, progress: JSON.parse(json) as JudgeProgress });
        continue;
      }
      const report = (await this.find(id))?.report ?? null;
      if (report === null) continue;
      const progress: JudgeProgress =
        json === FINISHED ? { kind: "finished", report } : { kind: "judged", report: { ...report, explanation: null } };
      events.push({ seq, progress });
    }
    return events;
  }

  /** The verdict stands. With an explanation to come the lease goes on. */
  #judged(
    lease: Lease,
    report: JudgeReport,
    { judgedAtMs, explanation }: { readonly judgedAtMs: number; readonly explanation: SubmissionDetail["explanation"] },
  ): boolean {
    const goesOn = explanation === "pending";
    return this.#db.transaction((tx) => {
      const { verdict, score, maxScore, hint, packVersion } = report;
      const changed = tx
        .update(submissions)
        .set({
          status: "judged",
          verdict,
          score,
          maxScore,
          report,
          hint,
          packVersion,
          explanation,
          revision: sql`${submissions.revision} + 1`,
          judgedAtMs,
          ...(goesOn ? {} : { leaseOwner: null, leaseUntilMs: null }),
        })
        .where(holds(lease))
        .run().changes;
      if (changed === 0) return false;
      this.#append(tx, lease.submissionId, goesOn ? JUDGED : FINISHED);
      return true;
    }, IMMEDIATE);
  }

  #append(db: Pick<BetterSQLite3Database, "insert">, submissionId: string, json: string): void {
    const seq = sql<number>`(SELECT coalesce(max(seq), 0) + 1 FROM progress_events WHERE submission_id = ${submissionId})`;
    db.insert(progressEvents).values({ submissionId, seq, json }).run();
  }
}

/** Of a leased row. */
function purposeOf({ status }: { readonly status: SubmissionDetail["status"] }): Lease["purpose"] {
  return status === "judged" ? "explanation" : "verdict";
}
