/** Calls about other people: invitations, users, the audit log. */
import type {
  AuditPage,
  Invitation,
  NewInvitation,
  NewUserAnswer,
  NewUserBody,
  PasswordLink,
  Role,
  UserChangeBody,
  UserDetail,
  UserPage,
} from "@millrace/server/contract";
import { bare, type Caller, caller, post } from "./call.ts";

export interface AuditQuery {
  /** Entries older than this one; null = from the newest on. */
  readonly before: number | null;
  /** null = all. */
  readonly action: string | null;
}

export interface PeopleApi {
  invitations(): Promise<readonly Invitation[]>;
  invite(role: Role): Promise<NewInvitation>;
  removeInvitation(id: string): Promise<void>;
  /** @param after the last page's `next`; null = the first page. */
  users(after: string | null): Promise<UserPage>;
  user(id: string): Promise<UserDetail>;
  addUser(body: NewUserBody): Promise<NewUserAnswer>;
  changeUser(id: string, body: UserChangeBody): Promise<UserDetail>;
  removeUser(id: string): Promise<void>;
  passwordLink(id: string): Promise<PasswordLink>;
  endSessions(id: string): Promise<void>;
  audit(query: AuditQuery): Promise<AuditPage>;
}

export function createPeopleApi({ call }: Pick<Caller, "call"> = caller): PeopleApi {
  const user = (id: string, rest = "") => `/users/${encodeURIComponent(id)}${rest}`;
  return {
    invitations: () => call("/invitations"),
    invite: (role) => call("/invitations", post({ role })),
    removeInvitation: (id) => call(`/invitations/${encodeURIComponent(id)}`, bare("DELETE")),
    users: (after) => call(`/users${after === null ? "" : `?after=${encodeURIComponent(after)}`}`),
    user: (id) => call(user(id)),
    addUser: (body) => call("/users", post(body)),
    changeUser: (id, body) => call(user(id), post(body, "PATCH")),
    removeUser: (id) => call(user(id), bare("DELETE")),
    passwordLink: (id) => call(user(id, "/password-link"), bare("POST")),
    endSessions: (id) => call(user(id, "/sessions"), bare("DELETE")),
    audit: ({ before, action }) => {
      const query = new URLSearchParams();
      if (before !== null) query.set("before", String(before));
      if (action !== null) query.set("action", action);
      return call(`/audit${query.size === 0 ? "" : `?${query}`}`);
    },
  };
}

export const peopleApi = createPeopleApi();
