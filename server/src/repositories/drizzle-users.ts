/** `UserRepository` on SQLite through Drizzle. */
import { randomUUID } from "node:crypto";
import type { Invitation, Role, UserDetail, UserPage } from "../contract/index.ts";
import { invitations, passwordLinks, sessions, users } from "../db/account-tables.ts";
import { withoutDisk } from "../db/without-disk.ts";
import { classes } from "../db/class-tables.ts";
import { and, asc, type BetterSQLite3Database, desc, eq, gt, isNull, lt, lte, or, sql } from "../db/drizzle.ts";
import { submissions } from "../db/schema.ts";
import { LOCAL_USER_ID } from "./local-user.ts";
import type { Credentials, NewInvitationRow, NewUser, StoredSession, UserChange, UserRepository } from "./users.ts";

const IMMEDIATE = { behavior: "immediate" } as const;

const detailColumns = {
  id: users.id,
  name: users.name,
  role: users.role,
  isActive: users.isActive,
  hasPassword: sql<boolean>`${users.password} IS NOT NULL`.mapWith(Boolean),
  createdAtMs: users.createdAtMs,
  lastLoginAtMs: users.lastLoginAtMs,
};

const invitationColumns = {
  id: invitations.id,
  role: invitations.role,
  createdBy: invitations.createdBy,
  createdAtMs: invitations.createdAtMs,
  expiresAtMs: invitations.expiresAtMs,
  usedBy: users.name,
};

type Database = Pick<BetterSQLite3Database, "select" | "insert" | "update" | "delete">;

export class DrizzleUsers implements UserRepository {
  readonly #db: BetterSQLite3Database;

  constructor(db: BetterSQLite3Database) {
    this.#db = db;
  }

  async add(user: NewUser): Promise<UserDetail | null> {
    return this.#db.transaction((tx) => insert(tx, user), IMMEDIATE);
  }

