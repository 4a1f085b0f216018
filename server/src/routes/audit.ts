/** GET /api/audit: who did what. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { Parts } from "../parts.ts";
import { auditPage, auditQuery } from "./schemas/audit.ts";
import { errorAnswers } from "./schemas/error.ts";

export function auditRoutes({ auditEntries }: Pick<Parts, "auditEntries">): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/api/audit",
      {
        config: { access: "admin" },
        schema: { summary: "The audit log, newest first.", querystring: auditQuery, response: { 200: auditPage, ...errorAnswers } },
      },
      async ({ query: { before = null, limit, action = null, actor = null } }) =>
        auditEntries.page({ before, limit, action, actorId: actor }),
    );
  };
}
