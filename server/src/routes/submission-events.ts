/**
 * GET /api/submissions/:id/events: judging as server-sent events. Every event is stored before it is sent and its id is its number,
 * so a browser that reconnects (Last-Event-ID) misses nothing and sees nothing twice, also when the server was restarted between.
 * Ends after `finished`; a reconnect after that is answered 204, which tells EventSource to stay away.
 */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Parts } from "../parts.ts";
import { viewerOf } from "../plugins/access.ts";
import { EventStreams } from "./event-streams.ts";
import { findVisible } from "./find-visible.ts";
import { judgeProgress } from "./schemas/report.ts";
import { submissionParams } from "./schemas/submission.ts";

const headers = z.object({ "last-event-id": z.string().optional() });

export function submissionEventRoutes(parts: Parts): FastifyPluginAsyncZod {
  const { submissions } = parts;
  return async (app) => {
    const streams = new EventStreams(app, parts);
    app.get(
      "/api/submissions/:id/events",
      {
        config: { access: "learner" },
        schema: {
          summary: "The judging as server-sent events. A reconnect with Last-Event-ID goes on where it was.",
          params: submissionParams,
          headers,
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        const submission = await findVisible(parts, id, viewerOf(request));
        let seq = Math.max(0, Number.parseInt(request.headers["last-event-id"] ?? "0", 10) || 0);
        const isOver = submission.status === "judged" && submission.explanation !== "pending";
        if (isOver && (await submissions.progressAfter(id, seq)).length === 0) return reply.code(204).send();
        return streams.serve(request, reply, {
          topic: id,
          tell: async (stream, viewer) => {
            await findVisible(parts, id, viewer);
            for (const event of await submissions.progressAfter(id, seq)) {
              await stream.send(event.seq, judgeProgress.parse(event.progress));
              seq = event.seq;
              if (event.progress.kind === "finished") return true;
            }
            return false;
          },
        });
      },
    );
  };
}
