/**
 * POST /api/problems/:id/changed-run and /api/submissions/:id/changed-run: a sample world, or the smallest world of a verdict, with changes. Those are the
 * worlds that a learner has seen; no other can be named.
 */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { ChangedRun } from "../contract/index.ts";
import { ApiFailure } from "../errors.ts";
import type { Parts } from "../parts.ts";
import { viewerOf } from "../plugins/access.ts";
import type { ChangedRunAnswer } from "../services/judge/judge-service.ts";
import { acceptText, findProblem } from "./accept-text.ts";
import { findVisible } from "./find-visible.ts";
import { changedRun, changedSampleBody, changedSubmissionBody } from "./schemas/changed-run.ts";
import { errorAnswers } from "./schemas/error.ts";
import { problemParams } from "./schemas/problem.ts";
import { submissionParams } from "./schemas/submission.ts";

export function changedRunRoutes(parts: Parts): FastifyPluginAsyncZod {
  const { catalog, judge, learnerVersions, runs } = parts;
  const response = { 200: changedRun, ...errorAnswers };
  return async (app) => {
    app.post(
      "/api/problems/:id/changed-run",
      {
        config: { access: "learner", limit: "run" },
        schema: {
          summary: "Runs a text in a sample world with changes, recorded; nothing is compared.",
          params: problemParams,
          body: changedSampleBody,
          response,
        },
      },
      async (request) => {
        const { sample, changes, ...answer } = request.body;
        const problem = await learnerVersions.of(viewerOf(request).id, request.params.id);
        acceptText(problem, answer);
        return ran(
          await runs.run(
            () => judge.ask((service) => service.runChanged(problem, answer, { sample }, changes)),
            () => request.raw.socket.destroyed,
          ),
        );
      },
    );

    app.post(
      "/api/submissions/:id/changed-run",
      {
        config: { access: "learner", limit: "run" },
        schema: {
          summary: "Runs a submission in its smallest failing world with changes, recorded.",
          params: submissionParams,
          body: changedSubmissionBody,
          response,
        },
      },
      async (request) => {
        const submission = await findVisible(parts, request.params.id, viewerOf(request));
        const world = submission.report?.explanation?.shown;
        if (world === undefined) throw new ApiFailure("WORLD_NOT_KEPT");
        const { id } = findProblem(catalog, submission.problemId);
        const problem = { id, version: submission.packVersion };
        const { language, text, functions } = submission;
        const answer = { language, text, ...(functions === null ? {} : { functions }) };
        return ran(
          await runs.run(
            () => judge.ask((service) => service.runChanged(problem, answer, world, request.body.changes)),
            () => request.raw.socket.destroyed,
          ),
        );
      },
    );
  };
}

function ran(answer: ChangedRunAnswer): ChangedRun {
  if (answer.kind === "ran") return answer.run;
  const where = answer.change === null ? "" : `Change ${answer.change + 1}: `;
  throw new ApiFailure("CHANGE_REFUSED", `${where}${answer.message}`);
}
