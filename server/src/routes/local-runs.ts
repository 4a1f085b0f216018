/**
 * GET /api/problems/:id/run-kit, POST /api/problems/:id/program, GET /api/submissions/:id/world: what a browser needs to run programs by itself, in worlds
 * that its learner has seen. Submissions are judged here all the same.
 */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { RunKit } from "../contract/index.ts";
import { ApiFailure } from "../errors.ts";
import type { Parts } from "../parts.ts";
import { viewerOf } from "../plugins/access.ts";
import type { CatalogProblem } from "../services/catalog/catalog.ts";
import { acceptText, findProblem } from "./accept-text.ts";
import { findVisible } from "./find-visible.ts";
import { errorAnswers } from "./schemas/error.ts";
import { programAnswer, programBody, runKitAnswer, submissionWorld } from "./schemas/local-run.ts";
import { problemParams } from "./schemas/problem.ts";
import { submissionParams } from "./schemas/submission.ts";

export function localRunRoutes(parts: Parts): FastifyPluginAsyncZod {
  const { catalog, judge, checks, progress, now } = parts;
  /** The reference runs in the samples once per problem and version. */
  const known = new Map<string, Promise<RunKit | null>>();

  function kitOf({ id, version }: CatalogProblem): Promise<RunKit | null> {
    const key = `${id} ${version}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const made = judge.ask((service) => service.runKit(id));
    known.set(key, made);
    made.catch(() => known.delete(key));
    return made;
  }

  const guestOf = async (): Promise<string> => (await judge.ask((service) => service.browserScripts())).hash;

  return async (app) => {
    app.get(
      "/api/problems/:id/run-kit",
      { config: { access: "learner" }, schema: { params: problemParams, response: { 200: runKitAnswer, ...errorAnswers } } },
      async (request) => {
        const problem = findProblem(catalog, request.params.id);
        const [guest, kit] = await Promise.all([guestOf(), kitOf(problem)]);
        return { guest, version: problem.version, kit };
      },
    );

    app.post(
      "/api/problems/:id/program",
      {
        config: { access: "learner", limit: "run" },
        schema: { params: problemParams, body: programBody, response: { 200: programAnswer, ...errorAnswers } },
      },
      async (request) => {
        const problem = findProblem(catalog, request.params.id);
        acceptText(problem, request.body);
        if ((await kitOf(problem)) === null) throw new ApiFailure("RUNS_ON_SERVER");
        await progress.ran(viewerOf(request).id, problem.id, now());
        const program = await checks.run(
          () => judge.ask((service) => service.programOf(problem.id, request.body)),
          () => request.raw.socket.destroyed,
        );
        return { version: problem.version, ...program };
      },
    );

    app.get(
      "/api/submissions/:id/world",
      { config: { access: "learner" }, schema: { params: submissionParams, response: { 200: submissionWorld, ...errorAnswers } } },
      async (request) => {
        const submission = await findVisible(parts, request.params.id, viewerOf(request));
        const shown = submission.report?.explanation?.shown;
        if (shown === undefined) throw new ApiFailure("WORLD_NOT_KEPT");
        const kit = await kitOf(findProblem(catalog, submission.problemId));
        if (kit === null) throw new ApiFailure("RUNS_ON_SERVER");
        return { guest: await guestOf(), limits: kit.limits, ...shown };
      },
    );
  };
}
