/**
 * An object store as S3: `kind: "objectStore"`.
 *
 * Its promises: an object is there whole or not at all, and whoever asks after a put has returned sees it (strong consistency, also of
 * lists). There is no rename and no append. A large object is put together from parts: a *multipart upload* is invisible until it is completed, may be
 * completed by another process than began it, and stays (and costs) until it is completed, aborted, or cleared away by the bucket's lifecycle rule.
 * A put can be made conditional (`If-None-Match: *`, `If-Match: etag`), which is what commits of table formats stand on.
 */
import { utf8Length } from "../../types/byte-buffer.ts";
import type { FileSystem, FileSystemHost } from "../files/file-system.ts";
import type { Path } from "../files/path.ts";
import { CallConditions, numberOf, SystemClient, textOf, unknownFault } from "../systems/call-conditions.ts";
import { ChangeFeed } from "../systems/change-feed.ts";
import type { SystemAction, SystemDescription, SystemFactory, SystemHost } from "../systems/outside-system.ts";
import { MultipartUpload, type MultipartUploadOutcome } from "./multipart-upload.ts";
import { NoSuchBucket, NoSuchKey, NoSuchUpload, PreconditionFailed, SlowDown } from "./object-store-failures.ts";
import { ObjectStoreFileSystem } from "./object-store-file-system.ts";

/** An object store of a world. Absent fields mean that nothing of the kind happens. */
export interface ObjectStoreDescription extends SystemDescription {
  readonly kind: "objectStore";
  readonly buckets: readonly string[];
  /** Objects that others put there. */
  readonly objects?: readonly GivenObject[];
  /** What each request takes; default 0. */
  readonly latencyMs?: number;
  /** Least size of the parts of an upload, but for the last; default 5 MiB. */
  readonly minPartBytes?: number;
  /** The buckets' lifecycle rule AbortIncompleteMultipartUpload: uploads older than that are removed. Default: none. */
  readonly abortIncompleteUploadsAfterMs?: number;
}

export interface GivenObject {
  readonly bucket: string;
  readonly key: string;
  readonly content: string;
  /** When it appears, epoch ms; default: it is there from the start. */
  readonly atMs?: number;
}

export interface ObjectOutcome {
  readonly key: string;
  readonly content: string;
  readonly bytes: number;
  /** When it was put, or its upload completed, epoch ms. */
  readonly visibleAtMs: number;
}

export interface BucketOutcome {
  readonly name: string;
  readonly objects: readonly ObjectOutcome[];
  /** Uploads that were never completed. */
  readonly uploads: readonly MultipartUploadOutcome[];
}

export interface PutCondition {
  /** Only if there is no such object (`If-None-Match: *`). */
  readonly ifNoneMatch?: boolean;
  /** Only if the object is still this one (`If-Match`). */
  readonly ifMatch?: string;
}

export interface StoredObject {
  readonly content: string;
  readonly bytes: number;
  readonly etag: string;
  readonly visibleAtMs: number;
}

const MIN_PART_BYTES = 5 * 1024 * 1024;
/** The client's retries (with growing pauses) take about this long. */
const RETRY_FOR_MS = 20_000;
const SCHEMES = new Set(["s3", "s3a", "s3n", "gs", "abfs", "oss"]);

export class ObjectStore implements FileSystemHost {
  readonly kind = "objectStore";
  readonly name: string;
  readonly changes = new ChangeFeed();
  readonly minPartBytes: number;
  readonly host: SystemHost;
  private readonly conditions: CallConditions;
  private readonly buckets = new Map<string, Map<string, StoredObject>>();
  private readonly uploads = new Map<string, MultipartUpload>();
  private readonly uploadLifeMs: number;
  private scripted = 0;
  private etags = 0;

  constructor(description: ObjectStoreDescription, host: SystemHost) {
    this.name = description.name;
    this.host = host;
    this.conditions = new CallConditions(host.clock, description.latencyMs ?? 0);
    this.minPartBytes = description.minPartBytes ?? MIN_PART_BYTES;
    this.uploadLifeMs = description.abortIncompleteUploadsAfterMs ?? Number.POSITIVE_INFINITY;
    for (const bucket of description.buckets) this.buckets.set(bucket, new Map());
    for (const object of description.objects ?? []) this.expect(object);
  }

  get atRest(): boolean {
    return this.scripted === 0 && this.changes.allSeen;
  }

  holds(path: Path): boolean {
    const bucket = path.getAuthority();
    return SCHEMES.has(path.getScheme() ?? "") && bucket !== null && this.buckets.has(bucket);
  }

  connect(path: Path, block?: (durationMs: number) => void): FileSystem {
    return new ObjectStoreFileSystem(this, this.client(block), path);
  }

  /** To be called before each request. */
  client(block?: (durationMs: number) => void): SystemClient {
    return new SystemClient(this.conditions, { block, retryForMs: RETRY_FOR_MS, failure: () => new SlowDown() });
  }

  strike(action: SystemAction): void {
    if (this.conditions.strike(action)) return;
    if (action.what === "deleteObject") this.delete(textOf(action, "bucket"), textOf(action, "key"));
    else if (action.what === "abortUploads") this.abortUploadsOlderThan(numberOf(action, "olderThanMs"));
    else throw unknownFault(this.name, action);
  }

