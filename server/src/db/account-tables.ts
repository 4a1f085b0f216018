/** Tables of users and of what they did, as Drizzle sees them; `migrations/0006-accounts.sql` creates them. */
import type { AuditOutcome, Role } from "../contract/index.ts";
import { index, integer, sqliteTable, text } from "./drizzle.ts";

export const users = sqliteTable("users", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  /** The name as it is compared: two that look alike are the same. */
  nameKey: text("name_key").notNull().unique(),
  role: text("role").$type<Role>().notNull(),
  /** Hash with its parameters; null = cannot log in by password. */
  password: text("password"),
  isActive: integer("is_active", { mode: "boolean" }).notNull().default(true),
  createdAtMs: integer("created_at_ms").notNull(),
  lastLoginAtMs: integer("last_login_at_ms"),
});

/** Keys are hashes of tokens: who reads the database can use none of them. */
export const sessions = sqliteTable(
  "sessions",
  {
    tokenHash: text("token_hash").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    createdAtMs: integer("created_at_ms").notNull(),
    usedAtMs: integer("used_at_ms").notNull(),
  },
  (table) => [index("sessions_user").on(table.userId, table.usedAtMs)],
);

export const passwordLinks = sqliteTable("password_links", {
  tokenHash: text("token_hash").primaryKey(),
  userId: text("user_id")
    .notNull()
    .references(() => users.id, { onDelete: "cascade" }),
  expiresAtMs: integer("expires_at_ms").notNull(),
});

export const invitations = sqliteTable("invitations", {
  id: text("id").primaryKey(),
  tokenHash: text("token_hash").notNull().unique(),
  role: text("role").$type<Role>().notNull(),
  createdBy: text("created_by")
    .notNull()
    .references(() => users.id, { onDelete: "cascade" }),
  createdAtMs: integer("created_at_ms").notNull(),
  expiresAtMs: integer("expires_at_ms").notNull(),
  usedBy: text("used_by").references(() => users.id, { onDelete: "set null" }),
  usedAtMs: integer("used_at_ms"),
});

export const auditEntries = sqliteTable("audit_entries", {
  id: integer("id").primaryKey({ autoIncrement: true }),
  atMs: integer("at_ms").notNull(),
  actorId: text("actor_id"),
  actorName: text("actor_name"),
  address: text("address"),
  action: text("action").notNull(),
  target: text("target"),
  outcome: text("outcome").$type<AuditOutcome>().notNull(),
  detail: text("detail"),
});
