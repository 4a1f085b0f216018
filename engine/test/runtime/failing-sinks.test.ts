/** A sink that throws in each of its methods: the job fails over or fails, with the cause named; nothing hangs, is lost or comes twice. */
import { describe, expect, it } from "vitest";
import {
  type CommitRequest,
  type Committer,
  type CommittingSinkWriter,
  KafkaSource,
  RestartStrategies,
  type Sink,
  type SinkWriter,
  type StreamExecutionEnvironment,
  TwoPhaseCommitSinkFunction,
  WatermarkStrategy,
} from "../../src/index.ts";
import { DEFAULT_LIMITS, type Fault, type RunOutcome } from "../../src/sim.ts";
import { runJob, sorted, type TestWorld } from "../datastream/run-job.ts";

const VALUES = Array.from({ length: 20 }, (_, n) => `v${n}`);

const WORLD: TestWorld = {
  input: { in: VALUES.map((value, n) => [n * 100, value] as const) },
  cluster: { taskManagers: 1, slotsPerTaskManager: 1, parallelism: 1 },
  limits: { ...DEFAULT_LIMITS, maxVirtualMs: 600_000 },
};

/** What the sinks write to. It takes each transaction once. */
class Store {
  readonly committed = new Map<string, readonly string[]>();
  readonly calls: string[] = [];
  private readonly where: string;
  private left: number;

  constructor(where: string, times: number) {
    this.where = where;
    this.left = times;
  }

  reach(where: string): void {
    this.calls.push(where);
    if (where !== this.where || this.left-- <= 0) return;
    throw new Error(`${where} is broken`);
  }

  commit(id: string, records: readonly string[]): boolean {
    if (this.committed.has(id)) return false;
    this.committed.set(id, records);
    return true;
  }

  contents(): string[] {
    return sorted([...this.committed.values()].flat());
  }
}

interface Batch {
  readonly id: string;
  readonly records: readonly string[];
}

let batches = 0;

class StoreWriter implements CommittingSinkWriter<string, Batch> {
  private readonly store: Store;
  private records: string[] = [];

  constructor(store: Store) {
    this.store = store;
  }

  write(value: string): void {
    this.store.reach("write");
    this.records.push(value);
  }

  flush(): void {
    this.store.reach("flush");
  }

  prepareCommit(): readonly Batch[] {
    this.store.reach("prepareCommit");
    const { records } = this;
    this.records = [];
    return records.length === 0 ? [] : [{ id: `b${batches++}`, records }];
  }

  snapshotState(): readonly string[] {
    this.store.reach("snapshotState");
    return ["state"];
  }

  close(): void {
    this.store.reach("writer close");
  }
}

class StoreCommitter implements Committer<Batch> {
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  commit(requests: readonly CommitRequest<Batch>[]): void {
    this.store.reach("commit");
    for (const request of requests) {
      const { id, records } = request.getCommittable();
      if (!this.store.commit(id, records)) request.signalAlreadyCommitted();
    }
    this.store.reach("after commit");
  }

  close(): void {
    this.store.reach("committer close");
  }
}

class StoreSink implements Sink<string, Batch, string> {
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  createWriter(): SinkWriter<string, Batch, string> {
    this.store.reach("createWriter");
    return new StoreWriter(this.store);
  }

  restoreWriter(): SinkWriter<string, Batch, string> {
    this.store.reach("restoreWriter");
    return new StoreWriter(this.store);
  }

  createCommitter(): Committer<Batch> {
    this.store.reach("createCommitter");
    return new StoreCommitter(this.store);
  }
}

interface Transaction {
  readonly id: string;
  readonly records: string[];
}

class TransactionalSink extends TwoPhaseCommitSinkFunction<string, Transaction> {
  private readonly store: Store;

  constructor(store: Store) {
    super();
    this.store = store;
  }

  override open(): void {
    this.store.reach("open");
  }

  override close(): void {
    super.close();
    this.store.reach("close");
  }

  protected override beginTransaction(): Transaction {
    this.store.reach("beginTransaction");
    return { id: `b${batches++}`, records: [] };
  }

  protected override invoke(transaction: Transaction, value: string): void {
    this.store.reach("invoke");
    transaction.records.push(value);
  }

  protected override preCommit(): void {
    this.store.reach("preCommit");
  }

  protected override commit({ id, records }: Transaction): void {
    this.store.reach("commit");
    this.store.commit(id, records);
    this.store.reach("after commit");
  }

  protected override recoverAndCommit({ id, records }: Transaction): void {
    this.store.reach("recoverAndCommit");
    this.store.commit(id, records);
  }

  protected override abort(): void {
    this.store.reach("abort");
  }

  protected override recoverAndAbort(): void {
    this.store.reach("recoverAndAbort");
  }
}

