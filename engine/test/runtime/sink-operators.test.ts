import { describe, expect, it } from "vitest";
import type { OperatorContext } from "../../src/flow/operator.ts";
import { NO_PROBE } from "../../src/flow/probe.ts";
import type { CommitRequest, Sink, WriterInitContext } from "../../src/flow/sink.ts";
import { StreamRecord } from "../../src/flow/stream-record.ts";
import type { CommittableMessage } from "../../src/operators/sink/committable-message.ts";
import { CommitterOperator } from "../../src/operators/sink/committer-operator.ts";
import { SinkWriterOperator } from "../../src/operators/sink/sink-writer-operator.ts";
import type { OperatorSnapshot } from "../../src/state/snapshot.ts";

type Answer = "ok" | "retryLater" | "alreadyCommitted" | "failedUnknown";

/** A sink that writes down what it is asked to do; a committable is the text of the values since the last one. */
class NotedSink implements Sink<number, string, string> {
  readonly notes: string[] = [];
  /** Answers to come, by committable; "ok" when there are none left. */
  readonly answers = new Map<string, Answer[]>();

  createWriter(_context: WriterInitContext, restored: readonly string[] = []) {
    const { notes } = this;
    notes.push(restored.length === 0 ? "createWriter" : `restoreWriter ${restored}`);
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

  restoreWriter(context: WriterInitContext, state: readonly string[]) {
    return this.createWriter(context, state);
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
  readonly writer: SinkWriterOperator<number>;
  readonly committer: CommitterOperator<string>;
  readonly messages: CommittableMessage[] = [];

  constructor(
    sink: NotedSink,
    checkpointing: "EXACTLY_ONCE" | "NONE" = "EXACTLY_ONCE",
    restored?: { snapshots: OperatorSnapshot[]; id: number },
  ) {
    this.sink = sink;
    this.writer = new SinkWriterOperator<number>(sink);
    this.committer = new CommitterOperator<string>(sink as unknown as Sink<unknown, string>);
    this.committer.setup(context(checkpointing, () => {}));
    this.writer.setup(
      context(checkpointing, (record) => {
        this.messages.push(record.value as CommittableMessage);
        this.committer.processElement(record);
      }),
    );
    this.committer.initializeState(restored?.snapshots[1] ?? null, restored?.id);
    this.writer.initializeState(restored?.snapshots[0] ?? null, restored?.id);
  }

  write(...values: number[]): void {
    for (const value of values) this.writer.processElement(new StreamRecord<unknown>(value));
  }

  checkpoint(id: number): OperatorSnapshot[] {
    this.writer.prepareSnapshotPreBarrier(id);
    return [this.writer.snapshotState(id), this.committer.snapshotState()];
  }

  endInput(): void {
    this.writer.endInput();
    this.committer.endInput();
  }
}

function context(checkpointingMode: "EXACTLY_ONCE" | "NONE", collect: (record: StreamRecord) => void): OperatorContext {
  return {
    operatorId: "sink",
    name: "out",
    jobName: "test",
    subtaskIndex: 0,
    parallelism: 1,
    maxParallelism: 128,
    attemptNumber: 0,
    output: { collect, collectSide() {}, emitWatermark() {}, emitWatermarkStatus() {} },
    processingTime: { currentMs: () => 0, schedule: () => ({ cancel() {} }) },
    mailbox: { execute: (action) => action(), fail() {}, holdInput() {}, releaseInput() {}, spendUs() {} },
    probe: NO_PROBE,
    stateBackend: "hashmap",
    ttlClock: () => 0,
    autoWatermarkIntervalMs: 200,
    checkpointingMode,
    outside: () => undefined,
    keySelectors: [],
    random: () => 0.5,
    counter: () => ({ inc() {}, count: 0 }),
  };
}

// The sequences are those recorded from Flink 2.3 in the sinkV2 cases.
describe("sink writer and committer", () => {
  it("hands committables over before the snapshot and commits on completion", () => {
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

  it("what an aborted checkpoint carried is committed with the next, oldest first", () => {
    const chain = new Chain(new NotedSink());
    chain.write(1);
    chain.checkpoint(1);
    chain.committer.notifyCheckpointAborted();
    chain.write(2);
    chain.checkpoint(2);
    chain.sink.take();
    chain.committer.notifyCheckpointComplete(2);
    expect(chain.sink.take()).toEqual(["commit [1]#0", "commit [2]#0"]);
  });

  it("commits again after a restore, before the writer exists", () => {
    const before = new Chain(new NotedSink());
    before.write(1);
    before.checkpoint(1);
    before.write(2);
    const snapshots = before.checkpoint(2);
    const after = new Chain(new NotedSink(), "EXACTLY_ONCE", { snapshots, id: 2 });
    expect(after.sink.take()).toEqual(["createCommitter", "commit [1]#0", "commit [2]#0", "restoreWriter state 2"]);
    after.committer.notifyCheckpointComplete(2);
    expect(after.sink.take()).toEqual([]);
  });

  it("tries again what is put off, at most ten times", () => {
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

  it("an unknown failure fails the task, an earlier commit does not", () => {
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

  it("the end of input commits at once only without checkpointing", () => {
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
