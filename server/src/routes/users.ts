/** Users, for administrators: GET and POST /api/users, GET, PATCH and DELETE /api/users/:id, …/password-link, …/sessions. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { UserDetail } from "../contract/index.ts";
import { ApiFailure } from "../errors.ts";
import type { Parts } from "../parts.ts";
import type { UserChange } from "../repositories/users.ts";
import { auditRequest } from "./audit-request.ts";
import {
  newUserAnswer,
  newUserBody,
  passwordLink,
  userChangeBody,
  userDetail,
  userPage,
  userPageQuery,
  userParams,
} from "./schemas/account.ts";
import { errorAnswers } from "./schemas/error.ts";

const REFUSALS = { unknown: "USER_UNKNOWN", "last-admin": "ADMIN_LAST" } as const;

export function userRoutes({ accounts, audit, sessions, users }: Parts): FastifyPluginAsyncZod {
  const found = async (id: string): Promise<UserDetail> => {
    const user = await users.find(id);
    if (user === null) throw new ApiFailure("USER_UNKNOWN");
    return user;
  };
  const settle = (change: UserChange): void => {
    if (change !== "done") throw new ApiFailure(REFUSALS[change]);
  };
  const config = { access: "admin" } as const;
  const params = userParams;

  return async (app) => {
    app.get(
      "/api/users",
      { config, schema: { summary: "Users, by name.", querystring: userPageQuery, response: { 200: userPage, ...errorAnswers } } },
      async ({ query: { after = null, limit } }) => users.page(after, limit),
    );

    app.post(
      "/api/users",
      {
        config,
        schema: {
          summary: "Makes a user; without a password, a link to set one is in the answer.",
          body: newUserBody,
          response: { 201: newUserAnswer, ...errorAnswers },
        },
      },
      async (request, reply) => {
        const { name, role, password = null } = request.body;
        const user = await accounts.add(name, role, password);
        await auditRequest(audit, request, { action: "user.add", target: user.id, detail: role });
        const link = password === null ? await accounts.makePasswordLink(user.id) : null;
        return reply.code(201).header("location", `/api/users/${user.id}`).send({ user, passwordLink: link });
      },
    );

    app.get(
      "/api/users/:id",
      { config, schema: { summary: "A user.", params, response: { 200: userDetail, ...errorAnswers } } },
      async (request) => found(request.params.id),
    );

    app.patch(
      "/api/users/:id",
      {
        config,
        schema: {
          summary: "Changes the role, blocks or lets in again. Blocking ends all sessions.",
          params,
          body: userChangeBody,
          response: { 200: userDetail, ...errorAnswers },
        },
      },
      async (request) => {
        const { id } = request.params;
        const { role, isActive } = request.body;
        settle(await users.change(id, { role, isActive }));
        sessions.announceEnd();
        if (role !== undefined) await auditRequest(audit, request, { action: "user.role", target: id, detail: role });
        if (isActive !== undefined)
          await auditRequest(audit, request, { action: "user.active", target: id, detail: isActive ? "on" : "off" });
        return found(id);
      },
    );

    app.delete(
      "/api/users/:id",
      {
        config,
        schema: { summary: "Deletes a user with submissions and drafts.", params, response: { 204: z.undefined(), ...errorAnswers } },
      },
      async (request, reply) => {
        const { id } = request.params;
        const { name } = await found(id);
        settle(await users.remove(id));
        sessions.announceEnd();
        await auditRequest(audit, request, { action: "user.remove", target: id, detail: name });
        return reply.code(204).send();
      },
    );

    app.post(
      "/api/users/:id/password-link",
      {
        config,
        schema: { summary: "A link by which the user sets a password, once.", params, response: { 201: passwordLink, ...errorAnswers } },
      },
      async (request, reply) => {
        const { id } = await found(request.params.id);
        await auditRequest(audit, request, { action: "user.password-link", target: id });
        return reply.code(201).send(await accounts.makePasswordLink(id));
      },
    );

    app.delete(
      "/api/users/:id/sessions",
      { config, schema: { summary: "Ends all sessions of a user.", params, response: { 204: z.undefined(), ...errorAnswers } } },
      async (request, reply) => {
        const { id } = await found(request.params.id);
        await sessions.endAllOf(id);
        await auditRequest(audit, request, { action: "session.end-all", target: id });
        return reply.code(204).send();
      },
    );
  };
}
