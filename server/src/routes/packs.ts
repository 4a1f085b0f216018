/** Packs: POST (an archive as application/zip) and GET /api/packs, GET, PATCH and DELETE /api/packs/:id, POST …/verify. Instructors deal with their own. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { PackDetail } from "../contract/index.ts";
import { ApiFailure } from "../errors.ts";
import { MAX_DISCARDED_BYTES, MAX_PACK_BYTES } from "../limits.ts";
import type { Parts } from "../parts.ts";
import { viewerOf } from "../plugins/access.ts";
import { readBody } from "../plugins/read-body.ts";
import { hasRole, type Viewer } from "../services/accounts/viewer.ts";
import { auditRequest } from "./audit-request.ts";
import { errorAnswers } from "./schemas/error.ts";
import { packDetail, packList, packParams, packStatusBody } from "./schemas/packs.ts";

/** Throws PACK_UNKNOWN, also for a pack of somebody else. */
export async function findPack({ packs }: Pick<Parts, "packs">, id: string, viewer: Viewer): Promise<PackDetail> {
  const pack = await packs.find(id);
  if (pack === null || (pack.uploadedBy !== viewer.id && !hasRole(viewer, "admin"))) throw new ApiFailure("PACK_UNKNOWN");
  return pack;
}

export function packRoutes(parts: Parts): FastifyPluginAsyncZod {
  const { audit, library, packs } = parts;
  const config = { access: "instructor" } as const;

  return async (app) => {
    app.addContentTypeParser("application/zip", async (_request: unknown, payload: AsyncIterable<Buffer>) =>
      readBody(payload, { maxBytes: MAX_PACK_BYTES, maxDiscardedBytes: MAX_DISCARDED_BYTES, tooLarge: "PACK_TOO_LARGE" }),
    );

    app.post(
      "/api/packs",
      {
        config: { ...config, limit: "upload" },
        schema: {
          summary: "Brings a pack in: its archive as application/zip. It is verified in the background.",
          response: { 201: packDetail, ...errorAnswers },
        },
      },
      async (request, reply) => {
        if (!Buffer.isBuffer(request.body)) throw new ApiFailure("PACK_ARCHIVE", "Send the archive itself, as application/zip.");
        const pack = await library.upload(request.body, viewerOf(request).id);
        await auditRequest(audit, request, {
          action: "pack.upload",
          target: pack.id,
          detail: `${pack.packId} ${pack.version} ${pack.state}`,
        });
        return reply.code(201).header("location", `/api/packs/${pack.id}`).send(pack);
      },
    );

    app.get(
      "/api/packs",
      {
        config,
        schema: { summary: "Packs that were brought in: one's own, of administrators all.", response: { 200: packList, ...errorAnswers } },
      },
      async (request) => {
        const viewer = viewerOf(request);
        return packs.list(hasRole(viewer, "admin") ? null : viewer.id);
      },
    );

    app.get(
      "/api/packs/:id",
      { config, schema: { summary: "A pack with its report so far.", params: packParams, response: { 200: packDetail, ...errorAnswers } } },
      async (request) => findPack(parts, request.params.id, viewerOf(request)),
    );

    app.patch(
      "/api/packs/:id",
      {
        config,
        schema: {
          summary: "Moves a pack on in its life cycle: beta, active, deprecated.",
          params: packParams,
          body: packStatusBody,
          response: { 200: packDetail, ...errorAnswers },
        },
      },
      async (request) => {
        const viewer = viewerOf(request);
        const { status } = request.body;
        const pack = await findPack(parts, request.params.id, viewer);
        await library.setStatus(pack, status);
        await auditRequest(audit, request, { action: "pack.status", target: pack.id, detail: status });
        return findPack(parts, pack.id, viewer);
      },
    );

    app.post(
      "/api/packs/:id/verify",
      {
        config: { ...config, limit: "upload" },
        schema: { summary: "Verifies a pack anew.", params: packParams, response: { 200: packDetail, ...errorAnswers } },
      },
      async (request) => {
        const viewer = viewerOf(request);
        const pack = await findPack(parts, request.params.id, viewer);
        await library.verifyAgain(pack);
        await auditRequest(audit, request, { action: "pack.verify", target: pack.id });
        return findPack(parts, pack.id, viewer);
      },
    );

    app.delete(
      "/api/packs/:id",
      {
        config,
        schema: {
          summary: "Deletes a pack that nobody has begun, submitted to or assigned.",
          params: packParams,
          response: { 204: z.undefined(), ...errorAnswers },
        },
      },
      async (request, reply) => {
        const pack = await findPack(parts, request.params.id, viewerOf(request));
        await library.remove(pack);
        await auditRequest(audit, request, { action: "pack.remove", target: pack.id, detail: `${pack.packId} ${pack.version}` });
        return reply.code(204).send();
      },
    );
  };
}
