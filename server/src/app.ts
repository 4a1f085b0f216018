/** Builds the application: plugins and routes in plain sight, nothing is found by looking into folders. Does not listen. */
import { randomUUID } from "node:crypto";
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from "fastify";
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import type { Config } from "./config/config.ts";
import type { Parts } from "./parts.ts";
import { access, type RouteAccess } from "./plugins/access.ts";
import { clientFiles } from "./plugins/client-files.ts";
import { compression } from "./plugins/compression.ts";
import { errors, sendError } from "./plugins/errors.ts";
import { jsonBody } from "./plugins/json-body.ts";
import { loopbackHost } from "./plugins/loopback-host.ts";
import { openApi } from "./plugins/open-api.ts";
import { requestLog } from "./plugins/request-log.ts";
import { sameOrigin } from "./plugins/same-origin.ts";
import { runnerFrame } from "./plugins/runner-frame.ts";
import { security } from "./plugins/security.ts";
import { assignmentRoutes } from "./routes/assignments.ts";
import { auditRoutes } from "./routes/audit.ts";
import { changedRunRoutes } from "./routes/changed-runs.ts";
import { classRoutes } from "./routes/classes.ts";
import { draftRoutes } from "./routes/drafts.ts";
import { editorialRoutes } from "./routes/editorials.ts";
import { healthRoutes } from "./routes/health.ts";
import { invitationRoutes } from "./routes/invitations.ts";
import { localRunRoutes } from "./routes/local-runs.ts";
import { metricsRoutes } from "./routes/metrics.ts";
import { packEventRoutes } from "./routes/pack-events.ts";
import { packPreviewRoutes } from "./routes/pack-preview.ts";
import { packRoutes } from "./routes/packs.ts";
import { problemRoutes } from "./routes/problems.ts";
import { progressRoutes } from "./routes/progress.ts";
import { rejudgeRoutes } from "./routes/rejudges.ts";
import { runRoutes } from "./routes/runs.ts";
import { sessionRoutes } from "./routes/session.ts";
import { studyRoutes } from "./routes/study.ts";
import { submissionEventRoutes } from "./routes/submission-events.ts";
import { submissionRoutes } from "./routes/submissions.ts";
import { typeRoutes } from "./routes/types.ts";
import { userRoutes } from "./routes/users.ts";

const ROUTES = [
  healthRoutes,
  sessionRoutes,
  problemRoutes,
  runRoutes,
  changedRunRoutes,
  localRunRoutes,
  submissionRoutes,
  draftRoutes,
  progressRoutes,
  editorialRoutes,
  studyRoutes,
  submissionEventRoutes,
  rejudgeRoutes,
  userRoutes,
  invitationRoutes,
  classRoutes,
  assignmentRoutes,
  packRoutes,
  packEventRoutes,
  packPreviewRoutes,
  auditRoutes,
  metricsRoutes,
  typeRoutes,
] as const;

/** Never written to a log, at any level. */
const REDACTED = ["req.headers.authorization", "req.headers.cookie", "text", "*.text"];

export interface BuiltApp {
  readonly app: FastifyInstance;
  readonly parts: Parts;
  /** All routes of the API, as Fastify was told of them. */
  readonly routes: readonly RouteAccess[];
}

/** @param compose makes the parts; it is given the application's log. */
export async function buildApp(
  config: Omit<Config, "port" | "dataDir" | "packDirs" | "workers" | "warmUp">,
  compose: (log: FastifyBaseLogger) => Parts,
): Promise<BuiltApp> {
  const app = Fastify({
    // Standard output is for the one line with the address.
    logger: { level: config.logLevel, redact: REDACTED, stream: process.stderr },
    logController: new LogController({ disableRequestLogging: true }),
    // A proxy on this machine is believed about who asks; others may say what they like.
    trustProxy: config.publicUrl === null ? false : "loopback",
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 200 },
    // Before any hook has run: these headers are what all answers have, from `plugins/security.ts`.
    frameworkErrors: (error, request, reply) => {
      reply.headers({ "x-content-type-options": "nosniff", "cache-control": "no-store", "content-security-policy": "default-src 'none'" });
      sendError(error, request, reply);
    },
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  const parts = compose(app.log);

  errors(app);
  await security(app);
  loopbackHost(app, config);
  sameOrigin(app, config.publicUrl);
  requestLog(app, parts.metrics);
  const routes = access(app, config, parts);
  jsonBody(app);
  await compression(app);
  await openApi(app, config.version, routes);
  for (const make of ROUTES) await app.withTypeProvider<ZodTypeProvider>().register(make(parts));
  await runnerFrame(app, parts);
  await clientFiles(app, config.clientDir);
  return { app, parts, routes };
}
