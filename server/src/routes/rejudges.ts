/** Rejudge sets: POST and GET /api/rejudges, GET /api/rejudges/:id, POST /api/rejudges/:id/apply and /cancel. */
import type { FastifyRequest } from "fastify";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { RejudgeDetail } from "../contract/index.ts";
import { ApiFailure } from "../errors.ts";
import { MAX_REJUDGED } from "../limits.ts";
import type { Parts } from "../parts.ts";
import { viewerOf } from "../plugins/access.ts";
import type { RejudgeEnd } from "../repositories/rejudges.ts";
import { hasRole, type Viewer } from "../services/accounts/viewer.ts";
import { auditRequest } from "./audit-request.ts";
import { errorAnswers } from "./schemas/error.ts";
import { noProperties, rejudgeDetail, rejudgeFilter, rejudgeList, rejudgeParams } from "./schemas/rejudge.ts";

const REFUSALS = { unknown: "REJUDGE_UNKNOWN", judging: "REJUDGE_NOT_READY", stale: "REJUDGE_STALE", closed: "REJUDGE_CLOSED" } as const;

/** Whose sets and submissions somebody deals with; null = everybody's. */
function whose(viewer: Viewer): string | null {
  return hasRole(viewer, "admin") ? null : viewer.id;
}

export function rejudgeRoutes({ rejudges, queue, audit, now }: Parts): FastifyPluginAsyncZod {
  const found = async (id: string, viewer: Viewer): Promise<RejudgeDetail> => {
    const set = await rejudges.find(id, whose(viewer));
    if (set === null) throw new ApiFailure("REJUDGE_UNKNOWN");
    return set;
  };
  const ended = async (
    request: FastifyRequest,
    id: string,
    action: "rejudge.apply" | "rejudge.cancel",
    end: (id: string, atMs: number) => Promise<RejudgeEnd>,
  ): Promise<RejudgeDetail> => {
    const viewer = viewerOf(request);
    await found(id, viewer);
    const became = await end(id, now());
    const outcome = became === "done" ? "done" : "refused";
    await auditRequest(audit, request, { action, target: id, outcome, detail: became });
    if (became !== "done") throw new ApiFailure(REFUSALS[became]);
    queue.wake();
    return found(id, viewer);
  };
  const config = { access: "instructor" } as const;

  return async (app) => {
    app.post(
      "/api/rejudges",
      {
        config,
        schema: {
          summary: "Judges submissions anew that are like the filter. Results stay as they are until the set is applied.",
          body: rejudgeFilter,
          response: { 201: rejudgeDetail, ...errorAnswers },
        },
      },
      async (request, reply) => {
        const viewer = viewerOf(request);
        const options = { createdBy: viewer.id, onlyOf: whose(viewer), createdAtMs: now(), maxItems: MAX_REJUDGED };
        const set = await rejudges.create(request.body, options).catch((error: unknown) => {
          throw error instanceof RangeError ? new ApiFailure("REJUDGE_TOO_LARGE") : error;
        });
        if (set === null) throw new ApiFailure("REJUDGE_EMPTY");
        await auditRequest(audit, request, { action: "rejudge.add", target: set.id, detail: `${set.total} submissions` });
        queue.wake();
        return reply.code(201).header("location", `/api/rejudges/${set.id}`).send(set);
      },
    );

    app.get(
      "/api/rejudges",
      { config, schema: { summary: "Rejudge sets, newest first.", response: { 200: rejudgeList, ...errorAnswers } } },
      async (request) => rejudges.list(whose(viewerOf(request))),
    );

    app.get(
      "/api/rejudges/:id",
      {
        config,
        schema: { summary: "A rejudge set: what would change.", params: rejudgeParams, response: { 200: rejudgeDetail, ...errorAnswers } },
      },
      async (request) => found(request.params.id, viewerOf(request)),
    );

    // The body says nothing, but a page of another origin cannot send JSON without asking first.
    const ending = { params: rejudgeParams, body: noProperties, response: { 200: rejudgeDetail, ...errorAnswers } };

    app.post(
      "/api/rejudges/:id/apply",
      { config, schema: { summary: "Replaces the results of a set, all or none.", ...ending } },
      async (request) => ended(request, request.params.id, "rejudge.apply", (id, atMs) => rejudges.apply(id, atMs)),
    );

    app.post(
      "/api/rejudges/:id/cancel",
      { config, schema: { summary: "Ends a set; results stay as they are.", ...ending } },
      async (request) => ended(request, request.params.id, "rejudge.cancel", (id, atMs) => rejudges.cancel(id, atMs)),
    );
  };
}
