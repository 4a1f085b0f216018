/** What can go wrong with files: failures of the simulated world. */
export abstract class FileFailure extends Error {
  abstract readonly code: string;

  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/** The disk, or the quota, is used up. */
export class DiskFull extends FileFailure {
  readonly code = "FILE_DISK_FULL";

  constructor(path: string) {
    super("IOException", `No space left on device (${path})`);
  }
}

/** There is no such file. */
export class FileNotFound extends FileFailure {
  readonly code = "FILE_NOT_FOUND";

  constructor(path: string) {
    super("FileNotFoundException", `${path} (No such file or directory)`);
  }
}

/** What was to be committed is shorter than what had been written, or gone. */
export class CommitFailed extends FileFailure {
  readonly code = "FILE_COMMIT_FAILED";

  constructor(path: string, why: string) {
    super("IOException", `Committing ${path} failed: ${why}`);
  }
}

/** The file system did not answer, and the client has given up. */
export class FileSystemUnavailable extends FileFailure {
  readonly code = "FILE_SYSTEM_UNAVAILABLE";

  constructor(name: string) {
    super("IOException", `The file system "${name}" does not answer.`);
  }
}
