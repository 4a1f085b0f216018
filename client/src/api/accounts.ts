/** Calls about who somebody is: session, passwords, registration. */
import type { LoginBody, PasswordChangeBody, PasswordLinkBody, RegistrationBody, SessionInfo } from "@millrace/server/contract";
import { bare, type Caller, caller, post } from "./call.ts";

export interface AccountsApi {
  session(): Promise<SessionInfo>;
  login(body: LoginBody): Promise<SessionInfo>;
  logout(): Promise<void>;
  logoutEverywhere(): Promise<void>;
  changePassword(body: PasswordChangeBody): Promise<SessionInfo>;
  register(body: RegistrationBody): Promise<SessionInfo>;
  setPassword(body: PasswordLinkBody): Promise<void>;
}

export function createAccountsApi({ call }: Pick<Caller, "call"> = caller): AccountsApi {
  return {
    session: () => call("/session"),
    login: (body) => call("/session", post(body)),
    logout: () => call("/session", bare("DELETE")),
    logoutEverywhere: () => call("/sessions", bare("DELETE")),
    changePassword: (body) => call("/session/password", post(body, "PUT")),
    register: (body) => call("/accounts", post(body)),
    setPassword: (body) => call("/password", post(body)),
  };
}