  outcome(): { readonly buckets: readonly BucketOutcome[] } {
    const uploadsOf = (bucket: string) => [...this.uploads.values()].filter((upload) => upload.bucket === bucket);
    const buckets = [...this.buckets].map(([name, objects]): BucketOutcome => {
      const keys = [...objects.keys()].sort();
      return {
        name,
        objects: keys.map((key) => {
          const { content, bytes, visibleAtMs } = objects.get(key) as StoredObject;
          return { key, content, bytes, visibleAtMs };
        }),
        uploads: uploadsOf(name).map((upload) => upload.outcome()),
      };
    });
    return { buckets };
  }

  // ---- Requests ----

  /** Gives the new ETag. @throws NoSuchBucket, PreconditionFailed */
  put(bucket: string, key: string, content: string, condition: PutCondition = {}): string {
    const objects = this.bucket(bucket);
    const present = objects.get(key);
    if (condition.ifNoneMatch === true && present !== undefined) throw new PreconditionFailed(key);
    if (condition.ifMatch !== undefined && present?.etag !== condition.ifMatch) throw new PreconditionFailed(key);
    return this.store(bucket, key, content, "put");
  }

  /** @throws NoSuchBucket, NoSuchKey */
  get(bucket: string, key: string): StoredObject {
    const object = this.bucket(bucket).get(key);
    if (object === undefined) throw new NoSuchKey(bucket, key);
    return object;
  }

  /** Null when there is none (`HeadObject`). @throws NoSuchBucket */
  head(bucket: string, key: string): StoredObject | null {
    return this.bucket(bucket).get(key) ?? null;
  }

  /** Keys that begin with the prefix, in order. @throws NoSuchBucket */
  list(bucket: string, prefix: string): readonly string[] {
    return [...this.bucket(bucket).keys()].filter((key) => key.startsWith(prefix)).sort();
  }

  /** Deleting what is not there is no error. @throws NoSuchBucket */
  delete(bucket: string, key: string): void {
    if (this.bucket(bucket).delete(key)) this.happened("deleted", { bucket, key });
  }

  /** Gives the upload's id. @throws NoSuchBucket */
  createMultipartUpload(bucket: string, key: string, uploadId: string): void {
    this.bucket(bucket);
    const { clock } = this.host;
    const upload = new MultipartUpload(bucket, key, uploadId, clock.currentMs());
    this.uploads.set(uploadId, upload);
    this.happened("uploadCreated", { bucket, key, uploadId });
    if (Number.isFinite(this.uploadLifeMs)) clock.schedule(clock.currentMs() + this.uploadLifeMs, () => this.removeUpload(uploadId));
  }

  /** A part that is uploaded again replaces the one before. Gives its ETag. @throws NoSuchUpload */
  uploadPart(uploadId: string, partNumber: number, content: string): string {
    const etag = this.nextEtag();
    this.uploadOf(uploadId).setPart(partNumber, content, etag);
    return etag;
  }

  /** @throws NoSuchUpload, InvalidPart, EntityTooSmall */
  completeMultipartUpload(uploadId: string, parts: readonly { readonly partNumber: number; readonly etag: string }[]): void {
    const upload = this.uploadOf(uploadId);
    const content = upload.assemble(parts, this.minPartBytes);
    this.uploads.delete(uploadId);
    this.store(upload.bucket, upload.key, content, "uploadCompleted");
  }

  private removeUpload(uploadId: string): void {
    const upload = this.uploads.get(uploadId);
    if (upload === undefined) return;
    this.uploads.delete(uploadId);
    this.happened("uploadAborted", { bucket: upload.bucket, key: upload.key, uploadId });
  }

  private abortUploadsOlderThan(ageMs: number): void {
    const latestMs = this.host.clock.currentMs() - ageMs;
    for (const upload of [...this.uploads.values()]) if (upload.startedAtMs <= latestMs) this.removeUpload(upload.uploadId);
  }

  private bucket(name: string): Map<string, StoredObject> {
    const bucket = this.buckets.get(name);
    if (bucket === undefined) throw new NoSuchBucket(name);
    return bucket;
  }

  private uploadOf(uploadId: string): MultipartUpload {
    const upload = this.uploads.get(uploadId);
    if (upload === undefined) throw new NoSuchUpload(uploadId);
    return upload;
  }

  private store(bucket: string, key: string, content: string, what: string): string {
    const etag = this.nextEtag();
    const bytes = utf8Length(content);
    this.bucket(bucket).set(key, { content, bytes, etag, visibleAtMs: this.host.clock.currentMs() });
    this.happened(what, { bucket, key, bytes });
    this.changes.publish(`${bucket}/${key}`);
    return etag;
  }

  private nextEtag(): string {
    return `"${(++this.etags).toString(16).padStart(8, "0")}"`;
  }

  private expect({ bucket, key, content, atMs }: GivenObject): void {
    if (atMs === undefined) {
      this.put(bucket, key, content);
      return;
    }
    this.scripted++;
    this.host.clock.schedule(atMs, () => {
      this.scripted--;
      this.put(bucket, key, content);
    });
  }

  private happened(what: string, detail: Readonly<Record<string, unknown>>): void {
    this.host.observer.systemEvent(this, what, detail);
  }
}

export const OBJECT_STORE_FACTORY: SystemFactory<ObjectStoreDescription> = {
  kind: "objectStore",
  create: (description, host) => new ObjectStore(description, host),
};
