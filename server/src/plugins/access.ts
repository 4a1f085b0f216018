/**
 * Who may call what. Every route of the API says in its `config` for whom it is; one that does not keeps the server from starting. The order
 * here: who is it (session, or the one user of this machine), may that role do this, does a writing request carry the session's token, has it
 * been too often. All of it before a body is read. What belongs to whom is the routes' own question.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Config } from "../config/config.ts";
import { isLoopbackAddress, isLoopbackName } from "../config/loopback.ts";
import type { Role } from "../contract/index.ts";
import { ApiFailure } from "../errors.ts";
import type { SessionService } from "../services/accounts/session-service.ts";
import { hasRole, LOCAL_VIEWER, type Viewer } from "../services/accounts/viewer.ts";
import type { Limited, RateLimits } from "../services/rate-limits.ts";
import { isWriting } from "./same-origin.ts";
import { readSessionCookie } from "./session-cookie.ts";

/** `public`: everybody. `operator`: administrators, and programs on the server's own machine. A role: it and those above it. */
export type Access = "public" | "operator" | Role;

declare module "fastify" {
  interface FastifyContextConfig {
    /** Required for every route under /api. */
    access?: Access;
    /** What the call counts as; default `write` for what writes, nothing else. `own`: the route counts by itself. */
    limit?: Limited | "own";
    /** The call begins a session or does without one, so that it needs no token of one. */
    needsNoToken?: boolean;
  }
  interface FastifyRequest {
    /** Who asks; null = nobody who is known. */
    viewer: Viewer | null;
    /** Of the session that the request belongs to. */
    sessionToken: string | null;
  }
}

/** A route as Fastify knows it. */
export interface RouteAccess {
  /** E.g. `GET /api/problems/:id`. */
  readonly name: string;
  readonly access: Access;
}

export interface AccessParts {
  readonly sessions: SessionService;
  readonly limits: RateLimits;
}

/** Cookies are kept off plain connections unless everything stays on this machine. */
export function hasSecureCookies({ host, publicUrl }: Pick<Config, "host" | "publicUrl">): boolean {
  return publicUrl === null ? !isLoopbackName(host) : publicUrl.protocol === "https:";
}

/** @returns the routes of the API, which fills as they are registered. */
export function access(
  app: FastifyInstance,
  config: Pick<Config, "accounts" | "host" | "publicUrl">,
  { sessions, limits }: AccessParts,
): readonly RouteAccess[] {
  const secure = hasSecureCookies(config);
  app.decorateRequest("viewer", null);
  app.decorateRequest("sessionToken", null);

  const routes: RouteAccess[] = [];
  app.addHook("onRoute", ({ method, url, config: route }) => {
    if (!url.startsWith("/api/")) return;
    const methods = [method].flat();
    if (route?.access === undefined) throw new Error(`the route ${methods.join(", ")} ${url} does not say whom it is for`);
    for (const each of methods) routes.push({ name: `${each} ${url}`, access: route.access });
  });

  const identify = async (request: FastifyRequest): Promise<void> => {
    if (!config.accounts) {
      if (isLoopbackAddress(request.ip)) request.viewer = LOCAL_VIEWER;
      return;
    }
    const token = readSessionCookie(request, secure);
    if (token === null) return;
    request.viewer = await sessions.find(token);
    if (request.viewer !== null) request.sessionToken = token;
  };

  /** A proxy on this machine makes everybody look as if they were here. */
  const isHere = ({ ip }: FastifyRequest): boolean => config.publicUrl === null && isLoopbackAddress(ip);

  const admit = (request: FastifyRequest, needed: Access): void => {
    if (needed === "public" || (needed === "operator" && isHere(request))) return;
    if (request.viewer === null) throw new ApiFailure(config.accounts ? "LOGIN_REQUIRED" : "NOT_ALLOWED");
    if (!hasRole(request.viewer, needed === "operator" ? "admin" : needed)) throw new ApiFailure("ROLE_REQUIRED");
  };

  app.addHook("onRequest", async (request) => {
    const { access: needed, needsNoToken = false, limit } = request.routeOptions.config;
    // Files of the client, and addresses that there are none of.
    if (needed === undefined) return;
    await identify(request);
    admit(request, needed);
    const { viewer, sessionToken } = request;
    if (sessionToken !== null && isWriting(request) && !needsNoToken) {
      const given = request.headers["x-millrace-csrf"];
      if (typeof given !== "string" || !sessions.isCsrfToken(sessionToken, given)) throw new ApiFailure("CSRF_STALE");
    }
    // The one user of this machine is kept from nothing; queues have their ends all the same.
    const counted = limit ?? (isWriting(request) ? "write" : null);
    if (config.accounts && counted !== null && counted !== "own") limits.take(counted, { user: viewer?.id ?? null, address: request.ip });
  });
  return routes;
}

/** Who asks; only for routes that are not public. */
export function viewerOf({ viewer }: FastifyRequest): Viewer {
  if (viewer === null) throw new Error("a route that serves nobody in particular asked who it serves");
  return viewer;
}
