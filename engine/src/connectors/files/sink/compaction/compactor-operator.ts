import { StreamRecord } from "../../../../flow/stream-record.ts";
import { type CommittableMessage, CommittableSummary, CommittableWithLineage } from "../../../../operators/sink/committable-message.ts";
import { type FileSystem, fileSystemOf, type Recoverable } from "../../file-system.ts";
import { Path } from "../../path.ts";
import type { FileSinkCommittable } from "../file-writer-bucket.ts";
import { CompactionOperator } from "./compaction-operator.ts";
import type { CompactorRequest } from "./compactor-coordinator.ts";
import type { FileCompactor } from "./file-compactors.ts";

/**
 * Puts the files of each request together. Flink: `CompactorOperator`.
 *
 * A request is worked on when the checkpoint that carries it is complete; its result is part of the next one. Files to be put together are finished
 * under hidden names, so that nobody sees a row twice; the file that takes their place is pending like any other, and the committer that
 * makes it visible removes them. An attempt that dies in between begins again with the request from its checkpoint: the hidden files are still
 * there, and a half-written file stays invisible.
 */
export class CompactorOperator extends CompactionOperator<CompactorRequest> {
  private readonly basePath: Path;
  private readonly compactor: FileCompactor;
  private fileSystem!: FileSystem;
  private collected: CompactorRequest[] = [];
  /** By the checkpoint that they are in. */
  private waiting = new Map<number, readonly CompactorRequest[]>();
  private restored: readonly CompactorRequest[] = [];
  /** Ready to be worked on before the next barrier. */
  private due: CompactorRequest[] = [];
  private ended = false;

  constructor(basePath: Path, compactor: FileCompactor) {
    super("remaining_requests_state");
    this.basePath = basePath;
    this.compactor = compactor;
  }

  override open(): void {
    const { outside, mailbox } = this.context;
    this.fileSystem = fileSystemOf(outside, this.basePath, (durationMs) => mailbox.spendUs(durationMs * 1000));
    this.due = [...this.restored];
  }

  processElement(record: StreamRecord): void {
    this.collected.push(record.value as CompactorRequest);
  }

  override notifyCheckpointComplete(checkpointId: number): void {
    for (const [id, requests] of [...this.waiting]) {
      if (id > checkpointId) continue;
      this.waiting.delete(id);
      this.due.push(...requests);
    }
  }

  prepareSnapshotPreBarrier(checkpointId: number): void {
    if (this.ended) return;
    this.lastCheckpointId = checkpointId;
    const { due } = this;
    this.due = [];
    this.emit(checkpointId, due);
  }

  /** Nothing comes any more: all that is left is done for the last checkpoint. */
  endInput(): void {
    const requests = [...this.due, ...[...this.waiting.values()].flat(), ...this.collected];
    this.due = [];
    this.waiting.clear();
    this.collected = [];
    this.emit(this.lastCheckpointId + 1, requests);
    this.ended = true;
  }

  protected override restore(elements: readonly CompactorRequest[]): void {
    this.restored = elements;
  }

  protected override elements(checkpointId: number): readonly CompactorRequest[] {
    if (this.collected.length > 0) this.waiting.set(checkpointId, this.collected);
    this.collected = [];
    return [...this.due, ...[...this.waiting.values()].flat()];
  }

  private emit(checkpointId: number, requests: readonly CompactorRequest[]): void {
    const committables = requests.flatMap((request) => [...request.toPassThrough, ...this.compact(request)]);
    const { subtaskIndex, parallelism } = this.context;
    this.send(new CommittableSummary(subtaskIndex, parallelism, checkpointId, committables.length));
    for (const committable of committables) this.send(new CommittableWithLineage(committable, checkpointId, subtaskIndex));
  }

  private compact({ bucketId, toCompact }: CompactorRequest): readonly FileSinkCommittable[] {
    const files = toCompact.map(({ pendingFile }) => pendingFile as Recoverable);
    if (files.length === 0) return [];
    const { recoverableWriter } = this.fileSystem;
    for (const file of files) recoverableWriter.commit(file);
    const inputs = files.map(({ target }) => ({ path: target, content: this.fileSystem.read(new Path(target)) }));
    const output = recoverableWriter.open(compactedPath(new Path(files[0].target)));
    output.write(this.compactor.compact(inputs));
    const committables: FileSinkCommittable[] = [{ bucketId, pendingFile: output.closeForCommit(), inProgressFileToCleanup: null }];
    for (const { path } of inputs) {
      committables.push({ bucketId, pendingFile: null, inProgressFileToCleanup: null, compactedFileToCleanup: path });
    }
    return committables;
  }

  private send(message: CommittableMessage): void {
    this.context.output.collect(new StreamRecord<unknown>(message));
  }
}

/** ".part-1-0" becomes "compacted-part-1-0". */
function compactedPath(path: Path): Path {
  return new Path(path.getParent() as Path, `compacted-${path.getName().replace(/^\./, "")}`);
}
