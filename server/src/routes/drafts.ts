/** Texts that learners are at: GET /api/problems/:id/drafts, GET, PUT and DELETE /api/problems/:id/drafts/:file. Each sees their own. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { ApiFailure } from "../errors.ts";
import { DRAFT_LIMITS, MAX_SUBMISSION_BYTES } from "../limits.ts";
import type { Parts } from "../parts.ts";
import { viewerOf } from "../plugins/access.ts";
import { findProblem } from "./accept-text.ts";
import { errorAnswers } from "./schemas/error.ts";
import { problemParams } from "./schemas/problem.ts";
import { draft, draftBody, draftList, draftParams, savedDraft } from "./schemas/progress.ts";

export function draftRoutes({ catalog, drafts, learnerVersions, now }: Parts): FastifyPluginAsyncZod {
  const config = { access: "learner" } as const;
  return async (app) => {
    app.get(
      "/api/problems/:id/drafts",
      { config, schema: { summary: "One's drafts of a problem.", params: problemParams, response: { 200: draftList, ...errorAnswers } } },
      async (request) => drafts.list(viewerOf(request).id, findProblem(catalog, request.params.id).id),
    );

    app.get(
      "/api/problems/:id/drafts/:file",
      { config, schema: { summary: "A draft.", params: draftParams, response: { 200: draft, ...errorAnswers } } },
      async (request) => {
        const { id, file } = request.params;
        const found = await drafts.find({ userId: viewerOf(request).id, problemId: findProblem(catalog, id).id, file });
        if (found === null) throw new ApiFailure("DRAFT_UNKNOWN");
        return found;
      },
    );

    app.put(
      "/api/problems/:id/drafts/:file",
      {
        config,
        schema: {
          summary: "Saves a draft; the last writer wins, and is told what was overwritten.",
          params: draftParams,
          body: draftBody,
          response: { 200: savedDraft, ...errorAnswers },
        },
      },
      async (request) => {
        const { id, file } = request.params;
        const { text, baseRevision = null, unlessChanged = false } = request.body;
        const userId = viewerOf(request).id;
        const problemId = findProblem(catalog, id).id;
        if (Buffer.byteLength(text) > MAX_SUBMISSION_BYTES) throw new ApiFailure("SUBMISSION_TOO_LARGE");
        await learnerVersions.begin(userId, problemId);
        const written = { userId, problemId, file, text, baseRevision, unlessChanged, savedAtMs: now() };
        const saved = await drafts.save(written, DRAFT_LIMITS);
        if (saved === "full") throw new ApiFailure("DRAFTS_FULL");
        if (saved === "changed") throw new ApiFailure("DRAFT_CHANGED");
        return saved;
      },
    );

    app.delete(
      "/api/problems/:id/drafts/:file",
      { config, schema: { summary: "Deletes a draft.", params: draftParams, response: { 204: z.undefined(), ...errorAnswers } } },
      async (request, reply) => {
        const { id, file } = request.params;
        const place = { userId: viewerOf(request).id, problemId: findProblem(catalog, id).id, file };
        if (!(await drafts.remove(place))) throw new ApiFailure("DRAFT_UNKNOWN");
        return reply.code(204).send();
      },
    );
  };
}
