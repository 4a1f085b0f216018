/**
 * The job manager's side of one source: its enumerator, which hands splits to the readers. Flink: `SourceCoordinator`.
 *
 * Assignments travel through the readers' mailboxes. A checkpoint first snapshots the enumerator and then mails its trigger to the
 * readers, so every split is in exactly one of the two: assigned before, and then the reader adds it before its own snapshot, or not.
 */
import type { Source, SourceSplit, SplitEnumerator, SplitEnumeratorContext } from "../../flow/connector.ts";
import type { OutsideWorld } from "../../flow/operator.ts";
import { copyValue } from "../../types/value-codec.ts";
import type { EventLoop } from "../event-loop.ts";
import type { Subtask } from "../subtask.ts";

export class SourceCoordinator {
  private readonly enumerator: SplitEnumerator<SourceSplit>;

  constructor(
    source: Source<unknown>,
    readers: readonly Subtask[],
    loop: EventLoop,
    outside: OutsideWorld,
    restored: { state: unknown } | null,
  ) {
    const context: SplitEnumeratorContext<SourceSplit> = {
      parallelism: readers.length,
      outside,
      currentMs: () => loop.currentMs(),
      assignSplits: (subtask, splits) => {
        const copies = splits.map((split) => copyValue(split));
        readers[subtask].withSource((reader) => reader.addSplits(copies));
      },
      signalNoMoreSplits: (subtask) => readers[subtask].withSource((reader) => reader.notifyNoMoreSplits()),
    };
    this.enumerator = restored === null ? source.createEnumerator(context) : source.restoreEnumerator(context, copyValue(restored.state));
  }

  start(): void {
    this.enumerator.start();
  }

  addReader(subtask: number): void {
    this.enumerator.addReader(subtask);
  }

  handleSplitRequest(subtask: number): void {
    this.enumerator.handleSplitRequest(subtask);
  }

  snapshot(checkpointId: number): unknown {
    return copyValue(this.enumerator.snapshotState(checkpointId));
  }

  close(): void {
    this.enumerator.close();
  }
}
