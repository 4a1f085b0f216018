/**
 * What writes must not come from a page of another site. Browsers say where a request comes from (Sec-Fetch-Site; the older ones Origin),
 * and no page can make them lie; a request without either comes from no browser, and so from no page.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { ApiFailure } from "../errors.ts";

const READING = new Set(["GET", "HEAD", "OPTIONS"]);

export function isWriting({ method }: Pick<FastifyRequest, "method">): boolean {
  return !READING.has(method);
}

/** @param publicUrl the address before a proxy, which may hand on another Host. */
export function sameOrigin(app: FastifyInstance, publicUrl: URL | null): void {
  app.addHook("onRequest", async (request) => {
    if (isWriting(request) && !comesFromUs(request, publicUrl)) throw new ApiFailure("ORIGIN_FOREIGN");
  });
}

function comesFromUs({ headers, host }: FastifyRequest, publicUrl: URL | null): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined) return site === "same-origin" || site === "none";
  if (headers.origin === undefined) return true;
  const from = URL.parse(headers.origin)?.host;
  return from !== undefined && (from === host || from === publicUrl?.host);
}
