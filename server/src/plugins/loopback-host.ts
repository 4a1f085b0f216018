/**
 * A server that listens on this machine only serves pages that were asked for under this machine's own names. Otherwise a foreign site could
 * have its name resolve to 127.0.0.1 (DNS rebinding) and use the product in the reader's browser as if it were its own.
 */
import type { FastifyInstance } from "fastify";
import { ApiFailure } from "../errors.ts";

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]", "::1"]);

/** @param host the address that the server listens on; on any other than a loopback address every name is served. */
export function loopbackHost(app: FastifyInstance, host: string): void {
  if (!LOOPBACK.has(host)) return;
  app.addHook("onRequest", async (request) => {
    if (!LOOPBACK.has(request.hostname)) throw new ApiFailure("HOST_FOREIGN");
  });
}
