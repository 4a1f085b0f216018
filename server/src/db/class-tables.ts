/** Tables of classes, as Drizzle sees them; `migrations/0008-classes.sql` creates them. */
import { users } from "./account-tables.ts";
import { index, integer, primaryKey, sqliteTable, text } from "./drizzle.ts";

export const classes = sqliteTable(
  "classes",
  {
    id: text("id").primaryKey(),
    name: text("name").notNull(),
    ownerId: text("owner_id")
      .notNull()
      .references(() => users.id),
    /** null = nobody may join. */
    code: text("code").unique(),
    createdAtMs: integer("created_at_ms").notNull(),
  },
  (table) => [index("classes_owner").on(table.ownerId)],
);

export const classMembers = sqliteTable(
  "class_members",
  {
    classId: text("class_id")
      .notNull()
      .references(() => classes.id, { onDelete: "cascade" }),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    joinedAtMs: integer("joined_at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.classId, table.userId] }), index("class_members_user").on(table.userId)],
);

/** Created by `migrations/0012-co-instructors.sql`. */
export const classInstructors = sqliteTable(
  "class_instructors",
  {
    classId: text("class_id")
      .notNull()
      .references(() => classes.id, { onDelete: "cascade" }),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    addedAtMs: integer("added_at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.classId, table.userId] }), index("class_instructors_user").on(table.userId)],
);

export const assignments = sqliteTable(
  "assignments",
  {
    id: text("id").primaryKey(),
    classId: text("class_id")
      .notNull()
      .references(() => classes.id, { onDelete: "cascade" }),
    title: text("title").notNull(),
    problemIds: text("problem_ids", { mode: "json" }).$type<readonly string[]>().notNull(),
    dueAtMs: integer("due_at_ms"),
    createdAtMs: integer("created_at_ms").notNull(),
  },
  (table) => [index("assignments_class").on(table.classId)],
);
