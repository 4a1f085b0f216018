/** GET /api/progress: what one has done so far. PUT /api/problems/:id/hints/:number: a hint was opened. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { ApiFailure } from "../errors.ts";
import type { Parts } from "../parts.ts";
import { viewerOf } from "../plugins/access.ts";
import { findVisibleUser } from "./find-visible.ts";
import { errorAnswers } from "./schemas/error.ts";
import { ownerQuery } from "./schemas/owner.ts";
import { hintParams, progress as progressSchema } from "./schemas/progress.ts";

export function progressRoutes(parts: Parts): FastifyPluginAsyncZod {
  const { learnerVersions, progress, now } = parts;
  const config = { access: "learner" } as const;
  return async (app) => {
    app.get(
      "/api/progress",
      {
        config,
        schema: {
          summary: "What was tried, solved and opened: one's own, or a learner's by those who lead a class of theirs.",
          querystring: ownerQuery,
          response: { 200: progressSchema, ...errorAnswers },
        },
      },
      async (request) => ({
        problems: await progress.list(await findVisibleUser(parts, request.query.user, viewerOf(request))),
      }),
    );

    app.put(
      "/api/problems/:id/hints/:number",
      {
        config,
        schema: {
          summary: "Says that a hint was opened; numbers count from 1.",
          params: hintParams,
          response: { 204: z.undefined(), ...errorAnswers },
        },
      },
      async (request, reply) => {
        const viewer = viewerOf(request);
        const problem = await learnerVersions.of(viewer.id, request.params.id);
        if (request.params.number > problem.hintsHtml.length) throw new ApiFailure("HINT_UNKNOWN");
        await learnerVersions.begin(viewer.id, problem.id);
        await progress.openedHint(viewer.id, problem.id, request.params.number, now());
        return reply.code(204).send();
      },
    );
  };
}
