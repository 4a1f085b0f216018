/**
 * GET /api/packs/:id/events: the report of a pack as it comes, as server-sent events. As with submissions, every line is stored before it is sent, and a browser that
 * reconnects goes on where it was; a verification that begins anew after a restart begins its lines anew, too.
 */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { PackState } from "../contract/index.ts";
import type { Parts } from "../parts.ts";
import { viewerOf } from "../plugins/access.ts";
import { EventStream } from "./event-stream.ts";
import { findPack } from "./packs.ts";
import { packEvent, packParams } from "./schemas/packs.ts";

function isOpen(state: PackState): boolean {
  return state === "waiting" || state === "verifying";
}

const headers = z.object({ "last-event-id": z.string().optional() });

export function packEventRoutes(parts: Parts): FastifyPluginAsyncZod {
  const { library, metrics, packs, signals } = parts;
  return async (app) => {
    const open = new Set<EventStream>();
    app.addHook("preClose", async () => {
      for (const stream of open) stream.end();
    });

    const schema = { params: packParams, headers };
    app.get("/api/packs/:id/events", { config: { access: "instructor" }, schema }, async (request, reply) => {
      const viewer = viewerOf(request);
      const { id, state: before, report } = await findPack(parts, request.params.id, viewer);
      let seq = Math.max(0, Number.parseInt(request.headers["last-event-id"] ?? "0", 10) || 0);
      let toldPlan: number | null = null;
      // It has had the last event, too: 204 tells EventSource to stay away.
      if (!isOpen(before) && seq > report.length) return reply.code(204).send();
      const stream = EventStream.open(reply);
      open.add(stream);
      metrics.streamOpened();
      const unsubscribe = signals.subscribe(library.topicOf(id), () => stream.wake());
      try {
        while (stream.isOpen) {
          // Before the lines: what is over now has all its lines.
          const { state } = await findPack(parts, id, viewer);
          const planned = library.plannedOf(id);
          if (planned !== null && planned !== toldPlan) await stream.send(seq, packEvent.parse({ kind: "planned", lines: planned }));
          toldPlan = planned;
          for (const { seq: number, line } of await packs.linesAfter(id, seq)) {
            await stream.send(number, packEvent.parse({ kind: "line", line }));
            seq = number;
          }
          if (!isOpen(state)) {
            await stream.send(seq + 1, packEvent.parse({ kind: "finished", state }));
            return reply;
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
    });
  };
}
