/**
 * GET, POST and DELETE /api/session (who is it, log in, log out), PUT /api/session/password, DELETE /api/sessions (log out everywhere),
 * POST /api/accounts (register), POST /api/password (set a password by a link).
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { RegistrationBody, SessionInfo, SessionUser } from "../contract/index.ts";
import { ApiFailure } from "../errors.ts";
import type { Parts } from "../parts.ts";
import { hasSecureCookies, viewerOf } from "../plugins/access.ts";
import { readSessionCookie, setSessionCookie } from "../plugins/session-cookie.ts";
import { nameKeyOf } from "../services/accounts/account-rules.ts";
import type { Doer } from "../services/rate-limits.ts";
import { auditRequest } from "./audit-request.ts";
import { loginBody, passwordChangeBody, passwordLinkBody, registrationBody, sessionInfo } from "./schemas/account.ts";
import { errorAnswers } from "./schemas/error.ts";

const nothing = z.undefined();

export function sessionRoutes(parts: Parts): FastifyPluginAsyncZod {
  const { accounts, access, audit, limits, sessions, users } = parts;
  const secure = hasSecureCookies(access);

  const infoOf = (user: SessionUser | null, token: string | null): SessionInfo => ({
    mode: access.accounts ? "accounts" : "single",
    registration: access.registration,
    user,
    csrfToken: token === null ? null : sessions.csrfTokenOf(token),
  });

  /** Begins a session in place of the one that the browser may have. */
  async function begin(request: FastifyRequest, reply: FastifyReply, userId: string): Promise<SessionInfo> {
    const before = readSessionCookie(request, secure);
    if (before !== null) await sessions.end(before);
    const user = await users.find(userId);
    if (user === null) throw new ApiFailure("LOGIN_FAILED");
    const token = await sessions.open(userId);
    setSessionCookie(reply, token, secure);
    return infoOf(user, token);
  }

  /** What failed counts, what succeeded does not: a class may log in from one address all at once. */
  async function counted<T>(doer: Doer, work: () => Promise<T>): Promise<T> {
    limits.take("login", doer);
    const result = await work();
    limits.giveBack("login", doer);
    return result;
  }

  async function register({ name, password, invitation }: RegistrationBody): Promise<SessionUser> {
    if (invitation !== undefined) return accounts.addInvited(name, password, invitation);
    if (access.registration !== "open") throw new ApiFailure("REGISTRATION_CLOSED");
    return accounts.add(name, "learner", password);
  }

  const needsAccounts = async (): Promise<void> => {
    if (!access.accounts) throw new ApiFailure("ACCOUNTS_OFF");
  };
  const entry = { access: "public", limit: "own", needsNoToken: true } as const;

  return async (app) => {
    app.get(
      "/api/session",
      {
        config: { access: "public" },
        schema: { summary: "Who one is, and what a client must know of logging in.", response: { 200: sessionInfo, ...errorAnswers } },
      },
      async ({ viewer, sessionToken }) => infoOf(viewer, sessionToken),
    );

    app.post(
      "/api/session",
      {
        config: entry,
        preHandler: needsAccounts,
        schema: { summary: "Logs in.", body: loginBody, response: { 200: sessionInfo, ...errorAnswers } },
      },
      async (request, reply) => {
        const { name, password } = request.body;
        return counted({ user: `${nameKeyOf(name)} @${request.ip}`, address: request.ip }, async () => {
          const result = await accounts.login(name, password);
          // A name that nobody has is not written down: it may well be a password in the wrong field.
          const user = result.userId === null ? null : await users.find(result.userId);
          const outcome = result.ok ? "done" : "refused";
          await audit.add({ viewer: user, address: request.ip }, { action: "session.login", target: result.userId, outcome });
          if (!result.ok) throw new ApiFailure("LOGIN_FAILED");
          return begin(request, reply, result.userId);
        });
      },
    );

    app.delete(
      "/api/session",
      { config: { access: "public" }, schema: { summary: "Logs out.", response: { 204: nothing, ...errorAnswers } } },
      async (request, reply) => {
        if (request.sessionToken !== null) {
          await sessions.end(request.sessionToken);
          await auditRequest(audit, request, { action: "session.logout" });
        }
        if (access.accounts) setSessionCookie(reply, null, secure);
        return reply.code(204).send();
      },
    );

    app.delete(
      "/api/sessions",
      {
        config: { access: "learner" },
        preHandler: needsAccounts,
        schema: { summary: "Logs out everywhere: ends all sessions of the user.", response: { 204: nothing, ...errorAnswers } },
      },
      async (request, reply) => {
        const { id } = viewerOf(request);
        await sessions.endAllOf(id);
        await auditRequest(audit, request, { action: "session.end-all", target: id });
        setSessionCookie(reply, null, secure);
        return reply.code(204).send();
      },
    );

    app.put(
      "/api/session/password",
      {
        config: { access: "learner", limit: "own" },
        preHandler: needsAccounts,
        schema: {
          summary: "Changes one's password and begins a new session; all others end.",
          body: passwordChangeBody,
          response: { 200: sessionInfo, ...errorAnswers },
        },
      },
      async (request, reply) => {
        const viewer = viewerOf(request);
        return counted({ user: `${viewer.id} password`, address: request.ip }, async () => {
          await accounts.changePassword(viewer, request.body.current, request.body.next);
          await auditRequest(audit, request, { action: "user.password", target: viewer.id });
          return begin(request, reply, viewer.id);
        });
      },
    );

    app.post(
      "/api/accounts",
      {
        config: entry,
        preHandler: needsAccounts,
        schema: {
          summary: "Makes an account, by an invitation or where registration is open, and logs it in.",
          body: registrationBody,
          response: { 201: sessionInfo, ...errorAnswers },
        },
      },
      async (request, reply) =>
        counted({ user: null, address: request.ip }, async () => {
          const user = await register(request.body);
          await audit.add({ viewer: user, address: request.ip }, { action: "user.register", target: user.id, detail: user.role });
          return reply.code(201).send(await begin(request, reply, user.id));
        }),
    );

    app.post(
      "/api/password",
      {
        config: entry,
        preHandler: needsAccounts,
        schema: {
          summary: "Sets a password by a link, once; all sessions of the user end.",
          body: passwordLinkBody,
          response: { 204: nothing, ...errorAnswers },
        },
      },
      async (request, reply) =>
        counted({ user: null, address: request.ip }, async () => {
          const user = await accounts.setPasswordByLink(request.body.token, request.body.password);
          sessions.announceEnd();
          await audit.add({ viewer: user, address: request.ip }, { action: "user.password", target: user.id, detail: "by link" });
          return reply.code(204).send();
        }),
    );
  };
}