function run(kind: "Sink" | "TwoPhaseCommitSinkFunction", store: Store, faults: readonly Fault[] = []): RunOutcome {
  batches = 0;
  const job = (env: StreamExecutionEnvironment) => {
    env.enableCheckpointing(500);
    env.setRestartStrategy(RestartStrategies.fixedDelayRestart(3, 100));
    const source = KafkaSource.builder<string>()
      .setTopics("in")
      .setValueOnlyDeserializer((value) => value as string)
      .build();
    const stream = env.fromSource(source, WatermarkStrategy.noWatermarks(), "in");
    if (kind === "Sink") stream.sinkTo(new StoreSink(store)).name("store");
    else stream.addSink(new TransactionalSink(store)).name("store");
  };
  return runJob(job, { ...WORLD, faults });
}

/** A task manager dies at this step of checkpoint 2, so that what follows a restart is reached. */
function crashAt(step: "commit" | "write", at: "before" | "after"): Fault {
  return { kind: "crashTaskManager", taskManager: 0, when: { kind: "step", step, at, checkpoint: 2 } };
}

const SINK_METHODS = ["createWriter", "write", "flush", "prepareCommit", "snapshotState", "createCommitter", "commit", "after commit"];
const TRANSACTION_METHODS = ["open", "beginTransaction", "invoke", "preCommit", "commit", "after commit"];
/** Reached after a failure only. */
const RESTORING = [
  ["Sink", "restoreWriter"],
  ["TwoPhaseCommitSinkFunction", "recoverAndCommit"],
  ["TwoPhaseCommitSinkFunction", "recoverAndAbort"],
] as const;
/** What is thrown while a task goes down anyway changes nothing; at the end of the job it is a failure like any other. */
const CLOSING = [
  ["Sink", "writer close"],
  ["Sink", "committer close"],
  ["TwoPhaseCommitSinkFunction", "close"],
  ["TwoPhaseCommitSinkFunction", "abort"],
] as const;

const METHODS = [
  ...SINK_METHODS.map((method) => ["Sink", method] as const),
  ...TRANSACTION_METHODS.map((method) => ["TwoPhaseCommitSinkFunction", method] as const),
];

describe("SINK-9 a sink that throws", () => {
  it.each(METHODS)("%s: once in %s, the job restarts and everything is there once", (kind, method) => {
    const store = new Store(method, 1);
    const outcome = run(kind, store);
    expect(outcome).toMatchObject({ status: "finished", restarts: 1 });
    expect(store.contents()).toEqual(sorted(VALUES));
  });

  it.each(METHODS)("%s: always in %s, the job fails and says where", (kind, method) => {
    const store = new Store(method, Number.POSITIVE_INFINITY);
    const { status, failure, restarts } = run(kind, store);
    expect(status).toBe("failed");
    expect(restarts).toBe(3);
    expect(failure).toMatchObject({ code: "JOB_USER_EXCEPTION", recovery: expect.stringContaining("maxNumberRestartAttempts=3") });
    expect(failure?.message).toContain(`${method} is broken`);
    expect(failure?.operator).toContain("store");
    expect(new Set(store.contents()).size).toBe(store.contents().length);
  });

  it.each(RESTORING)("%s: once in %s, after a crash: it comes back a second time", (kind, method) => {
    const store = new Store(method, 1);
    const outcome = run(kind, store, [crashAt("commit", "before")]);
    expect(store.calls).toContain(method);
    expect(outcome).toMatchObject({ status: "finished", restarts: 2 });
    expect(store.contents()).toEqual(sorted(VALUES));
  });

  it.each(CLOSING)("%s: in %s, while its task goes down after a failure: it is only counted", (kind, method) => {
    const store = new Store(method, 1);
    const fault: Fault = { kind: "crashJobManager", when: { kind: "step", step: "write", at: "after", checkpoint: 2 } };
    const outcome = run(kind, store, [fault]);
    expect(store.calls).toContain(method);
    expect(outcome).toMatchObject({ status: "finished", restarts: 1 });
    expect(outcome.counters["numCloseFailures"]).toBe(1);
    expect(store.contents()).toEqual(sorted(VALUES));
  });

  it.each(CLOSING.slice(0, 3))("%s: in %s, when the job has finished: the job fails over and finishes again", (kind, method) => {
    const store = new Store(method, 1);
    const outcome = run(kind, store);
    expect(outcome).toMatchObject({ status: "finished", restarts: 1 });
    expect(store.contents()).toEqual(sorted(VALUES));
  });

  it.each(["Sink", "TwoPhaseCommitSinkFunction"] as const)(
    "%s: what was committed before a crash is committed again, and stands once",
    (kind) => {
      const store = new Store("nowhere", 0);
      const outcome = run(kind, store, [crashAt("commit", "after")]);
      expect(outcome).toMatchObject({ status: "finished", restarts: 1 });
      expect(store.contents()).toEqual(sorted(VALUES));
    },
  );
});
