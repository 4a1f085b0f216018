/** Whatever is thrown becomes an `ApiError` of the registry (errors.ts). Only what is our fault is logged. */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { ApiFailure } from "../errors.ts";

export function errors(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => sendError(error, request, reply));
}

export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const failure = toFailure(error);
  const { status } = failure.entry;
  const { retryAfterS } = failure;
  if (status >= 500 && failure.code !== "QUEUE_FULL") {
    request.log.error({ err: failure.cause ?? failure, method: request.method, route: request.routeOptions.url }, failure.code);
  }
  if (retryAfterS !== undefined) reply.header("retry-after", String(retryAfterS));
  return reply.code(status).type("application/json; charset=utf-8").serializer(JSON.stringify).send(failure.body);
}

function toFailure(error: unknown): ApiFailure {
  if (error instanceof ApiFailure) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const places = error.validation.map(
      ({ instancePath, message }) => `${instancePath === "/" ? "body" : instancePath.slice(1)}: ${message}`,
    );
    return new ApiFailure("BODY_INVALID", `The request does not have the expected form (${places.join("; ")}).`);
  }
  const { code = "", statusCode = 500 } = error as Partial<FastifyError>;
  if (code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") return new ApiFailure("BODY_NOT_JSON");
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE") return new ApiFailure("SUBMISSION_TOO_LARGE");
  if (code.startsWith("FST_ERR_CTP_")) return new ApiFailure("BODY_INVALID");
  // Client's mistakes that plugins report in their own ways: bad escapes in the address, paths that leave the client's folder.
  if (statusCode >= 400 && statusCode < 500) return new ApiFailure("NOT_FOUND");
  return new ApiFailure("INTERNAL", undefined, { cause: error });
}
