/** Tables as Drizzle sees them; `migrations/` creates them. Only `repositories/` imports this. */
import { index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from "./drizzle.ts";
import type { JudgeReport, Language, SubmissionStatus } from "../contract/index.ts";

/**
 * A submission is also its own job: `queued` rows wait, a `judging` row is leased to `leaseOwner` until `leaseUntilMs`, a `judged`
 * row has its report. `attempts` only grows and so serves as fencing token: who writes must still hold the attempt it was given.
 */
export const submissions = sqliteTable(
  "submissions",
  {
    id: text("id").primaryKey(),
    problemId: text("problem_id").notNull(),
    number: integer("number").notNull(),
    packVersion: text("pack_version").notNull(),
    language: text("language").$type<Language>().notNull(),
    text: text("text").notNull(),
    functions: text("functions"),
    /** Of a trace question. */
    variation: integer("variation").notNull().default(0),
    status: text("status").$type<SubmissionStatus>().notNull(),
    verdict: text("verdict"),
    score: real("score"),
    maxScore: real("max_score"),
    report: text("report", { mode: "json" }).$type<JudgeReport>(),
    createdAtMs: integer("created_at_ms").notNull(),
    judgedAtMs: integer("judged_at_ms"),
    /** Times a worker took it. */
    attempts: integer("attempts").notNull().default(0),
    /** Times the judge itself failed on it. */
    failures: integer("failures").notNull().default(0),
    /** Times a lease ran out: the process that held it is gone. */
    losses: integer("losses").notNull().default(0),
    leaseOwner: text("lease_owner"),
    leaseUntilMs: integer("lease_until_ms"),
  },
  (table) => [
    uniqueIndex("submissions_problem_number").on(table.problemId, table.number),
    index("submissions_status_created").on(table.status, table.createdAtMs),
  ],
);

/** What a watcher of the judging is told, in order; `seq` is the event id of the stream. */
export const progressEvents = sqliteTable(
  "progress_events",
  {
    submissionId: text("submission_id")
      .notNull()
      .references(() => submissions.id, { onDelete: "cascade" }),
    /** 1, 2, 3 … per submission, over all attempts. */
    seq: integer("seq").notNull(),
    json: text("json").notNull(),
  },
  (table) => [primaryKey({ columns: [table.submissionId, table.seq] })],
);
