import { describe, expect, it } from "vitest";
import {
  CommittableSummary,
  type CommittableMessage,
  CommittableWithLineage,
  type Collector,
  type CommitRequest,
  Configuration,
  type DataStream,
  Diagnostic,
  KafkaSource,
  ProcessFunction,
  type ProcessContext,
  type Sink,
  type SinkFunctionContext,
  type SinkWriteContext,
  SinkOptions,
  StandardSinkTopologies,
  StreamExecutionEnvironment,
  TwoPhaseCommitSinkFunction,
  WatermarkStrategy,
  type WriterInitContext,
} from "../../src/index.ts";
import { jobGraphOf } from "../../src/sim.ts";
import { datastreamProgram } from "../../src/index.ts";
import { runJob, type TestWorld } from "./run-job.ts";

const INPUT: TestWorld = { input: { numbers: [1, 2, 3, 4, 5, 6, 7, 8].map((n) => [n * 1000, n]) }, output: [] };

function numbersOf(env: StreamExecutionEnvironment) {
  return env.fromSource(KafkaSource.builder<number>().setTopics("numbers").build(), WatermarkStrategy.noWatermarks(), "numbers");
}

/** Files of a store outside the cluster: written under a name nobody sees, then published. */
class FileStore {
  readonly staged = new Map<string, number[]>();
  readonly published = new Map<string, number[]>();

  publish(name: string): "published" | "known" | "lost" {
    if (this.published.has(name)) return "known";
    const file = this.staged.get(name);
    if (file === undefined) return "lost";
    this.published.set(name, file);
    return "published";
  }

  get numbers(): number[] {
    return [...this.published.values()].flat().sort((a, b) => a - b);
  }
}

/** A learner's exactly-once sink: each checkpoint publishes one file per writer. */
class FileSink implements Sink<number, string, number> {
  protected readonly store: FileStore;

  constructor(store: FileStore) {
    this.store = store;
  }

  createWriter(context: WriterInitContext) {
    return this.restoreWriter(context, []);
  }

  restoreWriter(context: WriterInitContext, state: readonly number[]) {
    const { store } = this;
    const place = `${context.getTaskInfo().getIndexOfThisSubtask()}/${context.getTaskInfo().getAttemptNumber()}`;
    let files = Math.max(0, ...state);
    let current: number[] = [];
    return {
      write: (value: number, _context: SinkWriteContext) => {
        current.push(value);
      },
      flush: () => {},
      prepareCommit: () => {
        if (current.length === 0) return [];
        const name = `${place}/${++files}`;
        store.staged.set(name, current);
        current = [];
        return [name];
      },
      snapshotState: () => [files],
      close: () => {},
    };
  }

  createCommitter() {
    return {
      commit: (requests: readonly CommitRequest<string>[]) => {
        for (const request of requests) {
          const result = this.store.publish(request.getCommittable());
          if (result === "known") request.signalAlreadyCommitted();
          if (result === "lost") request.signalFailedWithUnknownReason(new Error(`${request.getCommittable()} is gone`));
        }
      },
      close: () => {},
    };
  }
}

const crashes = [2500, 4200, 6700].map((atMs) => ({
  kind: "crashTaskManager" as const,
  taskManager: 0,
  when: { kind: "atMs" as const, atMs },
}));

