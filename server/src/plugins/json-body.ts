/**
 * Reads JSON bodies and nothing else. Only `application/json` is taken: a foreign web page cannot send it without asking first, and
 * this server never permits that.
 */
import type { FastifyInstance } from "fastify";
import { ApiFailure } from "../errors.ts";
import { MAX_BODY_BYTES, MAX_DISCARDED_BYTES } from "../limits.ts";
import { readBody } from "./read-body.ts";

export function jsonBody(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", async (_request: unknown, payload: AsyncIterable<Buffer>) => parse(await read(payload)));
}

async function read(payload: AsyncIterable<Buffer>): Promise<string> {
  const options = { maxBytes: MAX_BODY_BYTES, maxDiscardedBytes: MAX_DISCARDED_BYTES, tooLarge: "SUBMISSION_TOO_LARGE" } as const;
  return (await readBody(payload, options)).toString("utf8");
}

function parse(text: string): unknown {
  if (text.trim() === "") throw new ApiFailure("BODY_INVALID", "The request has no body.");
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ApiFailure("BODY_INVALID", "The body is not valid JSON.", { cause: error });
  }
}
