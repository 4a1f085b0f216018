import {
  type CommitRequest,
  type Committer,
  type CommitterInitContext,
  type CommittingSinkWriter,
  JsonDeserializationSchema,
  KafkaSource,
  type Sink,
  type StatefulSinkWriter,
  StreamExecutionEnvironment,
  type SupportsCommitter,
  type SupportsWriterState,
  WatermarkStrategy,
  type WriterInitContext,
} from "flink";
import { type Entry, type Ticket, Ledger } from "./given";

/** Phase one, in each subtask. */
class LedgerWriter implements StatefulSinkWriter<Entry, number>, CommittingSinkWriter<Entry, Ticket> {
  private readonly ledger: Ledger;
  private readonly subtask: number;
  private count: number;

  constructor(context: WriterInitContext, count: number) {
    this.ledger = new Ledger(context);
    this.subtask = context.getTaskInfo().getIndexOfThisSubtask();
    this.count = count;
  }

  write(entry: Entry) {
    // A transaction per entry, committed at once: after a crash the entry is written again.
    const ticket = this.ledger.begin(`ledger-${this.subtask}-${this.count++}`);
    this.ledger.write(ticket, entry);
    this.ledger.prepare(ticket);
    this.ledger.commit(ticket);
  }

  flush() {}

  prepareCommit(): Ticket[] {
    return [];
  }

  snapshotState(_checkpointId: number) {
    return [this.count];
  }

  close() {}
}

/** Phase two. */
class LedgerCommitter implements Committer<Ticket> {
  private readonly ledger: Ledger;

  constructor(context: CommitterInitContext) {
    this.ledger = new Ledger(context);
  }

  commit(requests: readonly CommitRequest<Ticket>[]) {
    for (const request of requests) this.ledger.commit(request.getCommittable());
  }

  close() {}
}

class LedgerSink implements Sink<Entry, Ticket, number>, SupportsCommitter<Ticket>, SupportsWriterState<Entry, number> {
  createWriter(context: WriterInitContext) {
    return new LedgerWriter(context, 0);
  }

  restoreWriter(context: WriterInitContext, counts: readonly number[]) {
    return new LedgerWriter(context, Math.max(0, ...counts));
  }

  createCommitter(context: CommitterInitContext) {
    return new LedgerCommitter(context);
  }
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(10_000);

const entries = env.fromSource(
  KafkaSource.builder<Entry>()
    .setBootstrapServers("kafka:9092")
    .setTopics("entries")
    .setValueOnlyDeserializer(new JsonDeserializationSchema<Entry>())
    .build(),
  WatermarkStrategy.noWatermarks<Entry>(),
  "entries",
);

entries.sinkTo(new LedgerSink());

env.execute("two-phase-commit-sink");