describe("a learner's Sink V2", () => {
  it("SINK-1, SINK-4: publishes every number once, whatever crashes", () => {
    for (const faults of [
      [],
      crashes,
      [
        {
          kind: "crashTaskManager" as const,
          taskManager: 0,
          when: { kind: "checkpoint" as const, checkpoint: 3, step: "completed" as const },
        },
      ],
    ]) {
      const store = new FileStore();
      const outcome = runJob(
        (env) => {
          env.enableCheckpointing(1000);
          numbersOf(env).sinkTo(new FileSink(store)).name("files").uid("files");
        },
        { ...INPUT, faults },
      );
      expect(outcome.status).toBe("finished");
      expect(outcome.restarts).toBe(faults.length);
      expect(store.numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    }
  });

  it("SINK-5: puts a commit off as often as sink.committer.retries allows", () => {
    class Hesitant extends FileSink {
      override createCommitter() {
        return {
          commit: (requests: readonly CommitRequest<string>[]) => {
            for (const request of requests) {
              if (request.getNumberOfRetries() < 3) request.retryLater();
              else this.store.publish(request.getCommittable());
            }
          },
          close: () => {},
        };
      }
    }
    const store = new FileStore();
    const statusWith = (retries: number) =>
      runJob((env) => {
        env.configure(new Configuration().set(SinkOptions.COMMITTER_RETRIES, retries));
        env.enableCheckpointing(20_000);
        numbersOf(env).sinkTo(new Hesitant(store));
      }, INPUT).status;
    // The checkpoint knows nothing of the tries that failed, so every restart fails like the one before.
    expect(statusWith(2)).toBe("limit");
    expect(store.numbers).toEqual([]);
    expect(statusWith(3)).toBe("finished");
    expect(store.numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it("SINK-6: without checkpointing the end of the input commits", () => {
    const store = new FileStore();
    runJob((env) => void numbersOf(env).sinkTo(new FileSink(store)), INPUT);
    expect([...store.published.keys()]).toEqual(["0/0/1"]);
  });
});

/** Puts the files of a checkpoint together before they are published, and tells of them afterwards. */
class CompactingFileSink extends FileSink {
  private readonly told: string[][];

  constructor(store: FileStore, told: string[][]) {
    super(store);
    this.told = told;
  }

  addPreWriteTopology(input: DataStream<number>): DataStream<number> {
    return input.map((value) => value * 10).name("times ten");
  }

  addPreCommitTopology(writeResults: DataStream<CommittableMessage<string>>): DataStream<CommittableMessage<string>> {
    const { store } = this;
    class Rename extends ProcessFunction<CommittableMessage<string>, CommittableMessage<string>> {
      processElement(message: CommittableMessage<string>, _ctx: ProcessContext, out: Collector<CommittableMessage<string>>) {
        if (message instanceof CommittableSummary) {
          out.collect(message);
          return;
        }
        const name = `compact ${message.getCommittable()}`;
        store.staged.set(name, store.staged.get(message.getCommittable()) ?? []);
        out.collect(message.map(() => name));
      }
    }
    return writeResults.process(new Rename()).name("compact").uid("compact");
  }

  addPostCommitTopology(committables: DataStream<CommittableMessage<string>>): void {
    const { told } = this;
    StandardSinkTopologies.addGlobalCommitter(committables, () => ({
      commit: (requests: readonly CommitRequest<string>[]) => void told.push(requests.map((request) => request.getCommittable()).sort()),
      close: () => {},
    }));
  }
}

describe("sinks with topologies of their own", () => {
  const describe_ = (store: FileStore, told: string[][]) => (env: StreamExecutionEnvironment) => {
    env.enableCheckpointing(3000);
    env.setParallelism(2);
    numbersOf(env).setParallelism(1).sinkTo(new CompactingFileSink(store, told)).name("files").uid("files");
  };

  it("SINK-7: run before the writer, between writer and committer, and behind the committer", () => {
    const store = new FileStore();
    const told: string[][] = [];
    const outcome = runJob(describe_(store, told), INPUT);
    expect(outcome.failure).toBeNull();
    expect(store.numbers).toEqual([10, 20, 30, 40, 50, 60, 70, 80]);
    expect([...store.published.keys()].every((name) => name.startsWith("compact "))).toBe(true);
    expect(told.flat().sort()).toEqual([...store.published.keys()].sort());
    // The global committer hears of both writers at once.
    expect(told.some((names) => names.length === 2)).toBe(true);
  });

  it("SINK-7: their operators take over the sink's name", () => {
    const program = datastreamProgram(() => {
      const env = StreamExecutionEnvironment.getExecutionEnvironment();
      describe_(new FileStore(), [])(env);
      env.execute("job");
    });
    const names = jobGraphOf(program).vertices.map(({ name, parallelism }) => `${name} ×${parallelism}`);
    expect(names).toEqual([
      "Source: numbers ×1",
      "files: times ten -> files: Writer -> files: compact -> files: Committer ×2",
      "files: Global Committer ×1",
    ]);
  });

  it("need a committer", () => {
    const env = StreamExecutionEnvironment.getExecutionEnvironment();
    const sink = { createWriter: () => ({ write() {}, flush() {}, close() {} }), addPostCommitTopology() {} };
    expect(() => numbersOf(env).sinkTo(sink)).toThrow(Diagnostic);
  });

  it("a topology that breaks the protocol is told so", () => {
    class Doubling extends FileSink {
      addPreCommitTopology(writeResults: DataStream<CommittableMessage<string>>): DataStream<CommittableMessage<string>> {
        return writeResults.flatMap((message: CommittableMessage<string>, out: Collector<CommittableMessage<string>>) => {
          out.collect(message);
          if (message instanceof CommittableWithLineage) out.collect(message);
        });
      }
    }
    const outcome = runJob((env) => {
      env.enableCheckpointing(3000);
      numbersOf(env).sinkTo(new Doubling(new FileStore()));
    }, INPUT);
    expect(JSON.stringify(outcome.failure)).toContain("SINK_COMMITTABLES_INCONSISTENT");
  });
});

describe("TwoPhaseCommitSinkFunction", () => {
  /** Transactions of a database outside the cluster. */
  class Database {
    readonly open = new Map<string, number[]>();
    readonly rows: number[] = [];
    readonly committed = new Set<string>();
    next = 1;

    commit(id: string): void {
      if (this.committed.has(id)) return;
      this.rows.push(...(this.open.get(id) ?? []));
      this.open.delete(id);
      this.committed.add(id);
    }
  }

  class DatabaseSink extends TwoPhaseCommitSinkFunction<number, string> {
    private readonly database: Database;

    constructor(database: Database) {
      super();
      this.database = database;
    }

    protected override beginTransaction() {
      const id = `t${this.database.next++}`;
      this.database.open.set(id, []);
      return id;
    }

    protected override invoke(transaction: string, value: number, _context: SinkFunctionContext) {
      this.database.open.get(transaction)?.push(value);
    }

    protected override preCommit() {}

    protected override commit(transaction: string) {
      this.database.commit(transaction);
    }

    protected override abort(transaction: string) {
      this.database.open.delete(transaction);
    }
  }

  it("SINK-8: every row once, whatever crashes", () => {
    for (const faults of [[], crashes]) {
      const database = new Database();
      const outcome = runJob(
        (env) => {
          env.enableCheckpointing(1000);
          numbersOf(env).addSink(new DatabaseSink(database)).name("database");
        },
        { ...INPUT, faults },
      );
      expect(outcome.failure).toBeNull();
      expect(outcome.restarts).toBe(faults.length);
      expect([...database.rows].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    }
  });

  it("SINK-8: without checkpoints nothing is ever committed", () => {
    const database = new Database();
    runJob((env) => void env.fromData(1, 2, 3).addSink(new DatabaseSink(database)), INPUT);
    expect(database.rows).toEqual([]);
    expect(database.open.size).toBe(0);
  });

  it("is shown as a sink, and a plain function will do", () => {
    const seen: number[] = [];
    const program = (env: StreamExecutionEnvironment) => {
      numbersOf(env)
        .addSink((value) => void seen.push(value))
        .name("list");
    };
    runJob(program, INPUT);
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const graph = jobGraphOf(
      datastreamProgram(() => {
        const env = StreamExecutionEnvironment.getExecutionEnvironment();
        program(env);
        env.execute("job");
      }),
    );
    expect(graph.vertices.map(({ name }) => name)).toEqual(["Source: numbers -> Sink: list"]);
  });

  it("a negative timeout is refused", () => {
    class Hasty extends DatabaseSink {
      constructor() {
        super(new Database());
        this.setTransactionTimeout(-1);
      }
    }
    expect(() => new Hasty()).toThrow("transactionTimeout must not be negative");
  });
});
