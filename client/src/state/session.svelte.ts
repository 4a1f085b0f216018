/**
 * Who sits here. In single-user mode (and while the server does not answer) nothing of this is ever seen. When a session ends while somebody works, the page
 * stays as it is: calls wait, and go on once the same user has logged in again.
 */
import type {
  LoginBody,
  PasswordChangeBody,
  PasswordLinkBody,
  RegistrationBody,
  Role,
  SessionInfo,
  SessionUser,
} from "@millrace/server/contract";
import { type AccountsApi, createAccountsApi } from "../api/accounts.ts";
import { type Caller, caller } from "../api/call.ts";
import { keepFor } from "./storage.ts";

const RANK: Readonly<Record<Role, number>> = { learner: 0, instructor: 1, admin: 2 };

interface Waiting {
  /** Somebody waits for it: it fails when the log-in is put off. */
  readonly asked: boolean;
  readonly resolve: (goOn: boolean) => void;
}

export interface SessionParts {
  readonly api: AccountsApi;
  readonly caller: Pick<Caller, "remember" | "listener">;
  /** Begins the page anew, at the address: what one user saw must not be there for the next. */
  readonly restart: (path: string) => void;
}

export class Session {
  #info = $state.raw<SessionInfo | null>(null);
  #settled = $state(false);
  #over = $state(false);
  #asking = $state(false);
  #waiting: Waiting[] = [];
  readonly #parts: SessionParts;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    parts.caller.listener = { loginAgain: (asked) => this.#loginAgain(asked) };
  }

  /** It is known who sits here, or that the server does not say. */
  get settled(): boolean {
    return this.#settled;
  }

  /** People log in on this server. */
  get hasAccounts(): boolean {
    return this.#info?.mode === "accounts";
  }

  /** Strangers may make an account for themselves. */
  get isOpen(): boolean {
    return this.#info?.registration === "open";
  }

  get user(): SessionUser | null {
    return this.#info?.user ?? null;
  }

  /** Nobody is logged in where everybody has to. */
  get mustLogIn(): boolean {
    return this.#settled && this.hasAccounts && this.user === null;
  }

  /** The session of `user` has ended. */
  get over(): boolean {
    return this.#over;
  }

  /** The log-in is shown over the page, because something that was begun waits for it. */
  get asking(): boolean {
    return this.#asking;
  }

  /** Whether the user may do what this role may. */
  is(role: Role): boolean {
    return this.user !== null && RANK[this.user.role] >= RANK[role];
  }

  /** Called once, by main.ts. */
  async start(): Promise<void> {
    try {
      this.#adopt(await this.#parts.api.session());
    } catch {
      // A server that is away has its own sentence on every page; a list from the cache may still be shown.
    } finally {
      this.#settled = true;
    }
  }

  /** Logs in; in the place of a session that has ended the page goes on where it was. Throws ApiFailure. */
  async login(body: LoginBody): Promise<void> {
    const before = this.user;
    const info = await this.#parts.api.login(body);
    if (before !== null && info.user?.id !== before.id) return this.#parts.restart("/");
    this.#adopt(info);
  }

  /** Perhaps they logged in again in another tab. */
  async look(): Promise<void> {
    if (!this.#over) return;
    const info = await this.#parts.api.session().catch(() => null);
    if (info === null || info.user === null) return;
    if (info.user.id !== this.user?.id) return this.#parts.restart("/");
    this.#adopt(info);
  }

  /** Opens the log-in over the page. */
  ask(): void {
    this.#asking = true;
  }

  /** The log-in was closed: what was begun fails, what only reads waits on. */
  dismiss(): void {
    this.#asking = false;
    this.#release(({ asked }) => asked, false);
  }

  /** Throws ApiFailure. */
  async logout(): Promise<void> {
    await this.#parts.api.logout();
    this.#parts.restart("/");
  }

  /** Throws ApiFailure. */
  async logoutEverywhere(): Promise<void> {
    await this.#parts.api.logoutEverywhere();
    this.#parts.restart("/");
  }

  /** Throws ApiFailure. */
  async changePassword(body: PasswordChangeBody): Promise<void> {
    this.#adopt(await this.#parts.api.changePassword(body));
  }

  /** Makes an account and logs it in. Throws ApiFailure. */
  async register(body: RegistrationBody): Promise<void> {
    await this.#parts.api.register(body);
    this.#parts.restart("/");
  }

  /** By a link; one logs in with it afterwards. Throws ApiFailure. */
  async setPassword(body: PasswordLinkBody): Promise<void> {
    await this.#parts.api.setPassword(body);
  }

  #adopt(info: SessionInfo): void {
    this.#info = info;
    this.#over = false;
    this.#asking = false;
    this.#parts.caller.remember(info);
    keepFor(info.mode === "accounts" ? (info.user?.id ?? null) : null);
    this.#release(() => true, true);
  }

  #loginAgain(asked: boolean): Promise<boolean> {
    this.#over = true;
    if (asked) this.#asking = true;
    return new Promise((resolve) => this.#waiting.push({ asked, resolve }));
  }

  #release(which: (waiting: Waiting) => boolean, goOn: boolean): void {
    const released = this.#waiting.filter(which);
    this.#waiting = this.#waiting.filter((waiting) => !which(waiting));
    for (const { resolve } of released) resolve(goOn);
  }
}

export const session = new Session({ api: createAccountsApi(), caller, restart: (path) => location.assign(path) });
