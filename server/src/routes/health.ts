/** GET /api/health: always 200 while the process answers; `status` says whether it can judge. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Health } from "../contract/index.ts";
import type { Parts } from "../parts.ts";
import { errorAnswers } from "./schemas/error.ts";

const health: z.ZodType<Health> = z.object({
  status: z.enum(["ok", "degraded"]),
  judge: z.enum(["starting", "ready", "failed"]),
  warm: z.boolean(),
  queued: z.number(),
  workers: z.number(),
  version: z.string(),
});

export function healthRoutes({ judge, submissions, version }: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/api/health",
      {
        config: { access: "public" },
        schema: { summary: "Whether the server and its judge are ready.", response: { 200: health, ...errorAnswers } },
      },
      async () => ({
        status: judge.state === "ready" ? ("ok" as const) : ("degraded" as const),
        judge: judge.state,
        warm: judge.isWarm,
        queued: await submissions.countQueued(),
        workers: judge.workers,
        version,
      }),
    );
  };
}
