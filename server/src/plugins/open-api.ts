/** GET /api/openapi.json: the description of the API, made from the schemas at the routes. GET /api/docs: the same to read. */
import swagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";
import { createJsonSchemaTransform } from "fastify-type-provider-zod";
import type { RouteAccess } from "./access.ts";
import { type ApiDescription, docsPage } from "./docs-page.ts";

export async function openApi(app: FastifyInstance, version: string, routes: readonly RouteAccess[]): Promise<void> {
  await app.register(swagger, {
    openapi: { openapi: "3.1.0", info: { title: "Millrace", version } },
    transform: createJsonSchemaTransform({ zodToJsonConfig: { unrepresentable: "any" } }),
  });
  const config = { access: "public" } as const;
  app.get("/api/openapi.json", { config, schema: { hide: true } }, async () => app.swagger());

  let page: string | null = null;
  app.get("/api/docs", { config, schema: { hide: true } }, async (_request, reply) => {
    page ??= docsPage(app.swagger() as unknown as ApiDescription, routes);
    return reply.type("text/html; charset=utf-8").send(page);
  });
}
