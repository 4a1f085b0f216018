/**
 * Reads a body into memory, up to a size. A larger one is read to its end without being kept, because an answer given while the client still sends is lost
 * in a reset connection more often than not.
 */
import { ApiFailure, type ErrorCode } from "../errors.ts";

export interface ReadBodyOptions {
  readonly maxBytes: number;
  /** Beyond this the rest is not even read. */
  readonly maxDiscardedBytes: number;
  readonly tooLarge: ErrorCode;
}

/** Throws BODY_INVALID when the request is cut off, `tooLarge` when it is. */
export async function readBody(
  payload: AsyncIterable<Buffer>,
  { maxBytes, maxDiscardedBytes, tooLarge }: ReadBodyOptions,
): Promise<Buffer> {
  let chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of payload) {
      bytes += chunk.length;
      if (bytes > maxDiscardedBytes) break;
      if (bytes > maxBytes) chunks = [];
      else chunks.push(chunk);
    }
  } catch (error) {
    throw new ApiFailure("BODY_INVALID", "The request was cut off.", { cause: error });
  }
  if (bytes > maxBytes) throw new ApiFailure(tooLarge);
  return Buffer.concat(chunks);
}
