import { describe, expect, it } from "vitest";
import type { CommitRequest, Sink, WriterInitContext } from "../../src/flow/sink.ts";
import type { CommittableMessage } from "../../src/operators/sink/committable-message.ts";
import { CommitterOperator } from "../../src/operators/sink/committer-operator.ts";
import { SinkWriterOperator } from "../../src/operators/sink/sink-writer-operator.ts";
import type { OperatorSnapshot } from "../../src/state/snapshot.ts";
import { OneInputOperatorHarness } from "../../src/testing.ts";

type Answer = "ok" | "retryLater" | "alreadyCommitted" | "failedUnknown";

/** A sink that writes down what it is asked to do; a committable is the text of the values since the last one. */
class NotedSink implements Sink<number, string, string> {
  readonly notes: string[] = [];
  /** Answers to come, by committable; "ok" when there are none left. */
  readonly answers = new Map<string, Answer[]>();

  createWriter() {
    this.notes.push("createWriter");
    return this.writer();
  }

  restoreWriter(_context: WriterInitContext, state: readonly string[]) {
    this.notes.push(`restoreWriter ${state}`);
    return this.writer();
  }

  private writer() {
    const { notes } = this;
    let pending: number[] = [];
    return {
      write: (value: number) => void pending.push(value),
      flush: (endOfInput: boolean) => void notes.push(`flush ${endOfInput}`),
      prepareCommit: () => {
        const committables = pending.length === 0 ? [] : [`[${pending}]`];
        pending = [];
        return committables;
      },
      snapshotState: (checkpointId: number) => [`state ${checkpointId}`],
      close: () => void notes.push("closeWriter"),
    };
  }

  createCommitter() {
    this.notes.push("createCommitter");
    return {
      commit: (requests: readonly CommitRequest<string>[]) => {
        this.notes.push(`commit ${requests.map((request) => `${request.getCommittable()}#${request.getNumberOfRetries()}`)}`);
        for (const request of requests) this.answer(request);
      },
      close: () => void this.notes.push("closeCommitter"),
    };
  }

  private answer(request: CommitRequest<string>): void {
    const answer = this.answers.get(request.getCommittable())?.shift() ?? "ok";
    if (answer === "retryLater") request.retryLater();
    if (answer === "alreadyCommitted") request.signalAlreadyCommitted();
    if (answer === "failedUnknown") request.signalFailedWithUnknownReason(new Error("unknown"));
  }

  take(): string[] {
    return this.notes.splice(0);
  }
}

/** Writer and committer as a task chains them. */
class Chain {
  readonly sink: NotedSink;
  readonly writer: OneInputOperatorHarness;
  readonly committer: OneInputOperatorHarness;
  readonly messages: CommittableMessage[] = [];

  constructor(sink: NotedSink, checkpointingMode: "EXACTLY_ONCE" | "NONE" = "EXACTLY_ONCE") {
    this.sink = sink;
    this.committer = new OneInputOperatorHarness(() => new CommitterOperator(sink as unknown as Sink<unknown, string>), {
      checkpointingMode,
    });
    this.writer = new OneInputOperatorHarness(() => new SinkWriterOperator<number>(sink), { checkpointingMode });
  }

  write(...values: number[]): void {
    for (const value of values) this.writer.processElement(value);
  }

  checkpoint(id: number): readonly [writer: readonly OperatorSnapshot[], committer: readonly OperatorSnapshot[]] {
    this.writer.prepareSnapshotPreBarrier(id);
    this.carry();
    return [this.writer.snapshotState(id), this.committer.snapshotState(id)];
  }

  restore([writer, committer]: ReturnType<Chain["checkpoint"]>, id: number, parallelism = writer.length): void {
    this.writer.crash();
    this.committer.crash();
    this.committer.restore(committer, parallelism, id);
    this.writer.restore(writer, parallelism, id);
  }

  endInput(): void {
    this.writer.endInput();
    this.carry();
    this.committer.endInput();
  }

