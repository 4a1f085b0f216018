/** GET /api/types: what the editor knows of the module `flink`. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { TypeFiles } from "../contract/index.ts";
import type { Parts } from "../parts.ts";
import { errorAnswers } from "./schemas/error.ts";

const typeFiles: z.ZodType<TypeFiles> = z.object({ files: z.array(z.object({ path: z.string(), text: z.string() })) });

export function typeRoutes({ judge }: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      "/api/types",
      {
        config: { access: "learner" },
        schema: { summary: "Declaration files of the module flink, for editors.", response: { 200: typeFiles, ...errorAnswers } },
      },
      async () => {
        return { files: await judge.ask((service) => service.typeFiles()) };
      },
    );
  };
}
