// S5.6: 24 h de-duplication with keyed state, TTL and a timer.
import {
  type Collector,
  type Configuration,
  Duration,
  EmbeddedRocksDBStateBackend,
  KafkaSource,
  KeyedProcessFunction,
  type KeyedOnTimerContext,
  type KeyedProcessContext,
  StateTtlConfig,
  StreamExecutionEnvironment,
  Types,
  type ValueState,
  ValueStateDescriptor,
  WatermarkStrategy,
} from "flink";

class Event {
  eventId = "";
  ts = 0;
}

class Dedup extends KeyedProcessFunction<string, Event, Event> {
  private seen!: ValueState<boolean>;

  override open(_parameters: Configuration): void {
    const descriptor = new ValueStateDescriptor<boolean>("seen", Types.BOOLEAN);
    descriptor.enableTimeToLive(
      StateTtlConfig.newBuilder(Duration.ofHours(24))
        .setUpdateType(StateTtlConfig.UpdateType.OnCreateAndWrite)
        .setStateVisibility(StateTtlConfig.StateVisibility.NeverReturnExpired)
        .build(),
    );
    this.seen = this.getRuntimeContext().getState(descriptor);
  }

  processElement(event: Event, ctx: KeyedProcessContext<string>, out: Collector<Event>): void {
    if (this.seen.value() !== null) return;
    this.seen.update(true);
    ctx.timerService().registerEventTimeTimer((ctx.timestamp() ?? 0) + 86_400_000);
    out.collect(event);
  }

  override onTimer(_timestamp: number, _ctx: KeyedOnTimerContext<string>, _out: Collector<Event>): void {
    this.seen.clear();
  }
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.setStateBackend(new EmbeddedRocksDBStateBackend(true));
env
  .fromSource(KafkaSource.builder<Event>().setTopics("events").build(), WatermarkStrategy.noWatermarks(), "events")
  .keyBy((event) => event.eventId)
  .process(new Dedup())
  .name("dedup")
  .uid("dedup")
  .print();
env.execute();
