/**
 * An object store as a file system for FileSink and FileSource, as Flink's S3 file system does it: a file in the making is a multipart upload. Bytes
 * gather in memory until they make a part. To persist, the rest that is too small for a part is put aside as an object of its own
 * (`_part-0_tmp_<uuid>`), which is fetched to go on, and deleted once a later checkpoint no longer needs it. To commit is to complete the
 * upload, which any process can do, as long as nobody has aborted it.
 */
import { randomUuid } from "../../base/uuid.ts";
import { utf8Length } from "../../types/byte-buffer.ts";
import { CommitFailed, FileNotFound } from "../files/file-failures.ts";
import type { FileStatus, FileSystem, Recoverable, RecoverableOutput, RecoverableWriter } from "../files/file-system.ts";
import { Path } from "../files/path.ts";
import type { SystemClient } from "../systems/call-conditions.ts";
import type { Watch } from "../systems/change-feed.ts";
import type { ObjectStore } from "./object-store.ts";
import { NoSuchUpload } from "./object-store-failures.ts";

interface UploadedPart {
  readonly partNumber: number;
  readonly etag: string;
}

interface UploadRecoverable extends Recoverable {
  readonly uploadId: string;
  readonly parts: readonly UploadedPart[];
  /** The object with the bytes behind the last part, null when there are none. */
  readonly incomplete: string | null;
}

export class ObjectStoreFileSystem implements FileSystem, RecoverableWriter {
  private readonly store: ObjectStore;
  private readonly client: SystemClient;
  private readonly scheme: string;

  constructor(store: ObjectStore, client: SystemClient, path: Path) {
    this.store = store;
    this.client = client;
    this.scheme = path.getScheme() ?? "s3";
  }

  get recoverableWriter(): RecoverableWriter {
    return this;
  }

  newUuid(): string {
    return randomUuid(this.store.host.random);
  }

  listFiles(directory: Path): readonly FileStatus[] {
    this.client.call();
    const bucket = bucketOf(directory);
    const key = keyOf(directory);
    return this.store
      .list(bucket, key)
      .filter((found) => found === key || key === "" || found.startsWith(`${key}/`))
      .map((found) => {
        const { bytes, visibleAtMs } = this.store.get(bucket, found);
        return { path: `${this.scheme}://${bucket}/${found}`, bytes, modificationTimeMs: visibleAtMs };
      });
  }

  read(file: Path): string {
    this.client.call();
    const object = this.store.head(bucketOf(file), keyOf(file));
    if (object === null) throw new FileNotFound(String(file));
    return object.content;
  }

  write(file: Path, content: string): void {
    this.client.call();
    this.store.put(bucketOf(file), keyOf(file), content);
  }

  delete(file: Path): void {
    this.client.call();
    this.store.delete(bucketOf(file), keyOf(file));
  }

  watch(directories: readonly Path[], changed: () => void): Watch {
    const prefixes = directories.map((directory) => `${bucketOf(directory)}/${keyOf(directory)}`);
    return this.store.changes.watch((name) => prefixes.some((prefix) => name === prefix || name.startsWith(prefix)), changed);
  }

  open(target: Path): RecoverableOutput {
    this.client.call();
    const uploadId = this.newUuid();
    this.store.createMultipartUpload(bucketOf(target), keyOf(target), uploadId);
    return new UploadOutput(this.store, this.client, { target: target.toString(), bytes: 0, uploadId, parts: [], incomplete: null });
  }

  resume(recoverable: Recoverable): RecoverableOutput {
    return new UploadOutput(this.store, this.client, recoverable as UploadRecoverable);
  }

  commit(recoverable: Recoverable): void {
    this.client.call();
    const { target, bytes, uploadId, parts } = recoverable as UploadRecoverable;
    try {
      this.store.completeMultipartUpload(uploadId, parts);
    } catch (failure) {
      if (!(failure instanceof NoSuchUpload)) throw failure;
      // Completed by an attempt that died afterwards, or gone.
      const path = new Path(target);
      const object = this.store.head(bucketOf(path), keyOf(path));
      if (object === null || object.bytes !== bytes) throw new CommitFailed(target, failure.message);
    }
  }

  cleanUp(recoverable: Recoverable): void {
    const { target, incomplete } = recoverable as UploadRecoverable;
    if (incomplete === null) return;
    this.client.call();
    this.store.delete(bucketOf(new Path(target)), incomplete);
  }
}

class UploadOutput implements RecoverableOutput {
  readonly #store: ObjectStore;
  readonly #client: SystemClient;
  readonly #target: Path;
  readonly #uploadId: string;
  readonly #parts: UploadedPart[];
  #buffer = "";
  #bufferBytes = 0;
  #bytes: number = 0;

  constructor(store: ObjectStore, client: SystemClient, { target, bytes, uploadId, parts, incomplete }: UploadRecoverable) {
    this.#store = store;
    this.#client = client;
    this.#target = new Path(target);
    this.#uploadId = uploadId;
    this.#parts = [...parts];
    this.#bytes = bytes;
    if (incomplete === null) return;
    client.call();
    this.#buffer = store.get(bucketOf(this.#target), incomplete).content;
    this.#bufferBytes = utf8Length(this.#buffer);
  }

  get position(): number {
    return this.#bytes;
  }

  write(text: string): void {
    const bytes = utf8Length(text);
    this.#buffer += text;
    this.#bufferBytes += bytes;
    this.#bytes += bytes;
    if (this.#bufferBytes >= this.#store.minPartBytes) this.#uploadBuffer();
  }

  persist(): UploadRecoverable {
    return this.#recoverable(this.#bufferBytes === 0 ? null : this.#putIncomplete());
  }

  closeForCommit(): UploadRecoverable {
    if (this.#bufferBytes > 0) this.#uploadBuffer();
    return this.#recoverable(null);
  }

  #recoverable(incomplete: string | null): UploadRecoverable {
    const uploadId = this.#uploadId;
    const bytes = this.#bytes;
    return { target: this.#target.toString(), bytes, uploadId, parts: [...this.#parts], incomplete };
  }

  #uploadBuffer(): void {
    this.#client.call();
    const partNumber = this.#parts.length + 1;
    const etag = this.#store.uploadPart(this.#uploadId, partNumber, this.#buffer);
    this.#parts.push({ partNumber, etag });
    this.#buffer = "";
    this.#bufferBytes = 0;
  }

  #putIncomplete(): string {
    this.#client.call();
    const key = keyOf(this.#target);
    const end = key.lastIndexOf("/") + 1;
    const incomplete = `${key.slice(0, end)}_${key.slice(end)}_tmp_${randomUuid(this.#store.host.random)}`;
    this.#store.put(bucketOf(this.#target), incomplete, this.#buffer);
    return incomplete;
  }
}

function bucketOf(path: Path): string {
  return path.getAuthority() ?? "";
}

function keyOf(path: Path): string {
  return path.getPath().slice(1);
}
