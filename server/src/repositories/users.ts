/** Users with their sessions, password links and invitations. Tokens come in as hashes; the tokens themselves are never stored. */
import type { Invitation, Role, UserDetail, UserPage } from "../contract/index.ts";

export interface NewUser {
  readonly name: string;
  readonly nameKey: string;
  readonly role: Role;
  /** Hash; null = none yet. */
  readonly password: string | null;
  readonly createdAtMs: number;
}

/** What a log-in is checked against. */
export interface Credentials {
  readonly userId: string;
  readonly password: string | null;
  readonly isActive: boolean;
}

export interface StoredSession {
  readonly user: UserDetail;
  readonly createdAtMs: number;
  readonly usedAtMs: number;
}

export interface NewInvitationRow {
  readonly tokenHash: string;
  readonly role: Role;
  readonly createdBy: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}

/** `last-admin`: nobody would be left who could undo it; nothing was changed. */
export type UserChange = "done" | "unknown" | "last-admin";

export interface UserRepository {
  /** null = the name is taken. */
  add(user: NewUser): Promise<UserDetail | null>;
  /** Adds who comes by an invitation and marks it used; `unknown` when it is used, over or was never made. */
  addInvited(user: Omit<NewUser, "role">, invitationHash: string): Promise<UserDetail | "taken" | "unknown">;
  find(id: string): Promise<UserDetail | null>;
  findByNameKey(nameKey: string): Promise<UserDetail | null>;
  /** @param after the `next` of the page before. */
  page(after: string | null, limit: number): Promise<UserPage>;
  credentials(nameKey: string): Promise<Credentials | null>;
  /** Stores a hash and ends all sessions and links of the user. */
  setPassword(userId: string, password: string): Promise<void>;
  /** Stores the same password under newer parameters. */
  rehash(userId: string, password: string): Promise<void>;
  loggedIn(userId: string, atMs: number): Promise<void>;
  /** Who is no longer active loses all sessions. */
  change(userId: string, change: { readonly role?: Role | undefined; readonly isActive?: boolean | undefined }): Promise<UserChange>;
  /** Deletes the user and everything that belongs to them, except for what the audit log says. */
  remove(userId: string): Promise<UserChange>;

  /** Keeps at most `keep` sessions of the user, the most recently used, this one among them. */
  openSession(tokenHash: string, userId: string, atMs: number, keep: number): Promise<void>;
  findSession(tokenHash: string): Promise<StoredSession | null>;
  touchSession(tokenHash: string, atMs: number): Promise<void>;
  endSession(tokenHash: string): Promise<void>;
  endSessionsOf(userId: string): Promise<number>;
  /** Removes sessions not used since the one or made before the other time, and links and invitations that are over. */
  removeExpired(limits: { readonly usedBeforeMs: number; readonly createdBeforeMs: number; readonly nowMs: number }): Promise<void>;

  /** A user has one link; an older one is no longer valid. */
  addPasswordLink(tokenHash: string, userId: string, expiresAtMs: number): Promise<void>;
  /** The user whom the link belongs to, which is used up by this; null = no such link, or over. */
  takePasswordLink(tokenHash: string, nowMs: number): Promise<string | null>;

  addInvitation(invitation: NewInvitationRow): Promise<Invitation>;
  /** Newest first. @param createdBy null = everybody's. */
  invitations(createdBy: string | null): Promise<readonly Invitation[]>;
  /** False when there is none, or none of `createdBy`. */
  removeInvitation(id: string, createdBy: string | null): Promise<boolean>;
}
