/** POST and GET /api/problems/:id/submissions, GET /api/submissions/:id. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { ApiFailure } from "../errors.ts";
import { MAX_QUEUED } from "../limits.ts";
import type { Parts } from "../parts.ts";
import { viewerOf } from "../plugins/access.ts";
import { acceptText, findProblem } from "./accept-text.ts";
import { findVisible, findVisibleUser } from "./find-visible.ts";
import { errorAnswers } from "./schemas/error.ts";
import { ownerQuery } from "./schemas/owner.ts";
import { problemParams } from "./schemas/problem.ts";
import { submissionBody, submissionDetail, submissionList, submissionParams, submissionSummary } from "./schemas/submission.ts";

export function submissionRoutes(parts: Parts): FastifyPluginAsyncZod {
  const { catalog, learnerVersions, submissions, queue, now } = parts;
  const config = { access: "learner" } as const;
  return async (app) => {
    app.post(
      "/api/problems/:id/submissions",
      {
        config: { access: "learner", limit: "submit" },
        schema: {
          summary: "Submits a text. It is stored before it is acknowledged, and judged after that.",
          params: problemParams,
          body: submissionBody,
          response: { 201: submissionSummary, ...errorAnswers },
        },
      },
      async (request, reply) => {
        const viewer = viewerOf(request);
        acceptText(await learnerVersions.of(viewer.id, request.params.id), request.body);
        const problem = await learnerVersions.begin(viewer.id, request.params.id);
        const { language, text, functions = null, variation = 0, lane = "interactive" } = request.body;
        const answer = { language, text, functions, variation, lane };
        const submission = {
          userId: viewer.id,
          problemId: problem.id,
          packVersion: problem.version,
          ...answer,
          createdAtMs: now(),
        };
        const stored = await submissions.add(submission, MAX_QUEUED[lane]);
        if (stored === null) {
          const retryAfterS = queue.retryAfterS(MAX_QUEUED[lane]);
          throw new ApiFailure(lane === "batch" ? "BATCH_FULL" : "QUEUE_FULL", undefined, { retryAfterS });
        }
        queue.wake();
        return reply.code(201).header("location", `/api/submissions/${stored.id}`).send(stored);
      },
    );

    app.get(
      "/api/problems/:id/submissions",
      {
        config,
        schema: {
          summary: "Submissions to a problem, newest first: one's own, or a learner's by those who lead a class of theirs.",
          params: problemParams,
          querystring: ownerQuery,
          response: { 200: submissionList, ...errorAnswers },
        },
      },
      async (request) => {
        const { id } = findProblem(catalog, request.params.id);
        return submissions.listByProblem(id, await findVisibleUser(parts, request.query.user, viewerOf(request)));
      },
    );

    app.get(
      "/api/submissions/:id",
      {
        config,
        schema: {
          summary: "A submission with its text and, once it stands, its verdict.",
          params: submissionParams,
          response: { 200: submissionDetail, ...errorAnswers },
        },
      },
      async (request) => {
        const submission = await findVisible(parts, request.params.id, viewerOf(request));
        return { ...submission, worldKept: submission.report?.explanation?.shown !== undefined };
      },
    );
  };
}
