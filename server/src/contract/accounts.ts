/** Who somebody is: users, roles, sessions, invitations. */

/** Each role may do what the ones before it may. */
export type Role = "learner" | "instructor" | "admin";

export interface SessionUser {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

/** GET /api/session: what the client has to know before it asks for anything else. */
export interface SessionInfo {
  /** `single`: no log-in, whoever sits at this machine is the one user. `accounts`: people log in. */
  readonly mode: "single" | "accounts";
  /** Whether strangers may make an account for themselves; with an invitation anybody may. */
  readonly registration: "open" | "closed";
  /** null = not logged in. */
  readonly user: SessionUser | null;
  /** Sent back as header `x-millrace-csrf` with everything that is no GET; null = none is needed. Each log-in has another. */
  readonly csrfToken: string | null;
}

export interface LoginBody {
  readonly name: string;
  readonly password: string;
}

/** POST /api/accounts. */
export interface RegistrationBody extends LoginBody {
  /** The code of an invitation, which also says the role. Absent: only where registration is open; the role is `learner`. */
  readonly invitation?: string | undefined;
}

/** POST /api/password: sets the password that a link was made for. */
export interface PasswordLinkBody {
  /** What stands behind the `#` of the link. */
  readonly token: string;
  readonly password: string;
}

/** PUT /api/session/password. */
export interface PasswordChangeBody {
  readonly current: string;
  readonly next: string;
}

/** As an administrator sees a user. */
export interface UserDetail extends SessionUser {
  /** false: may not log in; everything is kept. */
  readonly isActive: boolean;
  readonly hasPassword: boolean;
  readonly createdAtMs: number;
  /** null = never. */
  readonly lastLoginAtMs: number | null;
}

export interface UserPage {
  /** In the order of their names. */
  readonly users: readonly UserDetail[];
  /** Ask again with `after` set to this; null = these were the last. */
  readonly next: string | null;
}

export interface NewUserBody {
  readonly name: string;
  readonly role: Role;
  /** Absent: the answer holds a link by which the user sets one. */
  readonly password?: string | undefined;
}

export interface UserChangeBody {
  readonly role?: Role | undefined;
  readonly isActive?: boolean | undefined;
}

/** A link by which a user sets a password, once. Shown this one time; only its hash is kept. */
export interface PasswordLink {
  readonly token: string;
  /** Path and fragment of the link, to be put behind the server's address. */
  readonly path: string;
  readonly expiresAtMs: number;
}

export interface NewUserAnswer {
  readonly user: UserDetail;
  /** null when a password was given. */
  readonly passwordLink: PasswordLink | null;
}

export interface InvitationBody {
  readonly role: Role;
}

export interface Invitation {
  readonly id: string;
  readonly role: Role;
  readonly createdBy: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  /** Name of the user who came by it; null = nobody yet. */
  readonly usedBy: string | null;
}

export interface NewInvitation extends Invitation {
  /** Shown this one time; only its hash is kept. */
  readonly code: string;
  readonly path: string;
}
