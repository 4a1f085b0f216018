import { CheckpointStorageFailure } from "./checkpoint-files.ts";
import type { CheckpointStorage, TaskPart } from "./checkpoint-storage.ts";

/** What one operator of one task may have: 5 MiB. */
const MAX_BYTES = 5 * 1024 * 1024;

/** The job manager's memory. Flink: `JobManagerCheckpointStorage`. */
export class MemoryCheckpointStorage implements CheckpointStorage {
  readonly slowness = 1;

  store(_checkpointId: number, { snapshots, inFlightBytes }: TaskPart): void {
    const largest = Math.max(inFlightBytes, ...[...snapshots.values()].map(({ bytes }) => bytes));
    if (largest <= MAX_BYTES) return;
    throw new CheckpointStorageFailure(
      "IOException",
      `Size of the state is larger than the maximum permitted memory-backed state. Size=${largest}, maxSize=${MAX_BYTES}. ` +
        "Consider using a different checkpoint storage, like the FileSystemCheckpointStorage.",
    );
  }

  complete(): void {}

  discard(): void {}

  read(): void {}
}
