/**
 * Sessions. A token of 256 random bits goes to the browser, its hash into the database. A session ends when it was not used for a while, when it
 * is old, at log-out, and when all of a user's are ended. Each log-in has a new one, so that a token planted before is worth nothing.
 *
 * The token against forged requests (CSRF) is derived from the session's own: it is bound to the session without being stored.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { StoredSession, UserRepository } from "../../repositories/users.ts";
import type { Signals } from "../queue/signals.ts";
import { newToken, tokenHash } from "./tokens.ts";
import type { Viewer } from "./viewer.ts";

/** The signal that some sessions have ended. Who watches something asks whether theirs is among them. */
export const SESSIONS_ENDED = "sessions ended";

const HOUR_MS = 3_600_000;

/** Unused for so long, a session is over. */
export const SESSION_IDLE_MS = 7 * 24 * HOUR_MS;

/** So long after its log-in, a session is over. */
export const SESSION_MAX_MS = 30 * 24 * HOUR_MS;

/** Use is written down no more often than this. */
const TOUCH_EVERY_MS = 60_000;

/** Browsers a user may be logged in with. */
const MAX_SESSIONS = 20;

export class SessionService {
  readonly #users: UserRepository;
  readonly #signals: Signals;
  readonly #now: () => number;

  constructor(users: UserRepository, signals: Signals, now: () => number) {
    this.#users = users;
    this.#signals = signals;
    this.#now = now;
  }

  /** Begins a session; the answer is its token. */
  async open(userId: string): Promise<string> {
    const token = newToken();
    const nowMs = this.#now();
    await this.#users.removeExpired({ usedBeforeMs: nowMs - SESSION_IDLE_MS, createdBeforeMs: nowMs - SESSION_MAX_MS, nowMs });
    await this.#users.openSession(tokenHash(token), userId, nowMs, MAX_SESSIONS);
    // There may have been too many.
    this.announceEnd();
    return token;
  }

  /** Whose session this is; null when it is over or never was. Counts as use. */
  async find(token: string): Promise<Viewer | null> {
    const hash = tokenHash(token);
    const session = await this.#users.findSession(hash);
    if (session === null || !session.user.isActive) return null;
    const nowMs = this.#now();
    if (this.#isOver(session)) {
      await this.#users.endSession(hash);
      return null;
    }
    if (nowMs - session.usedAtMs >= TOUCH_EVERY_MS) await this.#users.touchSession(hash, nowMs);
    const { id, name, role } = session.user;
    return { id, name, role };
  }

  /** As `find`, but counts as no use. */
  async peek(token: string): Promise<Viewer | null> {
    const session = await this.#users.findSession(tokenHash(token));
    if (session === null || !session.user.isActive || this.#isOver(session)) return null;
    const { id, name, role } = session.user;
    return { id, name, role };
  }

  async end(token: string): Promise<void> {
    await this.#users.endSession(tokenHash(token));
    this.announceEnd();
  }

  /** @returns how many there were. */
  async endAllOf(userId: string): Promise<number> {
    const ended = await this.#users.endSessionsOf(userId);
    this.announceEnd();
    return ended;
  }

  /** To be called by who has ended sessions, or taken rights away, in another way: with a password, with a user. */
  announceEnd(): void {
    this.#signals.emit(SESSIONS_ENDED);
  }

  #isOver({ usedAtMs, createdAtMs }: Pick<StoredSession, "usedAtMs" | "createdAtMs">): boolean {
    const nowMs = this.#now();
    return nowMs - usedAtMs >= SESSION_IDLE_MS || nowMs - createdAtMs >= SESSION_MAX_MS;
  }

  csrfTokenOf(token: string): string {
    return createHmac("sha256", token).update("csrf").digest("base64url");
  }

  isCsrfToken(token: string, given: string): boolean {
    const [expected, found] = [Buffer.from(this.csrfTokenOf(token)), Buffer.from(given)];
    return expected.length === found.length && timingSafeEqual(expected, found);
  }
}