  async addInvited(user: Omit<NewUser, "role">, invitationHash: string): Promise<UserDetail | "taken" | "unknown"> {
    return this.#db.transaction((tx) => {
      const open = and(
        eq(invitations.tokenHash, invitationHash),
        isNull(invitations.usedAtMs),
        gt(invitations.expiresAtMs, user.createdAtMs),
      );
      const invitation = tx.select({ id: invitations.id, role: invitations.role }).from(invitations).where(open).get();
      if (invitation === undefined) return "unknown";
      const added = insert(tx, { ...user, role: invitation.role });
      if (added === null) return "taken";
      tx.update(invitations).set({ usedBy: added.id, usedAtMs: user.createdAtMs }).where(eq(invitations.id, invitation.id)).run();
      return added;
    }, IMMEDIATE);
  }

  async find(id: string): Promise<UserDetail | null> {
    return this.#db.select(detailColumns).from(users).where(eq(users.id, id)).get() ?? null;
  }

  async findByNameKey(nameKey: string): Promise<UserDetail | null> {
    return this.#db.select(detailColumns).from(users).where(eq(users.nameKey, nameKey)).get() ?? null;
  }

  async page(after: string | null, limit: number): Promise<UserPage> {
    const rows = this.#db
      .select({ ...detailColumns, nameKey: users.nameKey })
      .from(users)
      .where(after === null ? undefined : gt(users.nameKey, after))
      .orderBy(asc(users.nameKey))
      .limit(limit + 1)
      .all();
    const page = rows.slice(0, limit);
    return { users: page.map(({ nameKey: _, ...user }) => user), next: rows.length > limit ? page.at(-1)!.nameKey : null };
  }

  async credentials(nameKey: string): Promise<Credentials | null> {
    const columns = { userId: users.id, password: users.password, isActive: users.isActive };
    return this.#db.select(columns).from(users).where(eq(users.nameKey, nameKey)).get() ?? null;
  }

  async setPassword(userId: string, password: string): Promise<void> {
    this.#db.transaction((tx) => {
      tx.update(users).set({ password }).where(eq(users.id, userId)).run();
      tx.delete(sessions).where(eq(sessions.userId, userId)).run();
      tx.delete(passwordLinks).where(eq(passwordLinks.userId, userId)).run();
    }, IMMEDIATE);
  }

  async rehash(userId: string, password: string): Promise<void> {
    this.#db.update(users).set({ password }).where(eq(users.id, userId)).run();
  }

  async loggedIn(userId: string, atMs: number): Promise<void> {
    this.#db.update(users).set({ lastLoginAtMs: atMs }).where(eq(users.id, userId)).run();
  }

  async change(
    userId: string,
    { role, isActive }: { readonly role?: Role | undefined; readonly isActive?: boolean | undefined },
  ): Promise<UserChange> {
    return this.#db.transaction((tx): UserChange => {
      const before = tx.select(detailColumns).from(users).where(eq(users.id, userId)).get();
      if (before === undefined) return "unknown";
      const after = { role: role ?? before.role, isActive: isActive ?? before.isActive };
      if ((after.role !== "admin" || !after.isActive) && isLastAdmin(tx, before)) return "last-admin";
      tx.update(users).set(after).where(eq(users.id, userId)).run();
      if (!after.isActive) tx.delete(sessions).where(eq(sessions.userId, userId)).run();
      return "done";
    }, IMMEDIATE);
  }

  async remove(userId: string): Promise<UserChange> {
    return this.#db.transaction((tx): UserChange => {
      const user = tx.select(detailColumns).from(users).where(eq(users.id, userId)).get();
      if (user === undefined) return "unknown";
      // Without accounts, this is everybody.
      if (userId === LOCAL_USER_ID || isLastAdmin(tx, user)) return "last-admin";
      // The classes that they led are administrators' from now on.
      tx.update(classes).set({ ownerId: LOCAL_USER_ID }).where(eq(classes.ownerId, userId)).run();
      tx.delete(submissions).where(eq(submissions.userId, userId)).run();
      tx.delete(users).where(eq(users.id, userId)).run();
      return "done";
    }, IMMEDIATE);
  }

  async openSession(tokenHash: string, userId: string, atMs: number, keep: number): Promise<void> {
    this.#db.transaction((tx) => {
      const kept = sql`(SELECT token_hash FROM sessions WHERE user_id = ${userId} ORDER BY used_at_ms DESC LIMIT ${keep - 1})`;
      tx.delete(sessions)
        .where(and(eq(sessions.userId, userId), sql`${sessions.tokenHash} NOT IN ${kept}`))
        .run();
      tx.insert(sessions).values({ tokenHash, userId, createdAtMs: atMs, usedAtMs: atMs }).run();
    }, IMMEDIATE);
  }

  async findSession(tokenHash: string): Promise<StoredSession | null> {
    const row = this.#db
      .select({ user: detailColumns, createdAtMs: sessions.createdAtMs, usedAtMs: sessions.usedAtMs })
      .from(sessions)
      .innerJoin(users, eq(users.id, sessions.userId))
      .where(eq(sessions.tokenHash, tokenHash))
      .get();
    return row ?? null;
  }

  async touchSession(tokenHash: string, atMs: number): Promise<void> {
    withoutDisk(this.#db, () => this.#db.update(sessions).set({ usedAtMs: atMs }).where(eq(sessions.tokenHash, tokenHash)).run());
  }

  async endSession(tokenHash: string): Promise<void> {
    this.#db.delete(sessions).where(eq(sessions.tokenHash, tokenHash)).run();
  }

  async endSessionsOf(userId: string): Promise<number> {
    return this.#db.delete(sessions).where(eq(sessions.userId, userId)).run().changes;
  }

  async removeExpired({
    usedBeforeMs,
    createdBeforeMs,
    nowMs,
  }: {
    readonly usedBeforeMs: number;
    readonly createdBeforeMs: number;
    readonly nowMs: number;
  }): Promise<void> {
    this.#db.transaction((tx) => {
      tx.delete(sessions)
        .where(or(lt(sessions.usedAtMs, usedBeforeMs), lt(sessions.createdAtMs, createdBeforeMs)))
        .run();
      tx.delete(passwordLinks).where(lte(passwordLinks.expiresAtMs, nowMs)).run();
      tx.delete(invitations)
        .where(and(isNull(invitations.usedAtMs), lte(invitations.expiresAtMs, nowMs)))
        .run();
    }, IMMEDIATE);
  }

  async addPasswordLink(tokenHash: string, userId: string, expiresAtMs: number): Promise<void> {
    this.#db.transaction((tx) => {
      tx.delete(passwordLinks).where(eq(passwordLinks.userId, userId)).run();
      tx.insert(passwordLinks).values({ tokenHash, userId, expiresAtMs }).run();
    }, IMMEDIATE);
  }

  async takePasswordLink(tokenHash: string, nowMs: number): Promise<string | null> {
    const valid = and(eq(passwordLinks.tokenHash, tokenHash), gt(passwordLinks.expiresAtMs, nowMs));
    const [taken] = this.#db.delete(passwordLinks).where(valid).returning({ userId: passwordLinks.userId }).all();
    return taken?.userId ?? null;
  }

  async addInvitation(invitation: NewInvitationRow): Promise<Invitation> {
    const { tokenHash: _, ...shown } = invitation;
    const id = randomUUID();
    this.#db
      .insert(invitations)
      .values({ id, ...invitation })
      .run();
    return { id, ...shown, usedBy: null };
  }

  async invitations(createdBy: string | null): Promise<readonly Invitation[]> {
    return this.#db
      .select(invitationColumns)
      .from(invitations)
      .leftJoin(users, eq(users.id, invitations.usedBy))
      .where(createdBy === null ? undefined : eq(invitations.createdBy, createdBy))
      .orderBy(desc(invitations.createdAtMs), asc(invitations.id))
      .limit(500)
      .all();
  }

  async removeInvitation(id: string, createdBy: string | null): Promise<boolean> {
    const which = and(eq(invitations.id, id), ...(createdBy === null ? [] : [eq(invitations.createdBy, createdBy)]));
    return this.#db.delete(invitations).where(which).run().changes === 1;
  }
}

function insert(db: Database, user: NewUser): UserDetail | null {
  if (db.select({ id: users.id }).from(users).where(eq(users.nameKey, user.nameKey)).get() !== undefined) return null;
  return db
    .insert(users)
    .values({ id: randomUUID(), ...user })
    .returning(detailColumns)
    .get();
}

/** Whether nobody else could log in as an administrator. */
function isLastAdmin(db: Database, user: UserDetail): boolean {
  if (user.role !== "admin" || !user.isActive || !user.hasPassword) return false;
  const others = and(eq(users.role, "admin"), eq(users.isActive, true), sql`${users.password} IS NOT NULL`, sql`${users.id} <> ${user.id}`);
  return db.select({ id: users.id }).from(users).where(others).limit(1).get() === undefined;
}
