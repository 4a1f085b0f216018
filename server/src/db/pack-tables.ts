/** Tables of packs that were brought in, as Drizzle sees them; `migrations/0009-packs.sql` creates them. Their files lie in the data folder. */
import type { DiagnosticData, PackReportLine, PackState, PackStatus } from "../contract/index.ts";
import { integer, primaryKey, sqliteTable, text } from "./drizzle.ts";

export const packs = sqliteTable("packs", {
  id: text("id").primaryKey(),
  packId: text("pack_id").notNull(),
  title: text("title").notNull(),
  version: text("version").notNull(),
  problems: integer("problems").notNull(),
  state: text("state").$type<PackState>().notNull(),
  status: text("status").$type<PackStatus>().notNull(),
  diagnostics: text("diagnostics", { mode: "json" }).$type<readonly DiagnosticData[]>().notNull(),
  uploadedBy: text("uploaded_by").notNull(),
  createdAtMs: integer("created_at_ms").notNull(),
  verifiedAtMs: integer("verified_at_ms"),
  verification: integer("verification").notNull().default(0),
});

export const packReportLines = sqliteTable(
  "pack_report_lines",
  {
    pack: text("pack")
      .notNull()
      .references(() => packs.id, { onDelete: "cascade" }),
    /** 1, 2, 3 … per pack; the id of the event. */
    seq: integer("seq").notNull(),
    line: text("json", { mode: "json" }).$type<PackReportLine>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.pack, table.seq] })],
);
