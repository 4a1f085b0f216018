/**
 * Serves the built client. File names under assets/ carry a hash of their content and are kept for ever; everything else is asked for
 * anew each time. Addresses of pages (`/learn/…`) are resolved in the browser, so they all get index.html.
 */
import { existsSync } from "node:fs";
import { join, sep } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { ApiFailure } from "../errors.ts";
import { sendError } from "./errors.ts";

const FOR_EVER = "public, max-age=31536000, immutable";
const ASK_EACH_TIME = "no-cache";

export async function clientFiles(app: FastifyInstance, clientDir: string): Promise<void> {
  const isBuilt = existsSync(join(clientDir, "index.html"));
  if (isBuilt) {
    const assets = join(clientDir, "assets") + sep;
    await app.register(fastifyStatic, {
      root: clientDir,
      dotfiles: "ignore",
      cacheControl: false,
      setHeaders: (reply, path) => {
        reply.header("cache-control", path.startsWith(assets) ? FOR_EVER : ASK_EACH_TIME);
      },
    });
  }
  app.setNotFoundHandler((request, reply) => {
    if (!isPage(request)) return sendError(new ApiFailure("NOT_FOUND"), request, reply);
    if (isBuilt) return reply.sendFile("index.html");
    return sendError(new ApiFailure("NOT_FOUND", "The client is not built. `npm start` builds it."), request, reply);
  });
}

/** A browser that wants a page, not a file or an answer of the API. */
function isPage(request: FastifyRequest): boolean {
  if (request.method !== "GET" && request.method !== "HEAD") return false;
  const path = request.url.split("?", 1)[0]!;
  if (path === "/api" || path.startsWith("/api/") || path.startsWith("/assets/")) return false;
  return !path.slice(path.lastIndexOf("/")).includes(".") && /text\/html|\*\/\*/.test(request.headers.accept ?? "*/*");
}