  private carry(): void {
    for (const output of this.writer.takeOutput()) {
      if (output.kind !== "record") continue;
      this.messages.push(output.value as CommittableMessage);
      this.committer.processElement(output.value);
    }
  }
}

// The sequences are those recorded from Flink 2.3 in the sinkV2 cases.
describe("sink writer and committer", () => {
  it("SINK-1: hands committables over before the snapshot and commits on completion", () => {
    const chain = new Chain(new NotedSink());
    chain.write(1);
    chain.checkpoint(1);
    expect(chain.messages).toEqual([
      { kind: "summary", checkpointId: 1, subtaskId: 0, numberOfSubtasks: 1, numberOfCommittables: 1, numberOfFailedCommittables: 0 },
      { kind: "committable", checkpointId: 1, subtaskId: 0, committable: "[1]" },
    ]);
    expect(chain.sink.take()).toEqual(["createCommitter", "createWriter", "flush false"]);
    chain.committer.notifyCheckpointComplete(1);
    expect(chain.sink.take()).toEqual(["commit [1]#0"]);
  });

  it("an empty checkpoint commits nothing", () => {
    const chain = new Chain(new NotedSink());
    chain.checkpoint(1);
    chain.sink.take();
    chain.committer.notifyCheckpointComplete(1);
    expect(chain.sink.take()).toEqual([]);
  });

  it("SINK-3: what an aborted checkpoint carried is committed with the next, oldest first", () => {
    const chain = new Chain(new NotedSink());
    chain.write(1);
    chain.checkpoint(1);
    chain.committer.notifyCheckpointAborted(1);
    chain.write(2);
    chain.checkpoint(2);
    chain.sink.take();
    chain.committer.notifyCheckpointComplete(2);
    expect(chain.sink.take()).toEqual(["commit [1]#0", "commit [2]#0"]);
  });

  it("SINK-4: commits again after a restore, before the writer exists", () => {
    const chain = new Chain(new NotedSink());
    chain.write(1);
    chain.checkpoint(1);
    chain.write(2);
    const snapshots = chain.checkpoint(2);
    chain.sink.take();
    chain.restore(snapshots, 2);
    expect(chain.sink.take()).toEqual(["createCommitter", "commit [1]#0", "commit [2]#0", "restoreWriter state 2"]);
    chain.committer.notifyCheckpointComplete(2);
    expect(chain.sink.take()).toEqual([]);
  });

  it("a subtask that gets no state is restored all the same, and one committer takes all of another's committables", () => {
    const chain = new Chain(new NotedSink());
    chain.write(1);
    const snapshots = chain.checkpoint(1);
    chain.sink.take();
    chain.restore(snapshots, 1, 2);
    expect(chain.sink.take()).toEqual(["createCommitter", "commit [1]#0", "createCommitter", "restoreWriter state 1", "restoreWriter "]);
  });

  it("SINK-5: tries again what is put off, at most ten times", () => {
    const sink = new NotedSink();
    sink.answers.set("[1]", ["retryLater", "retryLater"]);
    const chain = new Chain(sink);
    chain.write(1);
    chain.checkpoint(1);
    sink.take();
    chain.committer.notifyCheckpointComplete(1);
    expect(sink.take()).toEqual(["commit [1]#0", "commit [1]#1", "commit [1]#2"]);

    sink.answers.set("[2]", new Array<Answer>(11).fill("retryLater"));
    chain.write(2);
    chain.checkpoint(2);
    expect(() => chain.committer.notifyCheckpointComplete(2)).toThrow("Failed to commit 1 committables after 10 retries");
  });

  it("SINK-5: an unknown failure fails the task, an earlier commit does not", () => {
    const sink = new NotedSink();
    sink.answers.set("[1]", ["alreadyCommitted"]);
    sink.answers.set("[2]", ["failedUnknown"]);
    const chain = new Chain(sink);
    chain.write(1);
    chain.checkpoint(1);
    chain.committer.notifyCheckpointComplete(1);
    chain.write(2);
    chain.checkpoint(2);
    expect(() => chain.committer.notifyCheckpointComplete(2)).toThrow("Failed to commit [2]");
  });

  it("SINK-6: the end of input commits at once only without checkpointing", () => {
    const waiting = new Chain(new NotedSink());
    waiting.write(1);
    waiting.endInput();
    expect(waiting.sink.take()).toEqual(["createCommitter", "createWriter", "flush true"]);
    expect(waiting.messages[1]).toMatchObject({ checkpointId: 1, committable: "[1]" });

    const chain = new Chain(new NotedSink(), "NONE");
    chain.write(1);
    chain.endInput();
    chain.writer.close();
    chain.committer.close();
    expect(chain.sink.take().slice(2)).toEqual(["flush true", "commit [1]#0", "closeWriter", "closeCommitter"]);
  });
});
