/**
 * GET /api/packs/:id/events: the report of a pack as it comes, as server-sent events. As with submissions, every line is stored before it is sent, and a browser that
 * reconnects goes on where it was. A verification that begins anew (after a restart, or because somebody asked) begins its lines anew: the id of an event is
 * `<verification>.<line>`, and who was told lines of an older verification is told `begun` first.
 */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { PackState } from "../contract/index.ts";
import type { Parts } from "../parts.ts";
import { viewerOf } from "../plugins/access.ts";
import { EventStreams } from "./event-streams.ts";
import { findPack } from "./packs.ts";
import { packEvent, packParams } from "./schemas/packs.ts";

function isOpen(state: PackState): boolean {
  return state === "waiting" || state === "verifying";
}

const headers = z.object({ "last-event-id": z.string().optional() });

/** null = nothing was told yet, or it is no id of ours. */
function readEventId(id: string | undefined): { readonly verification: number; readonly seq: number } | null {
  const [, verification, seq] = /^(\d{1,9})\.(\d{1,9})$/.exec(id ?? "") ?? [];
  return verification === undefined || seq === undefined ? null : { verification: Number(verification), seq: Number(seq) };
}

export function packEventRoutes(parts: Parts): FastifyPluginAsyncZod {
  const { library, packs } = parts;
  return async (app) => {
    const streams = new EventStreams(app, parts);
    const summary = "The report as server-sent events. A reconnect with Last-Event-ID goes on where it was.";
    const schema = { summary, params: packParams, headers };
    app.get("/api/packs/:id/events", { config: { access: "instructor" }, schema }, async (request, reply) => {
      const { id, state: before, report, verification } = await findPack(parts, request.params.id, viewerOf(request));
      let told = readEventId(request.headers["last-event-id"]) ?? { verification, seq: 0 };
      let toldPlan: number | null = null;
      // It has had the last event, too: 204 tells EventSource to stay away.
      if (!isOpen(before) && told.verification === verification && told.seq > report.length) return reply.code(204).send();
      return streams.serve(request, reply, {
        topic: library.topicOf(id),
        tell: async (stream, viewer) => {
          // Before the lines: what is over now has all its lines.
          const pack = await findPack(parts, id, viewer);
          const send = (seq: number, event: unknown) => stream.send(`${pack.verification}.${seq}`, packEvent.parse(event));
          if (told.verification !== pack.verification) {
            told = { verification: pack.verification, seq: 0 };
            toldPlan = null;
            await send(0, { kind: "begun" });
          }
          const planned = library.plannedOf(id);
          if (planned !== null && planned !== toldPlan) await send(told.seq, { kind: "planned", lines: planned });
          toldPlan = planned;
          for (const { seq, line } of await packs.linesAfter(id, told.seq)) {
            await send(seq, { kind: "line", line });
            told = { ...told, seq };
          }
          if (isOpen(pack.state)) return false;
          await send(told.seq + 1, { kind: "finished", state: pack.state });
          return true;
        },
      });
    });
  };
}
