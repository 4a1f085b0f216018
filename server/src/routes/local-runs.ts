/**
 * GET /api/problems/:id/run-kit, POST /api/problems/:id/program, GET /api/submissions/:id/world: what a browser needs to run programs by itself, in worlds
 * that its learner has seen. Submissions are judged here all the same.
 */
import type { FastifyRequest } from "fastify";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { LocalProgram, ProgramBody, RunKit } from "../contract/index.ts";
import { ApiFailure } from "../errors.ts";
import type { Parts } from "../parts.ts";
import { viewerOf } from "../plugins/access.ts";
import type { ProblemVersion } from "../services/judge/judge-service.ts";
import { acceptText, findProblem } from "./accept-text.ts";
import { findVisible } from "./find-visible.ts";
import { errorAnswers } from "./schemas/error.ts";
import { programAnswer, programBody, runKitAnswer, submissionWorld } from "./schemas/local-run.ts";
import { problemParams } from "./schemas/problem.ts";
import { submissionParams } from "./schemas/submission.ts";

export function localRunRoutes(parts: Parts): FastifyPluginAsyncZod {
  const { catalog, judge, checks, learnerVersions, progress, now } = parts;
  /** The reference runs in the samples once per problem and version. */
  const known = new Map<string, Promise<RunKit | null>>();

  function kitOf(problem: ProblemVersion): Promise<RunKit | null> {
    const key = `${problem.id} ${problem.version}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const made = judge.ask((service) => service.runKit(problem));
    known.set(key, made);
    made.catch(() => known.delete(key));
    return made;
  }

  const guestOf = async (): Promise<string> => (await judge.ask((service) => service.browserScripts())).hash;

  async function programOf(problem: ProblemVersion, answer: ProgramBody, request: FastifyRequest): Promise<LocalProgram> {
    return checks.run(
      () => judge.ask((service) => service.programOf(problem, answer)),
      () => request.raw.socket.destroyed,
    );
  }

  return async (app) => {
    app.get(
      "/api/problems/:id/run-kit",
      {
        config: { access: "learner" },
        schema: {
          summary: "What a browser needs to run programs in the sample worlds by itself.",
          params: problemParams,
          response: { 200: runKitAnswer, ...errorAnswers },
        },
      },
      async (request) => {
        const problem = await learnerVersions.of(viewerOf(request).id, request.params.id);
        const [guest, kit] = await Promise.all([guestOf(), kitOf(problem)]);
        return { guest, version: problem.version, kit };
      },
    );

    app.post(
      "/api/problems/:id/program",
      {
        config: { access: "learner", limit: "run" },
        schema: {
          summary: "A text made ready to be run in a browser.",
          params: problemParams,
          body: programBody,
          response: { 200: programAnswer, ...errorAnswers },
        },
      },
      async (request) => {
        const viewer = viewerOf(request);
        acceptText(await learnerVersions.of(viewer.id, request.params.id), request.body);
        const problem = await learnerVersions.begin(viewer.id, request.params.id);
        if ((await kitOf(problem)) === null) throw new ApiFailure("RUNS_ON_SERVER");
        await progress.ran(viewer.id, problem.id, now());
        return { version: problem.version, ...(await programOf(problem, request.body, request)) };
      },
    );

    app.get(
      "/api/submissions/:id/world",
      {
        config: { access: "learner", limit: "run" },
        schema: {
          summary: "The smallest failing world of a submission, for a browser to run it in.",
          params: submissionParams,
          response: { 200: submissionWorld, ...errorAnswers },
        },
      },
      async (request) => {
        const { report, problemId, packVersion, language, text, functions } = await findVisible(
          parts,
          request.params.id,
          viewerOf(request),
        );
        const shown = report?.explanation?.shown;
        if (shown === undefined) throw new ApiFailure("WORLD_NOT_KEPT");
        const problem = { id: findProblem(catalog, problemId).id, version: packVersion };
        const kit = await kitOf(problem);
        if (kit === null) throw new ApiFailure("RUNS_ON_SERVER");
        const answer = { language, text, ...(functions === null ? {} : { functions }) };
        return { guest: await guestOf(), limits: kit.limits, ...shown, program: await programOf(problem, answer, request) };
      },
    );
  };
}
