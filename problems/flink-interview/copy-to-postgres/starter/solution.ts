import { JsonDeserializationSchema, KafkaSource, type PreparedStatement, StreamExecutionEnvironment, WatermarkStrategy } from "flink";
import type { Entry, Payment } from "./given";

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
  // The balance of the account after this payment is missing, and the table stays empty.
  .map((payment): Entry => ({ ...payment, balance: payment.cents }))
  .print();

// What a statement and a connection look like; make a sink of them.
export const statement = "INSERT INTO ledger (id, account, cents, balance) VALUES (?, ?, ?, ?)";
export const url = "jdbc:postgresql://db:5432/bank";
export const binder = bind;

env.execute("ledger");

function bind(statement: PreparedStatement, entry: Entry) {
  statement.setLong(1, entry.id);
  statement.setString(2, entry.account);
  statement.setLong(3, entry.cents);
  statement.setLong(4, entry.balance);
}
