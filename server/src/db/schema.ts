/** Tables as Drizzle sees them; `migrations/` creates them. Only `repositories/` imports this. */
import { index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from "./drizzle.ts";
import type { ExplanationState, JudgeReport, Language, SubmissionLane, SubmissionStatus } from "../contract/index.ts";

/**
 * A submission is also its own job: `queued` rows wait, a `judging` row is leased to `leaseOwner` until `leaseUntilMs`, a `judged`
 * row has its report. A judged row whose explanation is `pending` is a job again, leased or waiting. `attempts` only grows and so serves
 * as fencing token: who writes must still hold the attempt it was given.
 */
export const submissions = sqliteTable(
  "submissions",
  {
    id: text("id").primaryKey(),
    userId: text("user_id").notNull(),
    problemId: text("problem_id").notNull(),
    number: integer("number").notNull(),
    packVersion: text("pack_version").notNull(),
    language: text("language").$type<Language>().notNull(),
    text: text("text").notNull(),
    functions: text("functions"),
    /** Of a trace question. */
    variation: integer("variation").notNull().default(0),
    lane: text("lane").$type<SubmissionLane>().notNull().default("interactive"),
    status: text("status").$type<SubmissionStatus>().notNull(),
    verdict: text("verdict"),
    score: real("score"),
    maxScore: real("max_score"),
    report: text("report", { mode: "json" }).$type<JudgeReport>(),
    explanation: text("explanation").$type<ExplanationState>().notNull().default("none"),
    /** Grows with every result; a rejudge set applies only to the results that it was made of. */
    revision: integer("revision").notNull().default(0),
    /** The hint that the report shows. */
    hint: text("hint"),
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
    uniqueIndex("submissions_user_problem_number").on(table.userId, table.problemId, table.number),
    index("submissions_queue").on(table.status, table.lane, table.createdAtMs),
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

/** A choice of judged submissions that are judged anew; null = that property was not asked for. */
export const rejudgeSets = sqliteTable("rejudge_sets", {
  id: text("id").primaryKey(),
  problemId: text("problem_id"),
  packVersion: text("pack_version"),
  verdict: text("verdict"),
  state: text("state").$type<"open" | "applied" | "cancelled">().notNull(),
  createdBy: text("created_by").notNull(),
  createdAtMs: integer("created_at_ms").notNull(),
  closedAtMs: integer("closed_at_ms"),
});

/** One submission of a set: its own job in the lane `rejudge`, leased as submissions are. */
export const rejudgeItems = sqliteTable(
  "rejudge_items",
  {
    setId: text("set_id")
      .notNull()
      .references(() => rejudgeSets.id, { onDelete: "cascade" }),
    submissionId: text("submission_id")
      .notNull()
      .references(() => submissions.id, { onDelete: "cascade" }),
    position: integer("position").notNull(),
    /** Of the submission when the set was made. */
    revision: integer("revision").notNull(),
    /** The result that the set was made of; kept after it was replaced. */
    previous: text("previous", { mode: "json" }).$type<JudgeReport>().notNull(),
    status: text("status").$type<"queued" | "judging" | "judged" | "cancelled">().notNull(),
    report: text("report", { mode: "json" }).$type<JudgeReport>(),
    attempts: integer("attempts").notNull().default(0),
    failures: integer("failures").notNull().default(0),
    losses: integer("losses").notNull().default(0),
    leaseOwner: text("lease_owner"),
    leaseUntilMs: integer("lease_until_ms"),
  },
  (table) => [
    primaryKey({ columns: [table.setId, table.submissionId] }),
    index("rejudge_items_queue").on(table.status, table.setId, table.position),
  ],
);
