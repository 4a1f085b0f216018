/** GET /api/problems, GET /api/problems/:id and …/form, PUT …/version. Each learner has the version of a problem that they have begun with. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Parts } from "../parts.ts";
import { viewerOf } from "../plugins/access.ts";
import type { CatalogProblem } from "../services/catalog/catalog.ts";
import { ApiFailure } from "../errors.ts";
import { errorAnswers } from "./schemas/error.ts";
import { answerForm } from "./schemas/report.ts";
import { formQuery, problemDetail, problemList, problemParams, problemVersionBody } from "./schemas/problem.ts";
import { type Exhibits, summarise, viewProblem } from "./problem-view.ts";

export function problemRoutes({ catalog, judge, learnerVersions, submissions }: Parts): FastifyPluginAsyncZod {
  /** Sample worlds are computed by the reference solution, once per problem and version, when it is first opened. */
  const known = new Map<string, Promise<Exhibits>>();

  function exhibitsOf(problem: CatalogProblem): Promise<Exhibits> {
    const key = `${problem.id} ${problem.version}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const computed = judge.ask(async (service) => {
      const [samples, form] = await Promise.all([service.sampleWorlds(problem), service.answerForm(problem, 0)]);
      return { samples, form };
    });
    known.set(key, computed);
    computed.catch(() => known.delete(key));
    return computed;
  }

  const config = { access: "learner" } as const;
  return async (app) => {
    app.get(
      "/api/problems",
      {
        config,
        schema: { summary: "The catalogue: sections and problems, with how far one is.", response: { 200: problemList, ...errorAnswers } },
      },
      async (request) => {
        const standings = new Map((await submissions.standings(viewerOf(request).id)).map((standing) => [standing.problemId, standing]));
        const problems = catalog.problems.map((problem) => summarise(problem, standings.get(problem.id)));
        return { packTitle: catalog.packTitle, sections: catalog.sections, problems };
      },
    );

    app.get(
      "/api/problems/:id",
      {
        config,
        schema: {
          summary: "A problem as it is asked: statement, samples, starter, hints; in the version that one has begun with.",
          params: problemParams,
          response: { 200: problemDetail, ...errorAnswers },
        },
      },
      async (request) => {
        const viewer = viewerOf(request);
        const { problem, newerVersion } = await learnerVersions.open(viewer.id, request.params.id);
        const [exhibits, standings] = await Promise.all([exhibitsOf(problem), submissions.standings(viewer.id)]);
        return viewProblem(
          problem,
          exhibits,
          standings.find(({ problemId }) => problemId === problem.id),
          newerVersion,
        );
      },
    );

    app.put(
      "/api/problems/:id/version",
      {
        config,
        schema: {
          summary: "Begins with the version that was shown, or changes to the present one.",
          params: problemParams,
          body: problemVersionBody,
          response: { 204: z.undefined(), ...errorAnswers },
        },
      },
      async (request, reply) => {
        await learnerVersions.choose(viewerOf(request).id, request.params.id, request.body.version);
        return reply.code(204).send();
      },
    );

    app.get(
      "/api/problems/:id/form",
      {
        config,
        schema: {
          summary: "A variation of a question that is filled in.",
          params: problemParams,
          querystring: formQuery,
          response: { 200: answerForm, ...errorAnswers },
        },
      },
      async (request) => {
        const problem = await learnerVersions.of(viewerOf(request).id, request.params.id);
        const form = await judge.ask((service) => service.answerForm(problem, request.query.variation));
        if (form === null) throw new ApiFailure("FORM_NOT_OFFERED");
        return form;
      },
    );
  };
}
