import {
  type Collector,
  DeliveryGuarantee,
  json,
  KafkaSink,
  KafkaSource,
  type KeyedProcessContext,
  KeyedProcessFunction,
  type Sink,
  StreamExecutionEnvironment,
  Types,
  type ValueState,
  ValueStateDescriptor,
  WatermarkStrategy,
} from "flink";

export interface Click {
  readonly user: string;
  readonly at: number;
}

export interface Count {
  readonly user: string;
  readonly at: number;
  readonly count: number;
}

/** A job whose checkpoints are five seconds apart. */
export const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(5000);

export const clicks = env.fromSource(
  KafkaSource.builder<Click>().setTopics("clicks").build(),
  WatermarkStrategy.forMonotonousTimestamps<Click>().withTimestampAssigner((click) => click.at),
  "clicks",
);

export const counts = (): Sink<Count> =>
  KafkaSink.builder<Count>()
    .setRecordSerializer(json("counts"))
    .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
    .setTransactionalIdPrefix("counts")
    .build();

/** The right answer. */
export class RunningCount extends KeyedProcessFunction<string, Click, Count> {
  protected count!: ValueState<number>;

  override open() {
    this.count = this.getRuntimeContext().getState(new ValueStateDescriptor("count", Types.LONG));
  }

  override processElement({ user, at }: Click, _context: KeyedProcessContext<string>, out: Collector<Count>) {
    const count = (this.count.value() ?? 0) + 1;
    this.count.update(count);
    out.collect({ user, at, count });
  }
}

/** The rest of the job that does what is asked: whoever tampers with something must not disturb it. */
export function honestly(counting: RunningCount = new RunningCount()): void {
  clicks
    .keyBy((click) => click.user)
    .process(counting)
    .sinkTo(counts());
  env.execute("running counts");
}

/** A job that does something to each click and counts nothing. */
export function withEach(act: (click: Click) => unknown): void {
  clicks
    .map((click) => {
      act(click);
      return { ...click, count: 0 };
    })
    .sinkTo(counts());
  env.execute("attack");
}

/** What came of something that ought to be impossible: "worked", or the name of the exception. */
export function tried(attempt: () => unknown): string {
  try {
    attempt();
    return "worked";
  } catch (error) {
    return (error as Error).name;
  }
}

/** Prints "survived" when somebody has been here before: another subtask, a job before a crash, another world. */
export function leaveNote(holder: unknown, key: PropertyKey = "note"): void {
  const object = holder as Record<PropertyKey, unknown>;
  if (object[key] === "a note") console.log("survived");
  tried(() => Object.defineProperty(object, key, { value: "a note", configurable: true }));
  tried(() => {
    object[key] = "a note";
  });
}
