/** GET /api/problems, GET /api/problems/:id. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { Parts } from "../parts.ts";
import { viewerOf } from "../plugins/access.ts";
import type { CatalogProblem } from "../services/catalog/catalog.ts";
import { findProblem } from "./accept-text.ts";
import { ApiFailure } from "../errors.ts";
import { errorAnswers } from "./schemas/error.ts";
import { answerForm } from "./schemas/report.ts";
import { formQuery, problemDetail, problemList, problemParams } from "./schemas/problem.ts";
import { type Exhibits, summarise, viewProblem } from "./problem-view.ts";

export function problemRoutes({ catalog, judge, submissions }: Parts): FastifyPluginAsyncZod {
  /** Sample worlds are computed by the reference solution, once per problem and version, when it is first opened. */
  const known = new Map<string, Promise<Exhibits>>();

  function exhibitsOf({ id, version }: CatalogProblem): Promise<Exhibits> {
    const key = `${id} ${version}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const computed = judge.ask(async (service) => {
      const [samples, form] = await Promise.all([service.sampleWorlds(id), service.answerForm(id, 0)]);
      return { samples, form };
    });
    known.set(key, computed);
    computed.catch(() => known.delete(key));
    return computed;
  }

  const config = { access: "learner" } as const;
  return async (app) => {
    app.get("/api/problems", { config, schema: { response: { 200: problemList, ...errorAnswers } } }, async (request) => {
      const standings = new Map((await submissions.standings(viewerOf(request).id)).map((standing) => [standing.problemId, standing]));
      const problems = catalog.problems.map((problem) => summarise(problem, standings.get(problem.id)));
      return { packTitle: catalog.packTitle, sections: catalog.sections, problems };
    });

    app.get(
      "/api/problems/:id",
      { config, schema: { params: problemParams, response: { 200: problemDetail, ...errorAnswers } } },
      async (request) => {
        const problem = findProblem(catalog, request.params.id);
        const [exhibits, standings] = await Promise.all([exhibitsOf(problem), submissions.standings(viewerOf(request).id)]);
        return viewProblem(
          problem,
          exhibits,
          standings.find(({ problemId }) => problemId === problem.id),
        );
      },
    );

    app.get(
      "/api/problems/:id/form",
      { config, schema: { params: problemParams, querystring: formQuery, response: { 200: answerForm, ...errorAnswers } } },
      async (request) => {
        const problem = findProblem(catalog, request.params.id);
        const form = await judge.ask((service) => service.answerForm(problem.id, request.query.variation));
        if (form === null) throw new ApiFailure("FORM_NOT_OFFERED");
        return form;
      },
    );
  };
}
