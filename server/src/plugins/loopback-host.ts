/**
 * A server that listens on this machine only serves pages that were asked for under this machine's own names. Otherwise a foreign site could
 * have its name resolve to 127.0.0.1 (DNS rebinding) and use the product in the reader's browser as if it were its own.
 */
import type { FastifyInstance } from "fastify";
import type { Config } from "../config/config.ts";
import { isLoopbackName } from "../config/loopback.ts";
import { ApiFailure } from "../errors.ts";

/** On any other than a loopback address every name is served. */
export function loopbackHost(app: FastifyInstance, { host, publicUrl }: Pick<Config, "host" | "publicUrl">): void {
  if (!isLoopbackName(host)) return;
  app.addHook("onRequest", async ({ hostname }) => {
    if (!isLoopbackName(hostname) && hostname !== publicUrl?.hostname) throw new ApiFailure("HOST_FOREIGN");
  });
}
