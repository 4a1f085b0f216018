// Orders that were not paid in time, orders that were, and how often each basket was changed before: select and flatSelect.
import {
  CEP,
  Duration,
  json,
  KafkaSink,
  KafkaSource,
  OutputTag,
  Pattern,
  StreamExecutionEnvironment,
  WatermarkStrategy,
} from "../../../../src/index.ts";

export function main(): void {
  // In a program of its own these stand at the top: every subtask then has classes of its own, as here.
  class OrderEvent {
    readonly order: string;
    readonly at: number;

    constructor(order: string, at: number) {
      this.order = order;
      this.at = at;
    }
  }
  class Changed extends OrderEvent {}
  class Placed extends OrderEvent {}
  class Paid extends OrderEvent {}
  const kinds = { changed: Changed, placed: Placed, paid: Paid };

  const env = StreamExecutionEnvironment.getExecutionEnvironment();
  const events = env
    .fromSource(
      KafkaSource.builder<{ kind: keyof typeof kinds; order: string; at: number }>().setTopics("orders").build(),
      WatermarkStrategy.forBoundedOutOfOrderness<{ at: number }>(Duration.ofSeconds(1)).withTimestampAssigner((event) => event.at),
      "orders",
    )
    .map(({ kind, order, at }): OrderEvent => new kinds[kind](order, at))
    .keyBy((event) => event.order);

  const unpaid = Pattern.begin<OrderEvent>("placed").subtype(Placed).notFollowedBy("paid").subtype(Paid).within(Duration.ofSeconds(10));
  CEP.pattern(events, unpaid)
    .select((match) => `${match.get("placed")![0].order} is unpaid`)
    .sinkTo(KafkaSink.builder<string>().setRecordSerializer(json("out")).build());

  const basket = Pattern.begin(
    Pattern.begin<OrderEvent>("changes").subtype(Changed).oneOrMore().greedy().followedBy("placed").subtype(Placed),
  )
    .followedBy("paid")
    .subtype(Paid)
    .within(Duration.ofSeconds(10));
  const abandoned = new OutputTag<string>("abandoned");
  const paid = CEP.pattern(events, basket).flatSelect(
    abandoned,
    (match, timeoutTimestamp, out) => {
      for (const { order } of match.get("placed") ?? []) out.collect(`${order} abandoned at ${timeoutTimestamp}`);
    },
    (match, out: { collect(value: string): void }) => {
      for (const { order } of match.get("paid") ?? []) out.collect(`${order}: ${match.get("changes")!.length} changes`);
    },
  );
  paid.union(paid.getSideOutput(abandoned)).sinkTo(KafkaSink.builder<string>().setRecordSerializer(json("baskets")).build());
  env.execute("orders");
}
