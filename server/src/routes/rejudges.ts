/** Rejudge sets: POST and GET /api/rejudges, GET /api/rejudges/:id, POST /api/rejudges/:id/apply and /cancel. */
import { isIP } from "node:net";
import type { FastifyRequest } from "fastify";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { RejudgeDetail } from "../contract/index.ts";
import { ApiFailure } from "../errors.ts";
import { MAX_REJUDGED } from "../limits.ts";
import type { Parts } from "../parts.ts";
import type { RejudgeEnd } from "../repositories/rejudges.ts";
import { errorAnswers } from "./schemas/error.ts";
import { noProperties, rejudgeDetail, rejudgeFilter, rejudgeList, rejudgeParams } from "./schemas/rejudge.ts";

const REFUSALS = { unknown: "REJUDGE_UNKNOWN", judging: "REJUDGE_NOT_READY", stale: "REJUDGE_STALE", closed: "REJUDGE_CLOSED" } as const;

export function rejudgeRoutes({ rejudges, queue }: Parts): FastifyPluginAsyncZod {
  const found = async (id: string): Promise<RejudgeDetail> => {
    const set = await rejudges.find(id);
    if (set === null) throw new ApiFailure("REJUDGE_UNKNOWN");
    return set;
  };
  const ended = async (id: string, end: RejudgeEnd): Promise<RejudgeDetail> => {
    if (end !== "done") throw new ApiFailure(REFUSALS[end]);
    queue.wake();
    return found(id);
  };

  return async (app) => {
    app.addHook("preHandler", async (request) => mayRejudge(request));

    app.post(
      "/api/rejudges",
      { schema: { body: rejudgeFilter, response: { 201: rejudgeDetail, ...errorAnswers } } },
      async (request, reply) => {
        const set = await rejudges.create(request.body, { createdAtMs: Date.now(), maxItems: MAX_REJUDGED }).catch((error: unknown) => {
          throw error instanceof RangeError ? new ApiFailure("REJUDGE_TOO_LARGE") : error;
        });
        if (set === null) throw new ApiFailure("REJUDGE_EMPTY");
        queue.wake();
        return reply.code(201).header("location", `/api/rejudges/${set.id}`).send(set);
      },
    );

    app.get("/api/rejudges", { schema: { response: { 200: rejudgeList, ...errorAnswers } } }, async () => rejudges.list());

    app.get(
      "/api/rejudges/:id",
      { schema: { params: rejudgeParams, response: { 200: rejudgeDetail, ...errorAnswers } } },
      async (request) => found(request.params.id),
    );

    // The body says nothing, but a page of another origin cannot send JSON without asking first.
    const ending = { params: rejudgeParams, body: noProperties, response: { 200: rejudgeDetail, ...errorAnswers } };

    app.post("/api/rejudges/:id/apply", { schema: ending }, async ({ params: { id } }) => ended(id, await rejudges.apply(id, Date.now())));

    app.post("/api/rejudges/:id/cancel", { schema: ending }, async ({ params: { id } }) =>
      ended(id, await rejudges.cancel(id, Date.now())),
    );
  };
}

/** Until there are accounts with roles: the one user of this machine. */
function mayRejudge({ ip }: FastifyRequest): void {
  const plain = ip.startsWith("::ffff:") ? ip.slice(7) : ip;
  const isLocal = plain === "::1" || (isIP(plain) === 4 && plain.startsWith("127."));
  if (!isLocal) throw new ApiFailure("NOT_ALLOWED");
}
