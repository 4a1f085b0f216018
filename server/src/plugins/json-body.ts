/**
 * Reads JSON bodies and nothing else. Only `application/json` is taken: a foreign web page cannot send it without asking first, and
 * this server never permits that. A body that is too large is read to its end without being kept, because an answer given while the
 * client still sends is lost in a reset connection more often than not.
 */
import type { FastifyInstance } from "fastify";
import { ApiFailure } from "../errors.ts";
import { MAX_BODY_BYTES, MAX_DISCARDED_BYTES } from "../limits.ts";

export function jsonBody(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", async (_request: unknown, payload: AsyncIterable<Buffer>) => parse(await read(payload)));
}

async function read(payload: AsyncIterable<Buffer>): Promise<string> {
  let chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of payload) {
      bytes += chunk.length;
      if (bytes > MAX_DISCARDED_BYTES) break;
      if (bytes > MAX_BODY_BYTES) chunks = [];
      else chunks.push(chunk);
    }
  } catch (error) {
    throw new ApiFailure("BODY_INVALID", "The request was cut off.", { cause: error });
  }
  if (bytes > MAX_BODY_BYTES) throw new ApiFailure("SUBMISSION_TOO_LARGE");
  return Buffer.concat(chunks).toString("utf8");
}

function parse(text: string): unknown {
  if (text.trim() === "") throw new ApiFailure("BODY_INVALID", "The request has no body.");
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ApiFailure("BODY_INVALID", "The body is not valid JSON.", { cause: error });
  }
}
