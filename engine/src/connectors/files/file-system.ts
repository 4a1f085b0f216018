/**
 * What FileSink and FileSource need of a file system, whatever is behind it: directories (`FileStore`) or an object store.
 *
 * Writing is *recoverable* (Flink: `RecoverableWriter`): what is written stays invisible to readers until it is committed; a writer can
 * persist how far it has come, and a later process goes on from there or commits, with what `persist` or `closeForCommit` returned: plain data.
 */
import { Diagnostic } from "../../base/diagnostic.ts";
import type { OutsideWorld } from "../../flow/operator.ts";
import { type OutsideSystem, systemsOf } from "../systems/outside-system.ts";
import type { Watch } from "../systems/change-feed.ts";
import type { Path } from "./path.ts";

export interface FileStatus {
  /** With scheme and authority, as in the path that was asked for. */
  readonly path: string;
  readonly bytes: number;
  readonly modificationTimeMs: number;
}

export interface FileSystem {
  /** All files below a directory, or the file itself; sorted by path, hidden ones too. */
  listFiles(directory: Path): readonly FileStatus[];
  /** The whole content. @throws FileNotFound */
  read(file: Path): string;
  /** Makes a file at once, or replaces it. */
  write(file: Path, content: string): void;
  /** To delete what is not there is no error. */
  delete(file: Path): void;
  readonly recoverableWriter: RecoverableWriter;
  /** A random UUID. */
  newUuid(): string;
  /** Told when files appear below one of the directories. */
  watch(directories: readonly Path[], changed: () => void): Watch;
}

/** Names what has been written so far. Belongs to the file system that made it. */
export interface Recoverable {
  /** The file that is being written. */
  readonly target: string;
  readonly bytes: number;
}

export interface RecoverableWriter {
  open(target: Path): RecoverableOutput;
  /** Goes on behind what was persisted; what came after it is forgotten. */
  resume(recoverable: Recoverable): RecoverableOutput;
  /** Makes the file visible. Again and again if need be: committing what is committed changes nothing. */
  commit(recoverable: Recoverable): void;
  /** What was kept to resume from here is no longer needed. */
  cleanUp(recoverable: Recoverable): void;
}

export interface RecoverableOutput {
  write(text: string): void;
  /** Bytes written so far. */
  readonly position: number;
  persist(): Recoverable;
  /** Nothing more is written. The file is still invisible. */
  closeForCommit(): Recoverable;
}

/** A system that has files. */
export interface FileSystemHost extends OutsideSystem {
  /** The path is one of its own. */
  holds(path: Path): boolean;
  connect(path: Path, block?: (durationMs: number) => void): FileSystem;
}

/** The file system that a path is on. @param block takes the time that calls need. @throws Diagnostic FILE_SYSTEM_UNKNOWN */
export function fileSystemOf(outside: OutsideWorld, path: Path, block?: (durationMs: number) => void): FileSystem {
  const hosts = systemsOf(outside).all().filter(isFileSystemHost);
  const host = hosts.find((candidate) => candidate.holds(path));
  if (host !== undefined) return host.connect(path, block);
  throw new Diagnostic({
    code: "FILE_SYSTEM_UNKNOWN",
    phase: "runtime",
    message: `Could not find a file system implementation for "${path}".`,
    found: String(path),
    expected:
      hosts.length === 0
        ? "a file system or object store that the scenario declares"
        : `a path on ${hosts.map(({ name }) => name).join(", ")}`,
    hint: "Paths like /dir are on the scenario's file system, s3://bucket/dir in a bucket of its object store.",
  });
}

function isFileSystemHost(system: OutsideSystem): system is FileSystemHost {
  return "holds" in system && "connect" in system;
}
