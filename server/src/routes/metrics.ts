/** GET /api/metrics: numbers for a monitoring system on this machine, or for an administrator. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { Parts } from "../parts.ts";

export function metricsRoutes({ metrics, judge, submissions }: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/api/metrics",
      { config: { access: "operator" }, schema: { summary: "Figures for Prometheus, as text." } },
      async (_request, reply) => {
        const { isWarm: judgeWarm, workers, state } = judge;
        const waiting = await submissions.countQueued();
        const text = metrics.text({ waiting, judgeReady: state === "ready", judgeWarm, workers, openStreams: metrics.openStreams });
        return reply.type("text/plain; version=0.0.4; charset=utf-8").send(text);
      },
    );
  };
}
