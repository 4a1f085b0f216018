import {
  type Collector,
  JdbcExactlyOnceOptions,
  JdbcExecutionOptions,
  JdbcSink,
  JsonDeserializationSchema,
  KafkaSource,
  type KeyedProcessContext,
  KeyedProcessFunction,
  type OpenContext,
  PGXADataSource,
  type PreparedStatement,
  StreamExecutionEnvironment,
  Types,
  type ValueState,
  ValueStateDescriptor,
  WatermarkStrategy,
} from "flink";
import type { Entry, Payment } from "./given";

class Balance extends KeyedProcessFunction<string, Payment, Entry> {
  private balance!: ValueState<number>;

  override open(_context: OpenContext) {
    this.balance = this.getRuntimeContext().getState(new ValueStateDescriptor<number>("balance", Types.LONG));
  }

  override processElement(payment: Payment, _context: KeyedProcessContext<string>, out: Collector<Entry>) {
    const balance = (this.balance.value() ?? 0) + payment.cents;
    this.balance.update(balance);
    out.collect({ ...payment, balance });
  }
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(10_000);

const payments = env.fromSource(
  KafkaSource.builder<Payment>()
    .setBootstrapServers("kafka:9092")
    .setTopics("payments")
    .setValueOnlyDeserializer(new JsonDeserializationSchema<Payment>())
    .build(),
  WatermarkStrategy.noWatermarks<Payment>(),
  "payments",
);

payments
  .keyBy((payment) => payment.account)
  .process(new Balance())
  .sinkTo(
    JdbcSink.builder<Entry>()
      .withQueryStatement("INSERT INTO ledger (id, account, cents, balance) VALUES (?, ?, ?, ?)", bind)
      .withExecutionOptions(JdbcExecutionOptions.builder().withMaxRetries(0).build())
      .buildExactlyOnce(JdbcExactlyOnceOptions.builder().withTransactionPerConnection(true).build(), () => {
        const dataSource = new PGXADataSource();
        dataSource.setUrl("jdbc:postgresql://db:5432/bank");
        return dataSource;
      }),
  );

env.execute("ledger");

function bind(statement: PreparedStatement, entry: Entry) {
  statement.setLong(1, entry.id);
  statement.setString(2, entry.account);
  statement.setLong(3, entry.cents);
  statement.setLong(4, entry.balance);
}
