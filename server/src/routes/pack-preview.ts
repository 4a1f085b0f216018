/** A pack as learners will get it, for who brought it in: GET /api/packs/:id/problems and …/problems/:problem. Nothing is run or judged for it. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { ApiFailure } from "../errors.ts";
import type { Parts } from "../parts.ts";
import { viewerOf } from "../plugins/access.ts";
import { toCatalogProblem } from "../services/catalog/load-catalog.ts";
import { findPack } from "./packs.ts";
import { viewProblem } from "./problem-view.ts";
import { errorAnswers } from "./schemas/error.ts";
import { packParams, packProblemParams, packProblems } from "./schemas/packs.ts";
import { problemDetail } from "./schemas/problem.ts";

export function packPreviewRoutes(parts: Parts): FastifyPluginAsyncZod {
  const { judge, library } = parts;
  const access = "instructor" as const;

  return async (app) => {
    app.get(
      "/api/packs/:id/problems",
      {
        config: { access },
        schema: { summary: "The problems of a pack.", params: packParams, response: { 200: packProblems, ...errorAnswers } },
      },
      async (request) => library.problemsOf(await findPack(parts, request.params.id, viewerOf(request))),
    );

    // The reference solution computes the samples, so that it counts as a run.
    app.get(
      "/api/packs/:id/problems/:problem",
      {
        config: { access, limit: "run" },
        schema: {
          summary: "A problem of a pack as learners will get it.",
          params: packProblemParams,
          response: { 200: problemDetail, ...errorAnswers },
        },
      },
      async (request) => {
        const { id, problem: name } = request.params;
        const problems = await library.problemsOf(await findPack(parts, id, viewerOf(request)));
        const problem = problems.find((each) => each.id === name);
        if (problem === undefined) throw new ApiFailure("PROBLEM_UNKNOWN");
        const exhibits = await judge.ask((service) => service.preview(problem));
        return viewProblem(toCatalogProblem(problem), exhibits, undefined);
      },
    );
  };
}
