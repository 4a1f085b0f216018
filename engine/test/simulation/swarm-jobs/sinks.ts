/** Sinks that learners write themselves, in each of the ways that there are. */
import {
  type CheckpointedFunction,
  type CommittableMessage,
  CommittableSummary,
  type Collector,
  type CommitRequest,
  type DataStream,
  type FunctionInitializationContext,
  type FunctionSnapshotContext,
  type ListState,
  ListStateDescriptor,
  ProcessFunction,
  type ProcessContext,
  RichSinkFunction,
  type Sink,
  StandardSinkTopologies,
  TwoPhaseCommitSinkFunction,
  type WriterInitContext,
} from "../../../src/index.ts";
import type { SwarmEvent } from "../../../src/sim.ts";
import type { Ledger, LedgerRow } from "./ledger.ts";
import { keyOf, ONE_INPUT, read, type SwarmJob } from "./swarm-job.ts";

const LEDGER = { ...ONE_INPUT, outputs: [] };

/** The names of an attempt's transactions are its own, so that none is used twice. */
class LedgerTransactions extends TwoPhaseCommitSinkFunction<SwarmEvent, string> {
  private readonly ledger: Ledger;
  private place = "";
  private count = 0;

  constructor(ledger: Ledger) {
    super();
    this.ledger = ledger;
  }

  protected override beginTransaction(): string {
    const task = this.getRuntimeContext().getTaskInfo();
    this.place = `${task.getIndexOfThisSubtask()}/${task.getAttemptNumber()}/${this.ledger.stamp()}`;
    const transaction = `${this.place}/${++this.count}`;
    this.ledger.begin(transaction);
    return transaction;
  }

  protected override invoke(transaction: string, event: SwarmEvent): void {
    this.ledger.add(transaction, { key: event.key, id: event.id });
  }

  protected override preCommit(): void {}

  protected override commit(transaction: string): void {
    this.ledger.commit(transaction);
  }

  protected override abort(transaction: string): void {
    this.ledger.abort(transaction);
  }
}

/** Sink V2: its writers stage rows under a name, its committer makes them visible, once however often it is asked. */
export class LedgerSink implements Sink<SwarmEvent, string, number> {
  protected readonly ledger: Ledger;

  constructor(ledger: Ledger) {
    this.ledger = ledger;
  }

  createWriter(context: WriterInitContext) {
    return this.restoreWriter(context, []);
  }

  restoreWriter(context: WriterInitContext, states: readonly number[]) {
    const { ledger } = this;
    const task = context.getTaskInfo();
    const place = `${task.getIndexOfThisSubtask()}/${task.getAttemptNumber()}/${ledger.stamp()}`;
    let batches = Math.max(0, ...states);
    let rows: LedgerRow[] = [];
    return {
      write: (event: SwarmEvent) => {
        rows.push({ key: event.key, id: event.id });
      },
      flush: () => {},
      prepareCommit: () => {
        if (rows.length === 0) return [];
        const name = `${place}/${++batches}`;
        ledger.begin(name);
        for (const row of rows) ledger.add(name, row);
        rows = [];
        return [name];
      },
      snapshotState: () => [batches],
      close: () => {},
    };
  }

  createCommitter() {
    const { ledger } = this;
    const tries = new Map<string, number>();
    return {
      commit: (requests: readonly CommitRequest<string>[]) => {
        for (const request of requests) {
          const name = request.getCommittable();
          const tried = tries.get(name) ?? 0;
          tries.set(name, tried + 1);
          // The first time it is never the right moment.
          if (tried === 0) request.retryLater();
          else if (ledger.commit(name) === "done before") request.signalAlreadyCommitted();
        }
      },
      close: () => {},
    };
  }
}

/** Renames on the way to the committer, and has one global committer tell of what was committed. */
class CompactingLedgerSink extends LedgerSink {
  addPreWriteTopology(input: DataStream<SwarmEvent>): DataStream<SwarmEvent> {
    return input.keyBy(keyOf);
  }

  addPreCommitTopology(writeResults: DataStream<CommittableMessage<string>>): DataStream<CommittableMessage<string>> {
    class Pass extends ProcessFunction<CommittableMessage<string>, CommittableMessage<string>> {
      override processElement(message: CommittableMessage<string>, _ctx: ProcessContext, out: Collector<CommittableMessage<string>>): void {
        out.collect(message instanceof CommittableSummary ? message : message.map((name) => name));
      }
    }
    return writeResults.process(new Pass()).uid("compact");
  }

  addPostCommitTopology(committables: DataStream<CommittableMessage<string>>): void {
    const { ledger } = this;
    StandardSinkTopologies.addGlobalCommitter(committables, () => ({
      commit: (requests: readonly CommitRequest<string>[]) => {
        // Told again after a crash, as often as the checkpoint is restored: only the names count.
        for (const request of requests) ledger.tell(request.getCommittable());
      },
      close: () => {},
    }));
  }
}

/** Flink's own example of operator state: a sink that writes five rows at a time and keeps the rest in its state. */
class BufferingSink extends RichSinkFunction<SwarmEvent> implements CheckpointedFunction {
  private readonly ledger: Ledger;
  private buffer: SwarmEvent[] = [];
  private state!: ListState<SwarmEvent>;

  constructor(ledger: Ledger) {
    super();
    this.ledger = ledger;
  }

  override invoke(event: SwarmEvent): void {
    this.buffer.push(event);
    if (this.buffer.length >= 5) this.writeOut();
  }

  finish(): void {
    this.writeOut();
  }

  initializeState(context: FunctionInitializationContext): void {
    this.state = context.getOperatorStateStore().getListState(new ListStateDescriptor<SwarmEvent>("buffer"));
    if (context.isRestored()) this.buffer = [...this.state.get()];
  }

  snapshotState(_context: FunctionSnapshotContext): void {
    this.state.update([...this.buffer]);
  }

  private writeOut(): void {
    for (const { key, id } of this.buffer) this.ledger.append({ key, id });
    this.buffer = [];
  }
}

export const SINK_JOBS: readonly SwarmJob[] = [
  {
    name: "two-phase commit sink",
    promises: { delivery: "exactlyOnce" },
    workload: LEDGER,
    build(env, ledger) {
      read(env, "events").rebalance().addSink(new LedgerTransactions(ledger)).name("ledger").uid("ledger");
    },
  },
  {
    name: "committing sink with state",
    promises: { delivery: "exactlyOnce" },
    workload: LEDGER,
    build(env, ledger) {
      read(env, "events").keyBy(keyOf).sinkTo(new LedgerSink(ledger)).name("ledger").uid("ledger");
    },
  },
  {
    name: "sink with topologies",
    promises: { delivery: "exactlyOnce" },
    workload: LEDGER,
    build(env, ledger) {
      read(env, "events").sinkTo(new CompactingLedgerSink(ledger)).name("ledger").uid("ledger");
    },
  },
  {
    name: "buffering sink with operator state",
    promises: { delivery: "atLeastOnce" },
    workload: LEDGER,
    build(env, ledger) {
      read(env, "events").rebalance().addSink(new BufferingSink(ledger)).name("ledger").uid("ledger");
    },
  },
];
