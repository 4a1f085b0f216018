/**
 * A file system with directories, shared by all machines, as HDFS or a mounted disk: `kind: "files"`.
 *
 * Its promises: a file renamed within it changes its name at once or not at all; what has been written and persisted survives the writer;
 * nothing else does anything for a writer's consistency. So a file in the making has a hidden name (`.part-0.inprogress.<uuid>`), which readers
 * skip, and is renamed when it is committed. When its writer dies it stays behind under the hidden name.
 */
import type { Prng } from "../../base/prng.ts";
import { randomUuid } from "../../base/uuid.ts";
import { utf8Length } from "../../types/byte-buffer.ts";
import { CallConditions, numberOf, SystemClient, textOf, unknownFault } from "../systems/call-conditions.ts";
import { ChangeFeed, type Watch } from "../systems/change-feed.ts";
import type { SystemAction, SystemDescription, SystemFactory, SystemHost } from "../systems/outside-system.ts";
import { CommitFailed, DiskFull, FileNotFound, FileSystemUnavailable } from "./file-failures.ts";
import type { FileStatus, FileSystem, FileSystemHost, Recoverable, RecoverableOutput, RecoverableWriter } from "./file-system.ts";
import { Path } from "./path.ts";

/** A file system of a world. Absent fields mean that nothing of the kind happens. */
export interface FileStoreDescription extends SystemDescription {
  readonly kind: "files";
  /** Files that others put there, complete at once. */
  readonly files?: readonly GivenFile[];
  /** How much fits; default unlimited. */
  readonly capacityBytes?: number;
  /** What each call takes; default 0. */
  readonly latencyMs?: number;
}

export interface GivenFile {
  /** "/dir/name" */
  readonly path: string;
  readonly content: string;
  /** When it appears, epoch ms; default: it is there from the start. */
  readonly atMs?: number;
}

/** A file at the end of a run. */
export interface FileOutcome {
  readonly path: string;
  readonly content: string;
  readonly bytes: number;
  /** When it got this name, epoch ms. */
  readonly visibleAtMs: number;
  /** It was never committed: its name is hidden. */
  readonly inProgress: boolean;
}

interface StoredFile {
  content: string;
  bytes: number;
  visibleAtMs: number;
  modifiedMs: number;
}

/** A client tries again for so long. */
const RETRY_FOR_MS = 30_000;
const SCHEMES = new Set([null, "file", "hdfs"]);

export class FileStore implements FileSystemHost {
  readonly kind = "files";
  readonly name: string;
  readonly changes = new ChangeFeed();
  private readonly host: SystemHost;
  private readonly capacityBytes: number;
  private readonly conditions: CallConditions;
  private readonly files = new Map<string, StoredFile>();
  private usedBytes = 0;
  private scripted = 0;
  private fullUntilMs = Number.NEGATIVE_INFINITY;

  constructor({ name, files = [], capacityBytes, latencyMs }: FileStoreDescription, host: SystemHost) {
    this.name = name;
    this.host = host;
    this.capacityBytes = capacityBytes ?? Number.POSITIVE_INFINITY;
    this.conditions = new CallConditions(host.clock, latencyMs ?? 0);
    for (const file of files) this.expect(file);
  }

  get atRest(): boolean {
    return this.scripted === 0 && this.changes.allSeen;
  }

  get random(): Prng {
    return this.host.random;
  }

  /** Paths without a scheme, and those of `file:` and `hdfs:` that name no other cluster. */
  holds(path: Path): boolean {
    const authority = path.getAuthority();
    return SCHEMES.has(path.getScheme()) && (authority === null || authority === this.name);
  }

  connect(path: Path, block?: (durationMs: number) => void): FileSystem {
    const failure = () => new FileSystemUnavailable(this.name);
    return new FileStoreClient(this, new SystemClient(this.conditions, { block, retryForMs: RETRY_FOR_MS, failure }), path);
  }

  strike(action: SystemAction): void {
    if (this.conditions.strike(action)) return;
    switch (action.what) {
      case "diskFull":
        this.fullUntilMs = this.host.clock.currentMs() + numberOf(action, "forMs");
        break;
      case "deleteFile":
        this.delete(textOf(action, "path"));
        break;
      case "addFile":
        this.add(textOf(action, "path"), textOf(action, "content"));
        break;
      default:
        throw unknownFault(this.name, action);
    }
  }

  outcome(): { readonly files: readonly FileOutcome[] } {
    const files = this.paths().map((path): FileOutcome => {
      const { content, bytes, visibleAtMs } = this.fileAt(path);
      return { path, content, bytes, visibleAtMs, inProgress: isHidden(path) };
    });
    return { files };
  }

  // ---- For its clients ----

  /** In the order of their names. */
  paths(): string[] {
    return [...this.files.keys()].sort();
  }

  has(path: string): boolean {
    return this.files.has(path);
  }

  /** @throws FileNotFound */
  fileAt(path: string): StoredFile {
    const file = this.files.get(path);
    if (file === undefined) throw new FileNotFound(path);
    return file;
  }

  add(path: string, content: string): void {
    const nowMs = this.host.clock.currentMs();
    const bytes = utf8Length(content);
    this.usedBytes += bytes - (this.files.get(path)?.bytes ?? 0);
    this.files.set(path, { content, bytes, visibleAtMs: nowMs, modifiedMs: nowMs });
    this.happened("created", { path, bytes });
    this.changes.publish(path);
  }

  /** @throws DiskFull */
  append(path: string, text: string): void {
    const file = this.fileAt(path);
    const bytes = utf8Length(text);
    const nowMs = this.host.clock.currentMs();
    if (nowMs < this.fullUntilMs || this.usedBytes + bytes > this.capacityBytes) throw new DiskFull(path);
    file.content += text;
    file.bytes += bytes;
    file.modifiedMs = nowMs;
    this.usedBytes += bytes;
  }

