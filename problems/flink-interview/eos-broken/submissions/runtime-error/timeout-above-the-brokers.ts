import {
  CheckpointingMode,
  type Collector,
  DeliveryGuarantee,
  JsonDeserializationSchema,
  JsonSerializationSchema,
  KafkaRecordSerializationSchema,
  KafkaSink,
  KafkaSource,
  type KeyedProcessContext,
  KeyedProcessFunction,
  type OpenContext,
  StreamExecutionEnvironment,
  Types,
  type ValueState,
  ValueStateDescriptor,
  WatermarkStrategy,
} from "flink";
import type { Balance, Payment } from "./given";

/** Adds up what is booked on each account. */
class Balances extends KeyedProcessFunction<string, Payment, Balance> {
  private balance!: ValueState<number>;

  override open(_context: OpenContext) {
    this.balance = this.getRuntimeContext().getState(new ValueStateDescriptor<number>("balance", Types.LONG));
  }

  override processElement({ id, account, cents }: Payment, _context: KeyedProcessContext<string>, out: Collector<Balance>) {
    const balance = (this.balance.value() ?? 0) + cents;
    this.balance.update(balance);
    out.collect({ id, account, balance });
  }
}

const env = StreamExecutionEnvironment.getExecutionEnvironment();
env.enableCheckpointing(30_000, CheckpointingMode.EXACTLY_ONCE);

// First half: payments that are good are booked.
env
  .fromSource(
    KafkaSource.builder<Payment>()
      .setBootstrapServers("kafka:9092")
      .setTopics("payments")
      .setValueOnlyDeserializer(new JsonDeserializationSchema<Payment>())
      .build(),
    WatermarkStrategy.noWatermarks<Payment>(),
    "payments",
  )
  .filter((payment) => payment.cents !== 0)
  .sinkTo(
    KafkaSink.builder<Payment>()
      .setBootstrapServers("kafka:9092")
      .setRecordSerializer(
        KafkaRecordSerializationSchema.builder<Payment>()
          .setTopic("booked")
          .setValueSerializationSchema(new JsonSerializationSchema<Payment>())
          .build(),
      )
      .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
      .setTransactionalIdPrefix("booked-")
      .setProperty("transaction.timeout.ms", "3600000")
      .build(),
  );

// Second half: what is booked is read again and added up.
env
  .fromSource(
    KafkaSource.builder<Payment>()
      .setBootstrapServers("kafka:9092")
      .setTopics("booked")
      .setProperty("isolation.level", "read_committed")
      .setValueOnlyDeserializer(new JsonDeserializationSchema<Payment>())
      .build(),
    WatermarkStrategy.noWatermarks<Payment>(),
    "booked",
  )
  .keyBy((payment) => payment.account)
  .process(new Balances())
  .sinkTo(
    KafkaSink.builder<Balance>()
      .setBootstrapServers("kafka:9092")
      .setRecordSerializer(
        KafkaRecordSerializationSchema.builder<Balance>()
          .setTopic("balances")
          .setValueSerializationSchema(new JsonSerializationSchema<Balance>())
          .build(),
      )
      .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
      .setTransactionalIdPrefix("balances-")
      .setProperty("transaction.timeout.ms", "3600000")
      .build(),
  );

env.execute("eos-broken");
