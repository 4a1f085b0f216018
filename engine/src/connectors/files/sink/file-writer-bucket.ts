/**
 * One bucket of one writer: at most one part file in progress, those that have been closed since the last checkpoint (*pending*), and the names for new
 * ones. Flink: `FileWriterBucket`.
 *
 * in progress ──(rolling policy)──▶ pending ──(checkpoint complete)──▶ finished
 *
 * Names are `<prefix>-<uid>-<counter><suffix>`; the uid is new for every bucket of every attempt, so no attempt overwrites another's files.
 */
import type { FileSystem, Recoverable } from "../file-system.ts";
import { Path } from "../path.ts";
import type { OutputFileConfig } from "./output-file-config.ts";
import { PartFile, type PartFormat } from "./part-file.ts";
import type { RollingPolicy } from "./rolling-policies.ts";

/** What the committer has to do: publish a file, or remove what an older checkpoint needed to resume one. Flink: `FileSinkCommittable`. */
export interface FileSinkCommittable {
  readonly bucketId: string;
  readonly pendingFile: Recoverable | null;
  readonly inProgressFileToCleanup: Recoverable | null;
  /** A hidden file whose content is in a compacted one by now. Absent = none. */
  readonly compactedFileToCleanup?: string;
}

/** A bucket in the checkpoint. Flink: `FileWriterBucketState`. */
export interface FileWriterBucketState {
  readonly bucketId: string;
  readonly inProgressFileCreationTime: number;
  readonly inProgressFile: Recoverable | null;
}

export interface BucketSettings<IN> {
  readonly basePath: Path;
  readonly format: PartFormat<IN>;
  readonly rollingPolicy: RollingPolicy<IN>;
  readonly outputFileConfig: OutputFileConfig;
}

export class FileWriterBucket<IN> {
  readonly #bucketId: string;
  readonly #settings: BucketSettings<IN>;
  readonly #fileSystem: FileSystem;
  readonly #uniqueId: string;
  readonly #path: Path;
  #partCounter = 0;
  #inProgress: PartFile<IN> | null = null;
  #pending: Recoverable[] = [];
  #toCleanUp: Recoverable | null = null;
  readonly #cleanUpsOfOthers: Recoverable[] = [];

  constructor(bucketId: string, settings: BucketSettings<IN>, fileSystem: FileSystem) {
    this.#bucketId = bucketId;
    this.#settings = settings;
    this.#fileSystem = fileSystem;
    this.#uniqueId = fileSystem.newUuid();
    this.#path = bucketId === "" ? settings.basePath : new Path(settings.basePath, bucketId);
  }

  /** Goes on with the file that was in progress at the checkpoint. */
  restore({ inProgressFile, inProgressFileCreationTime }: FileWriterBucketState): void {
    if (inProgressFile === null) return;
    const output = this.#fileSystem.recoverableWriter.resume(inProgressFile);
    this.#inProgress = new PartFile(this.#bucketId, output, this.#settings.format, inProgressFileCreationTime);
    this.#toCleanUp = inProgressFile;
  }

  /** After scaling down a writer may get several states of a bucket; it goes on with one file and closes the others. */
  merge(other: FileWriterBucket<IN>): void {
    other.#closePartFile();
    this.#pending.push(...other.#pending);
    if (other.#toCleanUp !== null) this.#cleanUpsOfOthers.push(other.#toCleanUp);
  }

  get active(): boolean {
    return this.#inProgress !== null || this.#toCleanUp !== null || this.#pending.length > 0 || this.#cleanUpsOfOthers.length > 0;
  }

  write(element: IN, nowMs: number): void {
    if (this.#inProgress === null || this.#settings.rollingPolicy.shouldRollOnEvent(this.#inProgress, element)) this.#roll(nowMs);
    this.#inProgress?.write(element, nowMs);
  }

  onProcessingTime(nowMs: number): void {
    if (this.#inProgress !== null && this.#settings.rollingPolicy.shouldRollOnProcessingTime(this.#inProgress, nowMs))
      this.#closePartFile();
  }

  prepareCommit(endOfInput: boolean): FileSinkCommittable[] {
    const bucketId = this.#bucketId;
    if (this.#inProgress !== null && (endOfInput || this.#settings.rollingPolicy.shouldRollOnCheckpoint(this.#inProgress)))
      this.#closePartFile();
    const committables = this.#pending.map(
      (pendingFile): FileSinkCommittable => ({ bucketId, pendingFile, inProgressFileToCleanup: null }),
    );
    this.#pending = [];
    const outdated = this.#cleanUpsOfOthers.splice(0);
    if (this.#toCleanUp !== null) outdated.push(this.#toCleanUp);
    this.#toCleanUp = null;
    for (const inProgressFileToCleanup of outdated) committables.push({ bucketId, pendingFile: null, inProgressFileToCleanup });
    return committables;
  }

  snapshotState(): FileWriterBucketState {
    const bucketId = this.#bucketId;
    const inProgress = this.#inProgress;
    if (inProgress === null) return { bucketId, inProgressFileCreationTime: -1, inProgressFile: null };
    const inProgressFile = inProgress.persist();
    this.#toCleanUp = inProgressFile;
    return { bucketId, inProgressFileCreationTime: inProgress.getCreationTime(), inProgressFile };
  }

  #roll(nowMs: number): void {
    this.#closePartFile();
    const { outputFileConfig, format } = this.#settings;
    const name = `${outputFileConfig.getPartPrefix()}-${this.#uniqueId}-${this.#partCounter++}${outputFileConfig.getPartSuffix()}`;
    const output = this.#fileSystem.recoverableWriter.open(new Path(this.#path, name));
    this.#inProgress = new PartFile(this.#bucketId, output, format, nowMs);
  }

  #closePartFile(): void {
    if (this.#inProgress === null) return;
    this.#pending.push(this.#inProgress.closeForCommit());
    this.#inProgress = null;
  }
}
