/**
 * GET /api/problems/:id/editorial and PUT …/surrender: what there is to say about a problem, for who has solved it or given it up. It may hold the whole answer, so
 * nobody comes upon it by accident; what was given up can be solved all the same.
 */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { ApiFailure } from "../errors.ts";
import type { Parts } from "../parts.ts";
import { viewerOf } from "../plugins/access.ts";
import { LOCAL_USER_ID } from "../repositories/local-user.ts";
import { hasRole, type Viewer } from "../services/accounts/viewer.ts";
import { errorAnswers } from "./schemas/error.ts";
import { problemParams } from "./schemas/problem.ts";
import { editorial } from "./schemas/progress.ts";

export function editorialRoutes({ learnerVersions, progress, now }: Parts): FastifyPluginAsyncZod {
  /** In single-user mode the learner is everything at once, and is to come upon nothing either. */
  async function mayRead(viewer: Viewer, problemId: string): Promise<boolean> {
    const own = (await progress.list(viewer.id)).find((entry) => entry.problemId === problemId);
    if (own !== undefined && (own.solvedAtMs !== null || own.surrenderedAtMs !== null)) return true;
    return hasRole(viewer, "instructor") && viewer.id !== LOCAL_USER_ID;
  }

  const config = { access: "learner" } as const;
  return async (app) => {
    app.get(
      "/api/problems/:id/editorial",
      {
        config,
        schema: {
          summary: "What there is to say about a problem, for who has solved it or given it up.",
          params: problemParams,
          response: { 200: editorial, ...errorAnswers },
        },
      },
      async (request) => {
        const viewer = viewerOf(request);
        const { id, editorialHtml } = await learnerVersions.of(viewer.id, request.params.id);
        if (editorialHtml === null) throw new ApiFailure("EDITORIAL_MISSING");
        if (!(await mayRead(viewer, id))) throw new ApiFailure("EDITORIAL_CLOSED");
        return { html: editorialHtml };
      },
    );

    app.put(
      "/api/problems/:id/surrender",
      {
        config,
        schema: {
          summary: "Gives a problem up; it can be solved all the same.",
          params: problemParams,
          response: { 204: z.undefined(), ...errorAnswers },
        },
      },
      async (request, reply) => {
        const viewer = viewerOf(request);
        const { id } = await learnerVersions.begin(viewer.id, request.params.id);
        await progress.surrendered(viewer.id, id, now());
        return reply.code(204).send();
      },
    );
  };
}
