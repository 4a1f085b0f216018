// Orders from a topic into a table, each once: one XA transaction per checkpoint.
import {
  CheckpointingMode,
  Duration,
  JdbcExactlyOnceOptions,
  JdbcExecutionOptions,
  JdbcSink,
  KafkaSource,
  PGXADataSource,
  StreamExecutionEnvironment,
  WatermarkStrategy,
} from "flink";

interface Order {
  readonly id: number;
  readonly customer: string;
  readonly cents: number;
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(Duration.ofSeconds(10), CheckpointingMode.EXACTLY_ONCE);

const orders = KafkaSource.builder<Order>().setBootstrapServers("kafka:9092").setTopics("orders").setGroupId("to-postgres").build();

const sink = JdbcSink.builder<Order>()
  .withQueryStatement("INSERT INTO orders (id, customer, cents) VALUES (?, ?, ?)", (statement, order) => {
    statement.setLong(1, order.id);
    statement.setString(2, order.customer);
    statement.setInt(3, order.cents);
  })
  .withExecutionOptions(JdbcExecutionOptions.builder().withBatchSize(100).withMaxRetries(0).build())
  .buildExactlyOnce(JdbcExactlyOnceOptions.builder().withTransactionPerConnection(true).build(), () => {
    const dataSource = new PGXADataSource();
    dataSource.setUrl("jdbc:postgresql://db:5432/shop");
    dataSource.setUser("flink");
    dataSource.setPassword("secret");
    return dataSource;
  });

env
  .fromSource(orders, WatermarkStrategy.noWatermarks<Order>(), "orders")
  .uid("orders")
  .filter((order) => order.cents > 0)
  .sinkTo(sink)
  .uid("postgres");

env.execute("orders to postgres");