  truncate(path: string, bytes: number): void {
    const file = this.fileAt(path);
    if (file.bytes < bytes) throw new CommitFailed(path, "Missing data in tmp file.");
    if (file.bytes === bytes) return;
    file.content = textOfBytes(file.content, bytes);
    this.usedBytes += bytes - file.bytes;
    file.bytes = bytes;
    this.happened("truncated", { path, bytes });
  }

  rename(from: string, to: string): void {
    const file = this.fileAt(from);
    file.visibleAtMs = this.host.clock.currentMs();
    this.files.delete(from);
    this.usedBytes -= this.files.get(to)?.bytes ?? 0;
    this.files.set(to, file);
    this.happened("renamed", { from, to, bytes: file.bytes });
    this.changes.publish(to);
  }

  delete(path: string): void {
    const file = this.files.get(path);
    if (file === undefined) return;
    this.files.delete(path);
    this.usedBytes -= file.bytes;
    this.happened("deleted", { path });
  }

  private expect({ path, content, atMs }: GivenFile): void {
    if (atMs === undefined) {
      this.add(path, content);
      return;
    }
    this.scripted++;
    this.host.clock.schedule(atMs, () => {
      this.scripted--;
      this.add(path, content);
    });
  }

  private happened(what: string, detail: Readonly<Record<string, unknown>>): void {
    this.host.observer.systemEvent(this, what, detail);
  }
}

/** A file that its writer has not committed. */
interface HiddenFile extends Recoverable {
  readonly hidden: string;
}

class FileStoreClient implements FileSystem, RecoverableWriter {
  readonly #store: FileStore;
  readonly #client: SystemClient;
  /** What stands in front of its paths. */
  readonly #prefix: string;

  constructor(store: FileStore, client: SystemClient, path: Path) {
    this.#store = store;
    this.#client = client;
    const text = path.toString();
    this.#prefix = text.slice(0, text.length - path.getPath().length);
  }

  get recoverableWriter(): RecoverableWriter {
    return this;
  }

  newUuid(): string {
    return randomUuid(this.#store.random);
  }

  listFiles(directory: Path): readonly FileStatus[] {
    this.#client.call();
    return this.#store
      .paths()
      .filter((path) => isBelow(path, directory.getPath()))
      .map((path) => {
        const { bytes, modifiedMs } = this.#store.fileAt(path);
        return { path: `${this.#prefix}${path}`, bytes, modificationTimeMs: modifiedMs };
      });
  }

  read(file: Path): string {
    this.#client.call();
    return this.#store.fileAt(file.getPath()).content;
  }

  write(file: Path, content: string): void {
    this.#client.call();
    this.#store.add(file.getPath(), content);
  }

  delete(file: Path): void {
    this.#client.call();
    this.#store.delete(file.getPath());
  }

  watch(directories: readonly Path[], changed: () => void): Watch {
    const concerns = (path: string) => !isHidden(path) && directories.some((directory) => isBelow(path, directory.getPath()));
    return this.#store.changes.watch(concerns, changed);
  }

  open(target: Path): RecoverableOutput {
    this.#client.call();
    const path = target.getPath();
    const end = path.lastIndexOf("/") + 1;
    const hidden = `${path.slice(0, end)}.${path.slice(end)}.inprogress.${this.newUuid()}`;
    this.#store.add(hidden, "");
    return new HiddenOutput(this.#store, this.#client, target.toString(), hidden);
  }

  resume(recoverable: Recoverable): RecoverableOutput {
    this.#client.call();
    const { target, hidden, bytes } = recoverable as HiddenFile;
    if (!this.#store.has(hidden)) throw new FileNotFound(hidden);
    this.#store.truncate(hidden, bytes);
    return new HiddenOutput(this.#store, this.#client, target, hidden);
  }

  /** As Flink's: when neither file is there any more, somebody has taken the finished one away. */
  commit(recoverable: Recoverable): void {
    this.#client.call();
    const { target, hidden, bytes } = recoverable as HiddenFile;
    if (!this.#store.has(hidden)) return;
    this.#store.truncate(hidden, bytes);
    this.#store.rename(hidden, new Path(target).getPath());
  }

  /** The file that is being written is all there is. */
  cleanUp(): void {}
}

class HiddenOutput implements RecoverableOutput {
  readonly #store: FileStore;
  readonly #client: SystemClient;
  readonly #target: string;
  readonly #hidden: string;

  constructor(store: FileStore, client: SystemClient, target: string, hidden: string) {
    this.#store = store;
    this.#client = client;
    this.#target = target;
    this.#hidden = hidden;
  }

  get position(): number {
    return this.#store.fileAt(this.#hidden).bytes;
  }

  write(text: string): void {
    this.#store.append(this.#hidden, text);
  }

  persist(): HiddenFile {
    this.#client.call();
    return { target: this.#target, hidden: this.#hidden, bytes: this.position };
  }

  closeForCommit(): HiddenFile {
    return this.persist();
  }
}

/** Names that readers skip. */
export function isHidden(path: string): boolean {
  return /(^|\/)[._][^/]*$/.test(path);
}

function isBelow(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory === "/" ? "/" : `${directory}/`);
}

/** The first so many bytes of a text, which must not cut a character. */
function textOfBytes(text: string, bytes: number): string {
  let length = Math.min(bytes, text.length);
  while (utf8Length(text.slice(0, length)) > bytes) length--;
  return text.slice(0, length);
}

export const FILE_STORE_FACTORY: SystemFactory<FileStoreDescription> = {
  kind: "files",
  create: (description, host) => new FileStore(description, host),
};
