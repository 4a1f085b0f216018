/** Builds the application: plugins and routes in plain sight, nothing is found by looking into folders. Does not listen. */
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from "fastify";
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import type { Config } from "./config/config.ts";
import type { Parts } from "./parts.ts";
import { clientFiles } from "./plugins/client-files.ts";
import { compression } from "./plugins/compression.ts";
import { errors, sendError } from "./plugins/errors.ts";
import { jsonBody } from "./plugins/json-body.ts";
import { loopbackHost } from "./plugins/loopback-host.ts";
import { openApi } from "./plugins/open-api.ts";
import { security } from "./plugins/security.ts";
import { healthRoutes } from "./routes/health.ts";
import { problemRoutes } from "./routes/problems.ts";
import { rejudgeRoutes } from "./routes/rejudges.ts";
import { runRoutes } from "./routes/runs.ts";
import { submissionEventRoutes } from "./routes/submission-events.ts";
import { submissionRoutes } from "./routes/submissions.ts";
import { typeRoutes } from "./routes/types.ts";

const ROUTES = [healthRoutes, problemRoutes, runRoutes, submissionRoutes, submissionEventRoutes, rejudgeRoutes, typeRoutes] as const;

/** Never written to a log, at any level. */
const REDACTED = ["req.headers.authorization", "req.headers.cookie", "text", "*.text"];

/** @param compose makes the parts; it is given the application's log. */
export async function buildApp(
  config: Pick<Config, "host" | "logLevel" | "clientDir" | "version">,
  compose: (log: FastifyBaseLogger) => Parts,
): Promise<{ readonly app: FastifyInstance; readonly parts: Parts }> {
  const app = Fastify({
    // Standard output is for the one line with the address.
    logger: { level: config.logLevel, redact: REDACTED, stream: process.stderr },
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (error, request, reply) => void sendError(error, request, reply),
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  const parts = compose(app.log);

  errors(app);
  loopbackHost(app, config.host);
  jsonBody(app);
  await security(app);
  await compression(app);
  await openApi(app, config.version);
  for (const routes of ROUTES) await app.withTypeProvider<ZodTypeProvider>().register(routes(parts));
  await clientFiles(app, config.clientDir);
  return { app, parts };
}
