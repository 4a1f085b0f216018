/** Jobs whose functions, sources and sinks are broken. */
import {
  type Collector,
  type CommitRequest,
  type KeyedOnTimerContext,
  type KeyedProcessContext,
  KeyedProcessFunction,
  type KafkaPartitionSplit,
  KafkaSource,
  type Source,
  type WriterInitContext,
} from "../../../src/index.ts";
import type { SwarmEvent } from "../../../src/sim.ts";
import type { Canary } from "./canary.ts";
import type { Ledger, LedgerRow } from "./ledger.ts";
import { LedgerSink } from "./sinks.ts";
import { keyOf, ONE_INPUT, type Row, read, watermarksBy, write } from "./swarm-job.ts";

/** Keeps its sums in a plain field, which dies with the task. */
class ForgetfulSum extends KeyedProcessFunction<string, SwarmEvent, Row> {
  private readonly sums = new Map<string, number>();

  override processElement(event: SwarmEvent, ctx: KeyedProcessContext<string>): void {
    this.sums.set(event.key, (this.sums.get(event.key) ?? 0) + event.amount);
    ctx.timerService().registerEventTimeTimer(event.atMs + 3_600_000);
  }

  override onTimer(_timestamp: number, ctx: KeyedOnTimerContext<string>, out: Collector<Row>): void {
    const key = ctx.getCurrentKey();
    if (this.sums.has(key)) out.collect({ key, sum: this.sums.get(key) });
    this.sums.delete(key);
  }
}

/** Registers timers and never takes its state back. */
class Hoarder extends KeyedProcessFunction<string, SwarmEvent, Row> {
  override processElement(event: SwarmEvent, ctx: KeyedProcessContext<string>, out: Collector<Row>): void {
    ctx.timerService().registerProcessingTimeTimer(event.atMs + 365 * 24 * 3_600_000);
    out.collect({ key: event.key, id: event.id });
  }
}

/** Makes visible at the barrier what should wait for the checkpoint. */
class EagerSink extends LedgerSink {
  override restoreWriter(context: WriterInitContext, states: readonly number[]) {
    const { ledger } = this;
    const writer = super.restoreWriter(context, states);
    const prepareCommit = () => {
      for (const name of writer.prepareCommit()) ledger.commit(name);
      return [];
    };
    return { ...writer, prepareCommit };
  }
}

/** Commits what it is given as often as it is given it. */
class RepeatingSink extends LedgerSink {
  private readonly staged: Map<string, readonly LedgerRow[]>;

  constructor(ledger: Ledger, staged: Map<string, readonly LedgerRow[]>) {
    super(ledger);
    this.staged = staged;
  }

  override restoreWriter(context: WriterInitContext, states: readonly number[]) {
    const writer = super.restoreWriter(context, states);
    let rows: LedgerRow[] = [];
    return {
      ...writer,
      write: (event: SwarmEvent) => {
        rows.push({ key: event.key, id: event.id });
        writer.write(event);
      },
      prepareCommit: () => {
        const names = writer.prepareCommit();
        for (const name of names) this.staged.set(name, rows);
        rows = [];
        return names;
      },
    };
  }

  override createCommitter() {
    return {
      commit: (requests: readonly CommitRequest<string>[]) => {
        for (const request of requests) for (const row of this.staged.get(request.getCommittable()) ?? []) this.ledger.append(row);
      },
      close: () => {},
    };
  }
}

/** Its readers say, at every checkpoint, that they are one record further than they are. */
function forgetfulSource(): Source<SwarmEvent, KafkaPartitionSplit, unknown> {
  const source = KafkaSource.builder<SwarmEvent>().setTopics("events").build();
  const createReader = source.createReader.bind(source);
  source.createReader = (context) => {
    const reader = createReader(context);
    const snapshotState = reader.snapshotState.bind(reader);
    reader.snapshotState = (checkpointId) =>
      snapshotState(checkpointId).map((split) => ({ ...split, startingOffset: split.startingOffset + 1 }));
    return reader;
  };
  return source;
}

/** Cannot live with its own state: once it has some, it fails whenever it is restored. */
class NeverAgain extends KeyedProcessFunction<string, SwarmEvent, Row> {
  override open(): void {
    if (this.getRuntimeContext().getTaskInfo().getAttemptNumber() > 0) throw new Error("not again");
  }

  override processElement(event: SwarmEvent, _ctx: KeyedProcessContext<string>, out: Collector<Row>): void {
    out.collect({ key: event.key, id: event.id });
  }
}

const LEDGER = { ...ONE_INPUT, outputs: [] };

export const CLUSTER_CANARIES: readonly Canary[] = [
  {
    name: "canary: sums in a plain field",
    caughtBy: "exactly once",
    promises: { delivery: "exactlyOnce" },
    workload: ONE_INPUT,
    build(env) {
      write(read(env, "events").keyBy(keyOf).process(new ForgetfulSum()).uid("sums"));
    },
  },
  {
    name: "canary: a sink that commits at the barrier",
    caughtBy: "exactly once",
    promises: { delivery: "exactlyOnce" },
    workload: LEDGER,
    build(env, ledger) {
      read(env, "events").sinkTo(new EagerSink(ledger)).uid("ledger");
    },
  },
  {
    name: "canary: a committer that repeats itself",
    caughtBy: "exactly once",
    promises: { delivery: "exactlyOnce" },
    workload: LEDGER,
    build(env, ledger) {
      read(env, "events").sinkTo(new RepeatingSink(ledger, ledger.staged)).uid("ledger");
    },
  },
  {
    name: "canary: a source that forgets where it is",
    caughtBy: "at least once",
    promises: { delivery: "atLeastOnce" },
    workload: ONE_INPUT,
    build(env) {
      const events = env.fromSource(
        forgetfulSource(),
        watermarksBy<SwarmEvent>((event) => event.atMs),
        "events",
      );
      write(events.uid("events").map((event) => ({ key: event.key, id: event.id })));
    },
  },
  {
    name: "canary: a job that never gets up again",
    caughtBy: "comes to its end",
    promises: { delivery: "exactlyOnce" },
    workload: ONE_INPUT,
    build(env) {
      write(read(env, "events").keyBy(keyOf).process(new NeverAgain()).uid("never"));
    },
  },
  {
    name: "canary: state that is never taken back",
    caughtBy: "cleans its state",
    promises: { delivery: "exactlyOnce", cleansState: true },
    workload: ONE_INPUT,
    build(env) {
      write(read(env, "events").keyBy(keyOf).process(new Hoarder()).uid("hoarder"));
    },
  },
];
