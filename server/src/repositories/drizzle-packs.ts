/** `PackRepository` on SQLite through Drizzle. */
import type { PackDetail, PackReportLine, PackState, PackStatus, PackSummary } from "../contract/index.ts";
import { and, asc, type BetterSQLite3Database, desc, eq, gt, inArray, sql } from "../db/drizzle.ts";
import { packReportLines, packs } from "../db/pack-tables.ts";
import type { NumberedLine, PackRepository } from "./packs.ts";

export class DrizzlePacks implements PackRepository {
  readonly #db: BetterSQLite3Database;

  constructor(db: BetterSQLite3Database) {
    this.#db = db;
  }

  async add(pack: Omit<PackDetail, "report" | "verification" | "verifiedAtMs">): Promise<void> {
    this.#db.insert(packs).values(pack).run();
  }

  async list(uploadedBy: string | null): Promise<readonly PackSummary[]> {
    return this.#db
      .select()
      .from(packs)
      .where(uploadedBy === null ? undefined : eq(packs.uploadedBy, uploadedBy))
      .orderBy(desc(packs.createdAtMs), desc(sql`rowid`))
      .all();
  }

  async find(id: string): Promise<PackDetail | null> {
    const pack = this.#db.select().from(packs).where(eq(packs.id, id)).get();
    if (pack === undefined) return null;
    return { ...pack, report: (await this.linesAfter(id, 0)).map(({ line }) => line) };
  }

  async unverified(): Promise<readonly string[]> {
    const open = inArray(packs.state, ["waiting", "verifying"]);
    const rows = this.#db.select({ id: packs.id }).from(packs).where(open).orderBy(asc(packs.createdAtMs), asc(sql`rowid`)).all();
    return rows.map(({ id }) => id);
  }

  async enqueue(id: string): Promise<void> {
    this.#db.update(packs).set({ state: "waiting" }).where(eq(packs.id, id)).run();
  }

  async remove(id: string): Promise<void> {
    this.#db.delete(packs).where(eq(packs.id, id)).run();
  }

  async begin(id: string): Promise<void> {
    this.#db.transaction((tx) => {
      tx.delete(packReportLines).where(eq(packReportLines.pack, id)).run();
      tx.update(packs)
        .set({ state: "verifying", verification: sql`${packs.verification} + 1` })
        .where(eq(packs.id, id))
        .run();
    });
  }

  async addLine(id: string, line: PackReportLine): Promise<void> {
    const seq = sql<number>`(SELECT coalesce(max(seq), 0) + 1 FROM pack_report_lines WHERE pack = ${id})`;
    this.#db.insert(packReportLines).values({ pack: id, seq, line }).run();
  }

  async finish(id: string, state: PackState, atMs: number): Promise<void> {
    this.#db.update(packs).set({ state, verifiedAtMs: atMs }).where(eq(packs.id, id)).run();
  }

  async linesAfter(id: string, seq: number): Promise<readonly NumberedLine[]> {
    return this.#db
      .select({ seq: packReportLines.seq, line: packReportLines.line })
      .from(packReportLines)
      .where(and(eq(packReportLines.pack, id), gt(packReportLines.seq, seq)))
      .orderBy(asc(packReportLines.seq))
      .all();
  }

  async ofStatus(status: PackStatus): Promise<readonly PackSummary[]> {
    return this.#db.select().from(packs).where(eq(packs.status, status)).orderBy(asc(packs.createdAtMs), asc(sql`rowid`)).all();
  }

  async setStatus(id: string, status: PackStatus): Promise<void> {
    this.#db.update(packs).set({ status }).where(eq(packs.id, id)).run();
  }
}
