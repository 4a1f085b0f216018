/** POST /api/problems/:id/run and /check: answers at once; of a run is kept that there was one. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { CheckResult } from "../contract/index.ts";
import type { Parts } from "../parts.ts";
import { viewerOf } from "../plugins/access.ts";
import { acceptText } from "./accept-text.ts";
import { errorAnswers } from "./schemas/error.ts";
import { problemParams } from "./schemas/problem.ts";
import { diagnostic, sampleReport } from "./schemas/report.ts";
import { submissionBody } from "./schemas/submission.ts";

const checkResult: z.ZodType<CheckResult> = z.object({ diagnostics: z.array(diagnostic) });

export function runRoutes({ judge, learnerVersions, runs, checks, progress, now }: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      "/api/problems/:id/run",
      {
        config: { access: "learner", limit: "run" },
        schema: {
          summary: "Runs a text in the sample worlds. Nothing is kept but that there was a run.",
          params: problemParams,
          body: submissionBody,
          response: { 200: sampleReport, ...errorAnswers },
        },
      },
      async (request) => {
        const viewer = viewerOf(request);
        acceptText(await learnerVersions.of(viewer.id, request.params.id), request.body);
        const problem = await learnerVersions.begin(viewer.id, request.params.id);
        await progress.ran(viewer.id, problem.id, now());
        return runs.run(
          () => judge.ask((service) => service.runSamples(problem, request.body)),
          () => request.raw.socket.destroyed,
        );
      },
    );

    app.post(
      "/api/problems/:id/check",
      {
        config: { access: "learner", limit: "check" },
        schema: {
          summary: "Mistakes of a text, without running it.",
          params: problemParams,
          body: submissionBody,
          response: { 200: checkResult, ...errorAnswers },
        },
      },
      async (request) => {
        const problem = await learnerVersions.of(viewerOf(request).id, request.params.id);
        // An editor that was just emptied has no mistakes in it.
        if (request.body.text.trim() === "") return { diagnostics: [] };
        acceptText(problem, request.body);
        const diagnostics = await checks.run(
          () => judge.ask((service) => service.check(problem, request.body)),
          () => request.raw.socket.destroyed,
        );
        return { diagnostics };
      },
    );
  };
}
