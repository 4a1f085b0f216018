/** Tables of what learners are at, as Drizzle sees them; `migrations/0007-progress.sql` creates them. */
import { users } from "./account-tables.ts";
import { index, integer, primaryKey, sqliteTable, text } from "./drizzle.ts";

const ownerColumn = () =>
  text("user_id")
    .notNull()
    .references(() => users.id, { onDelete: "cascade" });

export const drafts = sqliteTable(
  "drafts",
  {
    userId: ownerColumn(),
    problemId: text("problem_id").notNull(),
    file: text("file").notNull(),
    text: text("text").notNull(),
    bytes: integer("bytes").notNull(),
    revision: integer("revision").notNull(),
    savedAtMs: integer("saved_at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.problemId, table.file] })],
);

/** Runs are counted, not kept. */
export const problemActivity = sqliteTable(
  "problem_activity",
  {
    userId: ownerColumn(),
    problemId: text("problem_id").notNull(),
    startedAtMs: integer("started_at_ms").notNull(),
    lastAtMs: integer("last_at_ms").notNull(),
    runs: integer("runs").notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.problemId] })],
);

export const openedHints = sqliteTable(
  "opened_hints",
  {
    userId: ownerColumn(),
    problemId: text("problem_id").notNull(),
    number: integer("number").notNull(),
    openedAtMs: integer("opened_at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.problemId, table.number] })],
);

/** Created by `migrations/0013-surrenders.sql`. */
export const surrenders = sqliteTable(
  "surrenders",
  {
    userId: ownerColumn(),
    problemId: text("problem_id").notNull(),
    atMs: integer("at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.problemId] })],
);

/** Created by `migrations/0011-problem-versions.sql`. */
export const problemVersions = sqliteTable(
  "problem_versions",
  {
    userId: ownerColumn(),
    problemId: text("problem_id").notNull(),
    version: text("version").notNull(),
    isBegun: integer("is_begun", { mode: "boolean" }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.problemId] }),
    index("problem_versions_version").on(table.problemId, table.version),
  ],
);

/** Created by `migrations/0010-reviews.sql`. */
export const reviews = sqliteTable(
  "reviews",
  {
    userId: ownerColumn(),
    item: text("item").notNull(),
    atMs: integer("at_ms").notNull(),
    grade: integer("grade").notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.item, table.atMs] })],
);
