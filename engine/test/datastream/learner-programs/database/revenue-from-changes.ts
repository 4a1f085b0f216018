// S7.8: revenue per customer, from the changes of a table, without a log between. Updates take back what they replace.
import {
  type Collector,
  type DebeziumDeserializationSchema,
  Duration,
  JdbcConnectionOptions,
  JdbcExecutionOptions,
  JdbcSink,
  KeyedProcessFunction,
  type KeyedProcessContext,
  type OpenContext,
  PostgresSourceBuilder,
  type RecordCollector,
  type SourceRecord,
  StartupOptions,
  StreamExecutionEnvironment,
  type ValueState,
  ValueStateDescriptor,
  WatermarkStrategy,
} from "flink";

interface Order {
  readonly id: number;
  readonly customer: string;
  readonly cents: number;
}

interface Difference {
  readonly customer: string;
  readonly cents: number;
}

/** Both rows of a change: what was there counts down, what is there now counts up. The table has REPLICA IDENTITY FULL. */
class Differences implements DebeziumDeserializationSchema<Difference, Order> {
  deserialize(record: SourceRecord<Order>, out: RecordCollector<Difference>) {
    const { before, after } = record.value;
    if (before !== null) out.collect({ customer: before.customer, cents: -before.cents });
    if (after !== null) out.collect({ customer: after.customer, cents: after.cents });
  }
}

class Revenue extends KeyedProcessFunction<string, Difference, Difference> {
  private sum!: ValueState<number>;

  override open(_context: OpenContext) {
    this.sum = this.getRuntimeContext().getState(new ValueStateDescriptor<number>("sum"));
  }

  processElement({ customer, cents }: Difference, _context: KeyedProcessContext<string>, out: Collector<Difference>) {
    const sum = (this.sum.value() ?? 0) + cents;
    this.sum.update(sum);
    out.collect({ customer, cents: sum });
  }
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(Duration.ofSeconds(1));

const changes = PostgresSourceBuilder.PostgresIncrementalSource.builder<Difference>()
  .hostname("db")
  .port(5432)
  .database("shop")
  .schemaList("public")
  .tableList("public.orders")
  .username("flink")
  .password("secret")
  .slotName("revenue")
  .decodingPluginName("pgoutput")
  .startupOptions(StartupOptions.initial())
  .splitSize(4)
  .debeziumProperties({ "poll.interval.ms": "100" })
  .deserializer(new Differences())
  .build();

env
  .fromSource(changes, WatermarkStrategy.noWatermarks<Difference>(), "orders")
  .keyBy((difference) => difference.customer)
  .process(new Revenue())
  .sinkTo(
    JdbcSink.builder<Difference>()
      .withQueryStatement(
        "INSERT INTO revenue (customer, cents) VALUES (?, ?) ON CONFLICT (customer) DO UPDATE SET cents = EXCLUDED.cents",
        (statement, revenue) => {
          statement.setString(1, revenue.customer);
          statement.setLong(2, revenue.cents);
        },
      )
      .withExecutionOptions(JdbcExecutionOptions.builder().withBatchIntervalMs(200).withMaxRetries(5).build())
      .buildAtLeastOnce(
        new JdbcConnectionOptions.JdbcConnectionOptionsBuilder()
          .withUrl("jdbc:postgresql://db:5432/warehouse")
          .withDriverName("org.postgresql.Driver")
          .withUsername("flink")
          .withPassword("secret")
          .build(),
      ),
  );

env.execute("revenue");
