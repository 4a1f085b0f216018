/** `RejudgeRepository` on SQLite through Drizzle. */
import { randomUUID } from "node:crypto";
import type {
  JudgeReport,
  RejudgeChange,
  RejudgeDetail,
  RejudgeFilter,
  RejudgeMove,
  RejudgeState,
  RejudgeSummary,
} from "../contract/index.ts";
import { and, asc, type BetterSQLite3Database, desc, eq, sql } from "../db/drizzle.ts";
import { progressEvents, rejudgeItems, rejudgeSets, submissions } from "../db/schema.ts";
import { FINISHED, JUDGED } from "./closing-events.ts";
import type { HeldLease, Job, Lane, Lease, ReleaseReason } from "./jobs.ts";
import type { NewRejudgeOptions, RejudgeEnd, RejudgeRepository } from "./rejudges.ts";
import { isVisibleTo } from "./visibility.ts";

const IMMEDIATE = { behavior: "immediate" } as const;

/** The oldest item of the oldest open set. */
const NEXT = sql`(SELECT i.rowid FROM rejudge_items i JOIN rejudge_sets s ON s.id = i.set_id
  WHERE i.status = 'queued' AND s.state = 'open' ORDER BY s.created_at_ms, s.rowid, i.position LIMIT 1)`;

const holds = (lease: Lease) =>
  and(
    eq(rejudgeItems.setId, lease.setId),
    eq(rejudgeItems.submissionId, lease.submissionId),
    eq(rejudgeItems.status, "judging"),
    eq(rejudgeItems.leaseOwner, lease.owner),
    eq(rejudgeItems.attempts, lease.attempt),
  );

type SetRow = typeof rejudgeSets.$inferSelect;

export class DrizzleRejudges implements RejudgeRepository {
  readonly #db: BetterSQLite3Database;

  constructor(db: BetterSQLite3Database) {
    this.#db = db;
  }

