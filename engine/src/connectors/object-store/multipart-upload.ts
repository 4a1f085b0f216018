import { utf8Length } from "../../types/byte-buffer.ts";
import { EntityTooSmall, InvalidPart } from "./object-store-failures.ts";

export interface MultipartUploadOutcome {
  readonly key: string;
  readonly uploadId: string;
  readonly startedAtMs: number;
  readonly parts: number;
  readonly bytes: number;
}

interface Part {
  readonly content: string;
  readonly etag: string;
  readonly bytes: number;
}

/** An object in the making. */
export class MultipartUpload {
  readonly bucket: string;
  readonly key: string;
  readonly uploadId: string;
  readonly startedAtMs: number;
  private readonly parts = new Map<number, Part>();

  constructor(bucket: string, key: string, uploadId: string, startedAtMs: number) {
    this.bucket = bucket;
    this.key = key;
    this.uploadId = uploadId;
    this.startedAtMs = startedAtMs;
  }

  setPart(partNumber: number, content: string, etag: string): void {
    this.parts.set(partNumber, { content, etag, bytes: utf8Length(content) });
  }

  /** The object of the parts that are named; others are dropped. @throws InvalidPart, EntityTooSmall */
  assemble(named: readonly { readonly partNumber: number; readonly etag: string }[], minPartBytes: number): string {
    return named
      .map(({ partNumber, etag }, index) => {
        const part = this.parts.get(partNumber);
        if (part === undefined || part.etag !== etag) throw new InvalidPart(partNumber);
        if (index < named.length - 1 && part.bytes < minPartBytes) throw new EntityTooSmall(partNumber, part.bytes, minPartBytes);
        return part.content;
      })
      .join("");
  }

  outcome(): MultipartUploadOutcome {
    const { key, uploadId, startedAtMs, parts } = this;
    let bytes = 0;
    for (const part of parts.values()) bytes += part.bytes;
    return { key, uploadId, startedAtMs, parts: parts.size, bytes };
  }
}
