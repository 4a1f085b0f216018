/** The cookie that holds a session's token. Only the server reads it, and browsers send it with no request that another site's page makes. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { SESSION_MAX_MS } from "../services/accounts/session-service.ts";

/** Where it is sent over TLS only, its name keeps other servers of the same domain from setting it. */
function nameOf(secure: boolean): string {
  return secure ? "__Host-millrace" : "millrace";
}

export function readSessionCookie({ headers }: FastifyRequest, secure: boolean): string | null {
  const prefix = `${nameOf(secure)}=`;
  for (const part of (headers.cookie ?? "").split(";")) {
    const pair = part.trim();
    if (pair.startsWith(prefix) && /^[\w-]{43}$/.test(pair.slice(prefix.length))) return pair.slice(prefix.length);
  }
  return null;
}

/** @param token null = removes it. */
export function setSessionCookie(reply: FastifyReply, token: string | null, secure: boolean): void {
  const maxAgeS = token === null ? 0 : SESSION_MAX_MS / 1000;
  const attributes = [`${nameOf(secure)}=${token ?? ""}`, "Path=/", "HttpOnly", "SameSite=Lax", `Max-Age=${maxAgeS}`];
  reply.header("set-cookie", [...attributes, ...(secure ? ["Secure"] : [])].join("; "));
}