  async create(filter: RejudgeFilter, { createdBy, onlyOf, createdAtMs, maxItems }: NewRejudgeOptions): Promise<RejudgeDetail | null> {
    const id = randomUUID();
    const { problemId = null, packVersion = null, verdict = null } = filter;
    const count = this.#db.transaction((tx) => {
      const chosen = tx
        .select({ submissionId: submissions.id, revision: submissions.revision, report: submissions.report })
        .from(submissions)
        .where(
          and(
            eq(submissions.status, "judged"),
            ...(onlyOf === null ? [] : [isVisibleTo(onlyOf)]),
            ...(problemId === null ? [] : [eq(submissions.problemId, problemId)]),
            ...(packVersion === null ? [] : [eq(submissions.packVersion, packVersion)]),
            ...(verdict === null ? [] : [eq(submissions.verdict, verdict)]),
          ),
        )
        .orderBy(asc(submissions.createdAtMs), asc(sql`rowid`))
        .limit(maxItems + 1)
        .all();
      if (chosen.length > maxItems) throw new RangeError(`more than ${maxItems} submissions`);
      if (chosen.length === 0) return 0;
      tx.insert(rejudgeSets).values({ id, problemId, packVersion, verdict, state: "open", createdBy, createdAtMs }).run();
      for (const [position, { submissionId, revision, report }] of chosen.entries()) {
        tx.insert(rejudgeItems).values({ setId: id, submissionId, position, revision, previous: report!, status: "queued" }).run();
      }
      return chosen.length;
    }, IMMEDIATE);
    return count === 0 ? null : this.find(id, null);
  }

  async list(createdBy: string | null): Promise<readonly RejudgeSummary[]> {
    const sets = this.#db
      .select()
      .from(rejudgeSets)
      .where(createdBy === null ? undefined : eq(rejudgeSets.createdBy, createdBy))
      .orderBy(desc(rejudgeSets.createdAtMs), desc(sql`rowid`))
      .all();
    return sets.map((set) => this.#summaryOf(set));
  }

  async find(id: string, createdBy: string | null): Promise<RejudgeDetail | null> {
    const set = this.#db.select().from(rejudgeSets).where(eq(rejudgeSets.id, id)).get();
    if (set === undefined || (createdBy !== null && set.createdBy !== createdBy)) return null;
    const judged = this.#db
      .select({
        submissionId: rejudgeItems.submissionId,
        problemId: submissions.problemId,
        number: submissions.number,
        from: resultIn("previous"),
        to: resultIn("report"),
      })
      .from(rejudgeItems)
      .innerJoin(submissions, eq(submissions.id, rejudgeItems.submissionId))
      .where(and(eq(rejudgeItems.setId, id), eq(rejudgeItems.status, "judged")))
      .orderBy(asc(rejudgeItems.position))
      .all()
      .map(({ from, to, ...item }): RejudgeChange => ({ ...item, from: JSON.parse(from), to: JSON.parse(to) }));
    return { ...this.#summaryOf(set), moves: movesOf(judged), changes: judged.filter(isChanged) };
  }

  async claim(owner: string, leaseUntilMs: number, lane: Lane): Promise<Job | null> {
    if (lane !== "rejudge") return null;
    return this.#db.transaction((tx) => {
      const item = tx
        .update(rejudgeItems)
        .set({ status: "judging", attempts: sql`${rejudgeItems.attempts} + 1`, leaseOwner: owner, leaseUntilMs })
        .where(eq(sql`rejudge_items.rowid`, NEXT))
        .returning()
        .get();
      // The types promise a row; without a waiting item there is none.
      if ((item as unknown) === undefined) return null;
      const { setId, submissionId, attempts, failures } = item;
      const submission = tx.select().from(submissions).where(eq(submissions.id, submissionId)).get()!;
      const { problemId, packVersion, language, text, functions, variation, verdict } = submission;
      const lease: Lease = { purpose: "rejudge", submissionId, setId, attempt: attempts, owner };
      return { ...lease, lane: "rejudge", failures, problemId, packVersion, language, text, functions, variation, verdict };
    }, IMMEDIATE);
  }

  async renew(lease: Lease, leaseUntilMs: number): Promise<boolean> {
    return this.#db.update(rejudgeItems).set({ leaseUntilMs }).where(holds(lease)).run().changes === 1;
  }

  async release(lease: Lease, reason: ReleaseReason): Promise<boolean> {
    const changes = this.#db
      .update(rejudgeItems)
      .set({
        status: "queued",
        leaseOwner: null,
        leaseUntilMs: null,
        failures: reason === "failed" ? sql`${rejudgeItems.failures} + 1` : undefined,
        losses: reason === "lost" ? sql`${rejudgeItems.losses} + 1` : undefined,
      })
      .where(holds(lease))
      .run().changes;
    return changes === 1;
  }

  async leases(): Promise<readonly HeldLease[]> {
    const rows = this.#db
      .select({ item: rejudgeItems, packVersion: submissions.packVersion })
      .from(rejudgeItems)
      .innerJoin(submissions, eq(submissions.id, rejudgeItems.submissionId))
      .where(eq(rejudgeItems.status, "judging"))
      .all();
    return rows.map(({ item, packVersion }) => ({
      purpose: "rejudge",
      submissionId: item.submissionId,
      setId: item.setId,
      attempt: item.attempts,
      owner: item.leaseOwner ?? "",
      losses: item.losses,
      packVersion,
      leaseUntilMs: item.leaseUntilMs ?? 0,
    }));
  }

  async complete(lease: Lease, report: JudgeReport): Promise<boolean> {
    const set = { status: "judged", report, leaseOwner: null, leaseUntilMs: null } as const;
    return this.#db.update(rejudgeItems).set(set).where(holds(lease)).run().changes === 1;
  }

  async apply(id: string, atMs: number): Promise<RejudgeEnd> {
    return this.#db.transaction((tx): RejudgeEnd => {
      const set = tx.select().from(rejudgeSets).where(eq(rejudgeSets.id, id)).get();
      if (set === undefined) return "unknown";
      if (set.state !== "open") return set.state === "applied" ? "done" : "closed";
      const items = tx
        .select({ item: rejudgeItems, revision: submissions.revision })
        .from(rejudgeItems)
        .innerJoin(submissions, eq(submissions.id, rejudgeItems.submissionId))
        .where(eq(rejudgeItems.setId, id))
        .all();
      if (items.some(({ item }) => item.status !== "judged")) return "judging";
      if (items.some(({ item, revision }) => item.revision !== revision)) return "stale";
      for (const { item } of items) {
        const report = item.report!;
        if (report.verdict === "judge-error") continue;
        const { verdict, score, maxScore, packVersion, hint } = report;
        const explanation = verdict === "accepted" || verdict === "compile-error" ? "none" : "pending";
        tx.update(submissions)
          .set({
            verdict,
            score,
            maxScore,
            report,
            hint,
            packVersion,
            revision: sql`${submissions.revision} + 1`,
            judgedAtMs: atMs,
            explanation,
            // Whoever is still explaining the former result has lost the lease.
            leaseOwner: null,
            leaseUntilMs: null,
          })
          .where(eq(submissions.id, item.submissionId))
          .run();
        // Who watches is to stay until the new explanation is there.
        const closed = and(eq(progressEvents.submissionId, item.submissionId), eq(progressEvents.json, FINISHED));
        if (explanation === "pending") tx.update(progressEvents).set({ json: JUDGED }).where(closed).run();
      }
      tx.update(rejudgeSets).set({ state: "applied", closedAtMs: atMs }).where(eq(rejudgeSets.id, id)).run();
      return "done";
    }, IMMEDIATE);
  }

  async cancel(id: string, atMs: number): Promise<RejudgeEnd> {
    return this.#db.transaction((tx): RejudgeEnd => {
      const set = tx.select().from(rejudgeSets).where(eq(rejudgeSets.id, id)).get();
      if (set === undefined) return "unknown";
      if (set.state !== "open") return set.state === "cancelled" ? "done" : "closed";
      tx.update(rejudgeItems)
        .set({ status: "cancelled", leaseOwner: null, leaseUntilMs: null })
        .where(and(eq(rejudgeItems.setId, id), sql`${rejudgeItems.status} <> 'judged'`))
        .run();
      tx.update(rejudgeSets).set({ state: "cancelled", closedAtMs: atMs }).where(eq(rejudgeSets.id, id)).run();
      return "done";
    }, IMMEDIATE);
  }

  #summaryOf(set: SetRow): RejudgeSummary {
    const counts = this.#db
      .select({
        total: sql<number>`count(*)`,
        judged: sql<number>`coalesce(sum(status = 'judged'), 0)`,
        failed: sql<number>`coalesce(sum(report ->> 'verdict' = 'judge-error'), 0)`,
        changed: sql<number>`coalesce(sum(report ->> 'verdict' <> 'judge-error' AND
          (report ->> 'verdict' <> previous ->> 'verdict' OR report ->> 'score' <> previous ->> 'score')), 0)`,
      })
      .from(rejudgeItems)
      .where(eq(rejudgeItems.setId, set.id))
      .get()!;
    const { id, problemId, packVersion, verdict, createdAtMs, closedAtMs } = set;
    const state: RejudgeState = set.state !== "open" ? set.state : counts.judged < counts.total ? "judging" : "ready";
    const filter = {
      ...(problemId === null ? {} : { problemId }),
      ...(packVersion === null ? {} : { packVersion }),
      ...(verdict === null ? {} : { verdict: verdict as JudgeReport["verdict"] }),
    };
    return { id, filter, state, ...counts, createdAtMs, closedAtMs };
  }
}

/** The part of a stored report that is compared, as JSON; the rest stays in the database. */
function resultIn(column: "previous" | "report") {
  const report = column === "previous" ? rejudgeItems.previous : rejudgeItems.report;
  return sql<string>`json_object('verdict', ${report} ->> 'verdict', 'score', ${report} ->> 'score', 'packVersion', ${report} ->> 'packVersion')`;
}

function isChanged({ from, to }: RejudgeChange): boolean {
  return to.verdict !== "judge-error" && (from.verdict !== to.verdict || from.score !== to.score);
}

function movesOf(items: readonly RejudgeChange[]): RejudgeMove[] {
  const moves = new Map<string, RejudgeMove>();
  for (const { from, to } of items) {
    const key = `${from.verdict} ${to.verdict}`;
    moves.set(key, { from: from.verdict, to: to.verdict, count: (moves.get(key)?.count ?? 0) + 1 });
  }
  return [...moves.values()].sort((a, b) => b.count - a.count || (`${a.from} ${a.to}` < `${b.from} ${b.to}` ? -1 : 1));
}
