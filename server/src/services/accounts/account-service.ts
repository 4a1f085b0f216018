/**
 * Logging in and making accounts. A log-in that fails is answered alike, and after the same work, whether the user is unknown, has no
 * password, is not active, or typed something else.
 */
import type { InvitationBody, NewInvitation, PasswordLink, Role, UserDetail } from "../../contract/index.ts";
import { ApiFailure } from "../../errors.ts";
import type { UserRepository } from "../../repositories/users.ts";
import { acceptName, acceptPassword, nameKeyOf } from "./account-rules.ts";
import type { PasswordHasher } from "./password-hash.ts";
import { newToken, tokenHash } from "./tokens.ts";

const DAY_MS = 24 * 3_600_000;
const PASSWORD_LINK_MS = 2 * DAY_MS;
const INVITATION_MS = 14 * DAY_MS;

/** What a log-in came to. `userId` of a refused one: the user whose name was typed, if there is one. */
export type LoginResult = { readonly ok: true; readonly userId: string } | { readonly ok: false; readonly userId: string | null };

export class AccountService {
  readonly #users: UserRepository;
  readonly #hasher: PasswordHasher;
  readonly #now: () => number;

  constructor(users: UserRepository, hasher: PasswordHasher, now: () => number) {
    this.#users = users;
    this.#hasher = hasher;
    this.#now = now;
  }

  async login(name: string, password: string): Promise<LoginResult> {
    const credentials = await this.#users.credentials(nameKeyOf(name));
    const check = await this.#hasher.check(password, credentials?.password ?? null);
    if (credentials === null || !credentials.isActive || check === "wrong") return { ok: false, userId: credentials?.userId ?? null };
    if (check === "outdated") await this.#users.rehash(credentials.userId, await this.#hasher.hash(password));
    await this.#users.loggedIn(credentials.userId, this.#now());
    return { ok: true, userId: credentials.userId };
  }

  /** Throws NAME_INVALID, NAME_TAKEN, PASSWORD_WEAK. @param password null = to be set by a link. */
  async add(name: string, role: Role, password: string | null): Promise<UserDetail> {
    const accepted = acceptName(name);
    if (password !== null) acceptPassword(password, accepted.nameKey);
    const hash = password === null ? null : await this.#hasher.hash(password);
    const user = await this.#users.add({ ...accepted, role, password: hash, createdAtMs: this.#now() });
    if (user === null) throw new ApiFailure("NAME_TAKEN");
    return user;
  }

  /** The role is the invitation's. Throws as `add` does, and INVITATION_UNKNOWN. */
  async addInvited(name: string, password: string, code: string): Promise<UserDetail> {
    const accepted = acceptName(name);
    acceptPassword(password, accepted.nameKey);
    const user = { ...accepted, password: await this.#hasher.hash(password), createdAtMs: this.#now() };
    const added = await this.#users.addInvited(user, tokenHash(code));
    if (added === "unknown") throw new ApiFailure("INVITATION_UNKNOWN");
    if (added === "taken") throw new ApiFailure("NAME_TAKEN");
    return added;
  }

  async makePasswordLink(userId: string): Promise<PasswordLink> {
    const token = newToken();
    const expiresAtMs = this.#now() + PASSWORD_LINK_MS;
    await this.#users.addPasswordLink(tokenHash(token), userId, expiresAtMs);
    // Behind the #, where no server log and no Referer ever sees it.
    return { token, path: `/set-password#${token}`, expiresAtMs };
  }

  /** The user whose password it was. Throws PASSWORD_LINK_UNKNOWN, PASSWORD_WEAK; a password that is refused leaves the link as it is. */
  async setPasswordByLink(token: string, password: string): Promise<UserDetail> {
    acceptPassword(password, null);
    const hash = await this.#hasher.hash(password);
    const userId = await this.#users.takePasswordLink(tokenHash(token), this.#now());
    const user = userId === null ? null : await this.#users.find(userId);
    if (user === null) throw new ApiFailure("PASSWORD_LINK_UNKNOWN");
    await this.#users.setPassword(user.id, hash);
    return user;
  }

  /** Ends all sessions of the user. Throws PASSWORD_WRONG, PASSWORD_WEAK. */
  async changePassword(user: Pick<UserDetail, "id" | "name">, current: string, next: string): Promise<void> {
    const nameKey = nameKeyOf(user.name);
    const credentials = await this.#users.credentials(nameKey);
    if ((await this.#hasher.check(current, credentials?.password ?? null)) === "wrong") throw new ApiFailure("PASSWORD_WRONG");
    acceptPassword(next, nameKey);
    await this.#users.setPassword(user.id, await this.#hasher.hash(next));
  }

  async invite({ role }: InvitationBody, createdBy: string): Promise<NewInvitation> {
    const code = newToken();
    const nowMs = this.#now();
    const row = { tokenHash: tokenHash(code), role, createdBy, createdAtMs: nowMs, expiresAtMs: nowMs + INVITATION_MS };
    return { ...(await this.#users.addInvitation(row)), code, path: `/register#${code}` };
  }
}
