/** GET /api/openapi.json: the description of the API, made from the schemas at the routes. GET /api/docs: the same to read. */
import swagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";
import { createJsonSchemaTransform } from "fastify-type-provider-zod";
import { z } from "zod";
import { errorAnswers } from "../routes/schemas/error.ts";
import { packEvent } from "../routes/schemas/packs.ts";
import { judgeProgress } from "../routes/schemas/report.ts";
import type { Access, RouteAccess } from "./access.ts";
import { type ApiDescription, docsPage, type Operation } from "./docs-page.ts";

const ABOUT = `Answers are JSON. A failure is { code, message, hint?, retryAfterS? } with a status that fits. Where people log in, the session is a cookie, and everything that is no GET
carries the header x-millrace-csrf with the csrfToken of GET /api/session.`;

const FOR_WHOM: Readonly<Record<Access, string>> = {
  public: "everybody",
  operator: "administrators, and programs on the server's own machine",
  learner: "everybody who is logged in",
  instructor: "instructors and administrators",
  admin: "administrators",
};

export async function openApi(app: FastifyInstance, version: string, routes: readonly RouteAccess[]): Promise<void> {
  await app.register(swagger, {
    openapi: { openapi: "3.1.0", info: { title: "Millrace", version, description: ABOUT } },
    transform: createJsonSchemaTransform({ zodToJsonConfig: { unrepresentable: "any" } }),
  });
  let description: ApiDescription | null = null;
  const described = (): ApiDescription => {
    description ??= complete(app.swagger() as unknown as ApiDescription, routes);
    return description;
  };
  const config = { access: "public" } as const;
  app.get("/api/openapi.json", { config, schema: { hide: true } }, async () => described());

  let page: string | null = null;
  app.get("/api/docs", { config, schema: { hide: true } }, async (_request, reply) => {
    page ??= docsPage(described());
    return reply.type("text/html; charset=utf-8").send(page);
  });
}

/** With what the schemas of routes do not say: for whom each is, and bodies that are no JSON. */
function complete(document: ApiDescription, routes: readonly RouteAccess[]): ApiDescription {
  const access = new Map(routes.map((route) => [route.name.replace(/:(\w+)/g, "{$1}"), route.access]));
  const paths = Object.entries(document.paths ?? {}).filter(([path]) => path.startsWith("/api/"));
  const completed = paths.map(([path, methods]) => {
    const operations = Object.entries(methods).map(([method, operation]) => {
      const name = `${method.toUpperCase()} ${path}`;
      const forWhom = FOR_WHOM[access.get(name) ?? "public"];
      return [method, { ...operation, description: `For ${forWhom}.`, ...OTHER_BODIES[name] }] as const;
    });
    return [path, Object.fromEntries(operations)] as const;
  });
  return { ...document, paths: Object.fromEntries(completed) };
}

const toJson = (schema: z.ZodType): unknown => z.toJSONSchema(schema, { unrepresentable: "any", io: "output" });

const errors = {
  "4XX": { description: "Refused", content: { "application/json": { schema: toJson(errorAnswers["4xx"]) } } },
  "5XX": { description: "Our fault", content: { "application/json": { schema: toJson(errorAnswers["5xx"]) } } },
};

function answered(type: string, schema: unknown): Pick<Operation, "responses"> {
  return { responses: { "200": { description: "The answer", content: { [type]: { schema } } }, ...errors } };
}

const text = { type: "string" };

const OTHER_BODIES: Readonly<Record<string, Partial<Operation>>> = {
  "GET /api/submissions/{id}/events": answered("text/event-stream", toJson(judgeProgress)),
  "GET /api/packs/{id}/events": answered("text/event-stream", toJson(packEvent)),
  "GET /api/classes/{id}/results.csv": answered("text/csv", text),
  "GET /api/classes/{id}/misconceptions.csv": answered("text/csv", text),
  "GET /api/metrics": answered("text/plain", text),
  "POST /api/packs": {
    requestBody: { content: { "application/zip": { schema: { type: "string", contentMediaType: "application/zip" } } } },
  },
};
