/** `DraftRepository` on SQLite through Drizzle. */
import type { Draft, SavedDraft } from "../contract/index.ts";
import { and, asc, type BetterSQLite3Database, eq, sql } from "../db/drizzle.ts";
import { drafts } from "../db/progress-tables.ts";
import { withoutDisk } from "../db/without-disk.ts";
import type { DraftLimits, DraftPlace, DraftRepository, NewDraft } from "./drafts.ts";

const columns = { file: drafts.file, text: drafts.text, revision: drafts.revision, savedAtMs: drafts.savedAtMs };

const at = ({ userId, problemId, file }: DraftPlace) =>
  and(eq(drafts.userId, userId), eq(drafts.problemId, problemId), eq(drafts.file, file));

export class DrizzleDrafts implements DraftRepository {
  readonly #db: BetterSQLite3Database;

  constructor(db: BetterSQLite3Database) {
    this.#db = db;
  }

  async list(userId: string, problemId: string): Promise<readonly Draft[]> {
    const ofProblem = and(eq(drafts.userId, userId), eq(drafts.problemId, problemId));
    return this.#db.select(columns).from(drafts).where(ofProblem).orderBy(asc(drafts.file)).all();
  }

  async find(place: DraftPlace): Promise<Draft | null> {
    return this.#db.select(columns).from(drafts).where(at(place)).get() ?? null;
  }

  async save(
    { baseRevision, unlessChanged = false, ...draft }: NewDraft,
    { filesPerProblem, bytesPerUser }: DraftLimits,
  ): Promise<SavedDraft | "full" | "changed"> {
    const bytes = Buffer.byteLength(draft.text);
    return withoutDisk(this.#db, () =>
      this.#db.transaction(
        (tx) => {
          const before = tx.select(columns).from(drafts).where(at(draft)).get() ?? null;
          const used = tx
            .select({
              bytes: sql<number>`coalesce(sum(${drafts.bytes}), 0)`,
              files: sql<number>`coalesce(sum(${drafts.problemId} = ${draft.problemId}), 0)`,
            })
            .from(drafts)
            .where(eq(drafts.userId, draft.userId))
            .get()!;
          const otherBytes = used.bytes - (before === null ? 0 : Buffer.byteLength(before.text));
          if (otherBytes + bytes > bytesPerUser || (before === null && used.files >= filesPerProblem)) return "full";
          const isOverwritten = before !== null && before.revision !== baseRevision && before.text !== draft.text;
          if (isOverwritten && unlessChanged) return "changed";
          const revision = (before?.revision ?? 0) + 1;
          const row = { ...draft, bytes, revision };
          tx.insert(drafts)
            .values(row)
            .onConflictDoUpdate({ target: [drafts.userId, drafts.problemId, drafts.file], set: row })
            .run();
          return { revision, savedAtMs: draft.savedAtMs, overwritten: isOverwritten ? before : null };
        },
        { behavior: "immediate" },
      ),
    );
  }

  async remove(place: DraftPlace): Promise<boolean> {
    return this.#db.delete(drafts).where(at(place)).run().changes === 1;
  }
}
