/**
 * One line per request at the level `info`, and the numbers of `services/metrics.ts`. Each request has an id, which is in every line of the log about
 * it and in the answer (`x-request-id`), so that somebody who reports a failure can say which. Of the address only the path is logged: queries and
 * bodies may hold what people write.
 */
import type { FastifyInstance } from "fastify";
import type { Metrics } from "../services/metrics.ts";

export function requestLog(app: FastifyInstance, metrics: Metrics): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
  });
  app.addHook("onResponse", async (request, reply) => {
    const { method, ip, viewer, routeOptions } = request;
    const { statusCode: status, elapsedTime: tookMs } = reply;
    // Files, and addresses that there are none of, are one: whoever asks for many different ones makes no more numbers.
    const route = routeOptions.config.access === undefined ? "other" : (routeOptions.url ?? "other");
    const isStream = String(reply.raw.getHeader("content-type")).startsWith("text/event-stream");
    metrics.answered({ method: routeOptions.url === undefined ? "other" : method, route, status, tookMs: isStream ? null : tookMs });
    const path = request.url.split("?", 1)[0]!.slice(0, 200);
    request.log.info(
      { method, route, path, status, tookMs: Math.round(tookMs * 10) / 10, user: viewer?.id ?? null, address: ip },
      "answered",
    );
  });
}
