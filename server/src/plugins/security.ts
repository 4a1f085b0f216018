/**
 * Security headers. The policy lets the page run its own scripts only; Monaco needs workers (its bundler may start them from blobs)
 * and writes inline styles. Inline scripts are blocked, so index.html must load its script from a file.
 */
import helmet from "@fastify/helmet";
import type { FastifyInstance } from "fastify";

export async function security(app: FastifyInstance): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        workerSrc: ["'self'", "blob:"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", "data:"],
        fontSrc: ["'self'", "data:"],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // Plain http on localhost is the normal case; who serves it over TLS sets this at the proxy.
    strictTransportSecurity: false,
    crossOriginOpenerPolicy: { policy: "same-origin" },
  });
  // Answers of the API are somebody's state; no cache may keep them.
  app.addHook("onRequest", async (request, reply) => {
    if (request.url.startsWith("/api/")) reply.header("cache-control", "no-store");
  });
}
