/** The job of failover cases: sources, a map each, a keyed count, maps, a plain sink and one that commits in two phases. */
import { transform } from "../../../../src/datastream/stream-internals.ts";
import { AbstractStreamOperator } from "../../../../src/flow/abstract-stream-operator.ts";
import type { OneInputStreamOperator } from "../../../../src/flow/operator.ts";
import type { StreamRecord } from "../../../../src/flow/stream-record.ts";
import type { JobProgram } from "../../../../src/graph/stream-graph.ts";
import {
  type CheckpointedFunction,
  type CheckpointListener,
  Configuration,
  type DataStream,
  datastreamProgram,
  type KeyedProcessContext,
  KeyedProcessFunction,
  type MapFunction,
  type RecordCollector,
  RichMapFunction,
  StreamExecutionEnvironment,
  TwoPhaseCommitSinkFunction,
  type ValueState,
  ValueStateDescriptor,
  WatermarkStrategy,
} from "../../../../src/index.ts";
import { ScriptedSource } from "./scripted-source.ts";
import type { CountedRecord, Script, ScriptedRecord } from "./script.ts";

export function scriptedProgram(script: Script): JobProgram {
  return datastreamProgram(() => {
    const { config = {}, mode = "EXACTLY_ONCE", sources } = script.spec;
    const env = StreamExecutionEnvironment.getExecutionEnvironment(Configuration.fromMap({ ...config }));
    env.setParallelism(1);
    if (mode !== "NONE") {
      env.getCheckpointConfig().setMinPauseBetweenCheckpoints(3_600_000);
      env.enableCheckpointing(3_600_000, mode);
    }
    const streams = sources.map(({ id }) => scriptedStream(env, script, id));
    const [first, ...others] = streams;
    const counted = (others.length === 0 ? first : first.union(...others))
      .keyBy((record) => record.key)
      .process(new Count(script))
      .map(new FailingSnapshot(script))
      .map(failingMap(script, "afterCount"));
    counted.addSink((record: CountedRecord) => void script.plain.push(record));
    counted.addSink(new CommittingSink(script));
    counted.map(new NotifiedSink(script)).addSink(() => {});
    env.execute("case");
  });
}

function scriptedStream(env: StreamExecutionEnvironment, script: Script, id: string): DataStream<ScriptedRecord> {
  let gate: BarrierGate | undefined;
  const source = new ScriptedSource(script, id, () => gate as BarrierGate);
  return transform<ScriptedRecord>(env.fromSource(source, WatermarkStrategy.noWatermarks(), id), "Map", () => {
    gate = new BarrierGate(script);
    return gate;
  });
}

/** The map behind a source. It can also keep its task from taking a checkpoint, as the recorded source did by not giving its lock back. */
export class BarrierGate extends AbstractStreamOperator implements OneInputStreamOperator {
  private readonly script: Script;
  holds = false;
  closed = false;

  constructor(script: Script) {
    super();
    this.script = script;
  }

  processElement(record: StreamRecord): void {
    this.script.failIn("sourceMap", (record.value as ScriptedRecord).value);
    this.output.collect(record);
  }

  hold(): void {
    this.holds = true;
    this.context.mailbox.holdInput();
  }

  release(before: () => void): void {
    this.context.mailbox.execute(() => {
      before();
      this.holds = false;
      this.context.mailbox.releaseInput();
    });
  }

  override close(): void {
    super.close();
    this.closed = true;
  }
}

function failingMap(script: Script, place: string): MapFunction<CountedRecord, CountedRecord> {
  return {
    map(record) {
      script.failIn(place, record.value);
      return record;
    },
  };
}

class Count extends KeyedProcessFunction<string, ScriptedRecord, CountedRecord> {
  private readonly script: Script;
  private count!: ValueState<number>;

  constructor(script: Script) {
    super();
    this.script = script;
  }

  override open(): void {
    this.count = this.getRuntimeContext().getState(new ValueStateDescriptor<number>("c"));
    this.script.failIn("open");
  }

  override processElement({ value }: ScriptedRecord, context: KeyedProcessContext<string>, out: RecordCollector<CountedRecord>): void {
    const count = (this.count.value() ?? 0) + 1;
    this.count.update(count);
    out.collect({ key: context.getCurrentKey(), value, count });
  }
}

class FailingSnapshot extends RichMapFunction<CountedRecord, CountedRecord> implements CheckpointedFunction, CheckpointListener {
  private readonly script: Script;

  constructor(script: Script) {
    super();
    this.script = script;
  }

  override map(record: CountedRecord): CountedRecord {
    return record;
  }

  initializeState(): void {}

  snapshotState(): void {
    this.script.failIn("snapshot");
  }

  notifyCheckpointComplete(): void {
    this.script.failIn("notifyCheckpointComplete");
  }
}

interface Transaction {
  readonly number: number;
  readonly records: CountedRecord[];
}

class CommittingSink extends TwoPhaseCommitSinkFunction<CountedRecord, Transaction> {
  private readonly script: Script;

  constructor(script: Script) {
    super();
    this.script = script;
  }

  protected override beginTransaction(): Transaction {
    return { number: this.script.nextTransaction(), records: [] };
  }

  protected override invoke(transaction: Transaction, record: CountedRecord): void {
    transaction.records.push(record);
  }

  protected override preCommit(): void {}

  protected override commit(transaction: Transaction): void {
    this.script.failIn("commit");
    this.recoverAndCommit(transaction);
  }

  protected override recoverAndCommit({ number, records }: Transaction): void {
    this.script.commit(number, records);
  }

  protected override abort(): void {}
}

/** Behind the committing sink in the chain: says when its task has handled the notification. */
class NotifiedSink extends RichMapFunction<CountedRecord, CountedRecord> implements CheckpointListener {
  private readonly script: Script;

  constructor(script: Script) {
    super();
    this.script = script;
  }

  override map(record: CountedRecord): CountedRecord {
    return record;
  }

  notifyCheckpointComplete(): void {
    this.script.sinkNotifications++;
  }
}
