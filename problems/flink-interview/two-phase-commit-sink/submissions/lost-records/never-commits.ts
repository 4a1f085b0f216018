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
  private current: Ticket | null = null;

  constructor(context: WriterInitContext, count: number) {
    this.ledger = new Ledger(context);
    this.subtask = context.getTaskInfo().getIndexOfThisSubtask();
    this.count = count;
  }

  write(entry: Entry) {
    this.current ??= this.ledger.begin(`ledger-${this.subtask}-${this.count}`);
    this.ledger.write(this.current, entry);
  }

  flush() {
    if (this.current !== null) this.ledger.prepare(this.current);
  }

  prepareCommit() {
    const tickets = this.current === null ? [] : [this.current];
    this.current = null;
    // The name must be another one next time, and after a restore the same again: begin then aborts what was left.
    this.count++;
    return tickets;
  }

  snapshotState(_checkpointId: number) {
    return [this.count];
  }

  close() {
    if (this.current !== null) this.ledger.abort(this.current);
  }
}

/** Phase two. */
class LedgerCommitter implements Committer<Ticket> {
  // "What the writer has flushed is written."

  commit(requests: readonly CommitRequest<Ticket>[]) {
    for (const request of requests) request.signalAlreadyCommitted();
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

  createCommitter(_context: CommitterInitContext) {
    return new LedgerCommitter();
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
