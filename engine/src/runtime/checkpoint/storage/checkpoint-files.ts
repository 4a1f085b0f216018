/**
 * The directory that checkpoints are written to, as far as it matters: which files there are, how large they are, whether they can be read.
 * What stands in them is not kept; the snapshots themselves are. Faults of the world strike here: a full or slow disk, files that are lost
 * or damaged.
 */

export interface CheckpointFile {
  readonly path: string;
  readonly bytes: number;
}

/** Something that the file system did not do. */
export class CheckpointStorageFailure extends Error {
  constructor(name: "IOException" | "FileNotFoundException", message: string) {
    super(message);
    this.name = name;
  }
}

export class CheckpointFiles {
  private readonly files = new Map<string, { bytes: number; damaged: boolean }>();
  private readonly capacityBytes: number;
  private usedBytes = 0;
  private full = false;
  /** How many times longer writing takes than it should. */
  slowness = 1;

  /** @param capacityBytes what fits; default: anything. */
  constructor(capacityBytes = Number.POSITIVE_INFINITY) {
    this.capacityBytes = capacityBytes;
  }

  /** @throws CheckpointStorageFailure when it does not fit. */
  write(path: string, bytes: number): void {
    if (this.full || this.usedBytes + bytes > this.capacityBytes) {
      throw new CheckpointStorageFailure("IOException", `Could not write ${path}: No space left on device`);
    }
    this.files.set(path, { bytes, damaged: false });
    this.usedBytes += bytes;
  }

  /** Makes a file that is there longer. @throws CheckpointStorageFailure when it does not fit. */
  append(path: string, bytes: number): void {
    const file = this.files.get(path);
    this.write(path, bytes);
    if (file !== undefined) this.files.set(path, { bytes: file.bytes + bytes, damaged: file.damaged });
  }

  /** @throws CheckpointStorageFailure when it is gone, or its checksum is wrong. */
  read(path: string): void {
    const file = this.files.get(path);
    if (file === undefined) throw new CheckpointStorageFailure("FileNotFoundException", `File ${path} does not exist`);
    if (file.damaged) throw new CheckpointStorageFailure("IOException", `File ${path} is corrupted: its checksum does not match`);
  }

  delete(path: string): void {
    this.usedBytes -= this.files.get(path)?.bytes ?? 0;
    this.files.delete(path);
  }

  /** In the order in which they were written. */
  list(): CheckpointFile[] {
    return [...this.files].map(([path, { bytes }]) => ({ path, bytes }));
  }

  // ---- Faults ----

  /** From now on, or no longer, nothing more can be written. */
  setFull(full: boolean): void {
    this.full = full;
  }

  /** Files whose path contains the text are gone. */
  lose(text: string): void {
    for (const path of this.matching(text)) this.delete(path);
  }

  /** Files whose path contains the text can no longer be read. */
  damage(text: string): void {
    for (const path of this.matching(text)) {
      const file = this.files.get(path);
      if (file !== undefined) file.damaged = true;
    }
  }

  private matching(text: string): string[] {
    return [...this.files.keys()].filter((path) => path.includes(text));
  }
}
