import type { Committer, CommitRequest } from "../../../flow/sink.ts";
import type { FileSystem } from "../file-system.ts";
import { Path } from "../path.ts";
import type { FileSinkCommittable } from "./file-writer-bucket.ts";

/** Makes pending files visible. Doing it twice changes nothing; what fails, fails the job, and is tried again when it is back. Flink: `FileCommitter`. */
export class FileCommitter implements Committer<FileSinkCommittable> {
  readonly #fileSystem: FileSystem;

  constructor(fileSystem: FileSystem) {
    this.#fileSystem = fileSystem;
  }

  commit(requests: readonly CommitRequest<FileSinkCommittable>[]): void {
    const { recoverableWriter } = this.#fileSystem;
    for (const request of requests) {
      const { pendingFile, inProgressFileToCleanup, compactedFileToCleanup } = request.getCommittable();
      if (pendingFile !== null) recoverableWriter.commit(pendingFile);
      if (inProgressFileToCleanup !== null) recoverableWriter.cleanUp(inProgressFileToCleanup);
      if (compactedFileToCleanup !== undefined) this.#fileSystem.delete(new Path(compactedFileToCleanup));
    }
  }

  close(): void {}
}
