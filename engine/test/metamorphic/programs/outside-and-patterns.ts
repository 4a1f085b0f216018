import {
  AsyncDataStream,
  CEP,
  type Collector,
  Duration,
  type ExternalService,
  Pattern,
  type PatternProcessContext,
  PatternProcessFunction,
  type ResultFuture,
  RichAsyncFunction,
  SimpleCondition,
} from "../../../src/index.ts";
import type { Event } from "../event.ts";
import { type MetamorphicProgram, read, write } from "../program.ts";

interface Row {
  readonly key: string;
  readonly [field: string]: unknown;
}

class Lookup extends RichAsyncFunction<Event, Row> {
  private profiles!: ExternalService<{ country: string }>;

  override open(): void {
    this.profiles = this.getRuntimeContext().getExternalService<{ country: string }>("profiles");
  }

  override asyncInvoke(event: Event, result: ResultFuture<Row>): void {
    this.profiles.request(event.key, (error, profile) => {
      if (error !== null) result.completeExceptionally(error);
      else result.complete([{ key: event.key, id: event.id, country: profile?.country ?? "unknown" }]);
    });
  }
}

class Rises extends PatternProcessFunction<Event, Row> {
  override processMatch(match: ReadonlyMap<string, readonly Event[]>, _ctx: PatternProcessContext, out: Collector<Row>): void {
    const [low] = match.get("low") ?? [];
    const [high] = match.get("high") ?? [];
    out.collect({ key: low.key, low: low.id, high: high.id });
  }
}

export const OUTSIDE_PROGRAMS: readonly MetamorphicProgram[] = [
  {
    name: "async lookups in order",
    build(env) {
      write(AsyncDataStream.orderedWait(read(env, "events"), new Lookup(), Duration.ofSeconds(30), 5));
    },
  },
  {
    name: "async lookups as they come",
    orderedPerKey: false,
    build(env) {
      write(AsyncDataStream.unorderedWait(read(env, "events"), new Lookup(), Duration.ofSeconds(30), 5));
    },
  },
  {
    name: "a pattern over keyed events",
    orderedPerKey: false,
    build(env) {
      const pattern = Pattern.begin<Event>("low")
        .where(SimpleCondition.of((event: Event) => event.amount < 4))
        .followedBy("high")
        .where(SimpleCondition.of((event: Event) => event.amount > 6))
        .within(Duration.ofSeconds(8));
      write(
        CEP.pattern(
          read(env, "events").keyBy((event) => event.key),
          pattern,
        ).process(new Rises()),
      );
    },
  },
];
