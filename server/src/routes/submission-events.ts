/**
 * GET /api/submissions/:id/events: judging as server-sent events. Every event is stored before it is sent and its id is its number,
 * so a browser that reconnects (Last-Event-ID) misses nothing and sees nothing twice, also when the server was restarted between.
 * Ends after `finished`; a reconnect after that is answered 204, which tells EventSource to stay away.
 */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Parts } from "../parts.ts";
import { viewerOf } from "../plugins/access.ts";
import { EventStream } from "./event-stream.ts";
import { findVisible } from "./find-visible.ts";
import { judgeProgress } from "./schemas/report.ts";
import { submissionParams } from "./schemas/submission.ts";

const headers = z.object({ "last-event-id": z.string().optional() });

export function submissionEventRoutes(parts: Parts): FastifyPluginAsyncZod {
  const { submissions, signals, metrics } = parts;
  return async (app) => {
    const open = new Set<EventStream>();
    app.addHook("preClose", async () => {
      for (const stream of open) stream.end();
    });

    app.get(
      "/api/submissions/:id/events",
      { config: { access: "learner" }, schema: { params: submissionParams, headers } },
      async (request, reply) => {
        const { id } = request.params;
        const submission = await findVisible(parts, id, viewerOf(request));
        let seq = Math.max(0, Number.parseInt(request.headers["last-event-id"] ?? "0", 10) || 0);
        const isOver = submission.status === "judged" && submission.explanation !== "pending";
        if (isOver && (await submissions.progressAfter(id, seq)).length === 0) return reply.code(204).send();

        const stream = EventStream.open(reply);
        open.add(stream);
        metrics.streamOpened();
        const unsubscribe = signals.subscribe(id, () => stream.wake());
        try {
          while (stream.isOpen) {
            for (const event of await submissions.progressAfter(id, seq)) {
              await stream.send(event.seq, judgeProgress.parse(event.progress));
              seq = event.seq;
              if (event.progress.kind === "finished") return reply;
            }
            await stream.sleep();
          }
        } catch (error) {
          // The answer has begun: no error can be sent any more. The client reconnects and goes on where it was.
          request.log.error({ err: error }, "an event stream broke");
        } finally {
          unsubscribe();
          open.delete(stream);
          metrics.streamClosed();
          stream.end();
        }
        return reply;
      },
    );
  };
}
