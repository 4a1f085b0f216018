// Enrich clicks from an outside service, many requests at a time, with retries and a substitute when it takes too long.
import {
  AsyncDataStream,
  AsyncRetryStrategies,
  type ExternalService,
  KafkaSource,
  type ResultFuture,
  RetryPredicates,
  RichAsyncFunction,
  StreamExecutionEnvironment,
  TimeUnit,
  WatermarkStrategy,
} from "flink";

interface Click {
  readonly user: string;
}

interface Profile {
  readonly country: string;
}

interface CountryClick {
  readonly user: string;
  readonly country: string;
}

class ProfileLookup extends RichAsyncFunction<Click, CountryClick> {
  private profiles!: ExternalService<Profile>;

  override open(): void {
    this.profiles = this.getRuntimeContext().getExternalService<Profile>("profiles");
  }

  override asyncInvoke(click: Click, resultFuture: ResultFuture<CountryClick>): void {
    this.profiles.request(click.user, (error, profile) => {
      if (error !== null) resultFuture.completeExceptionally(error);
      else resultFuture.complete(profile === null ? [] : [{ user: click.user, country: profile.country }]);
    });
  }

  override timeout(click: Click, resultFuture: ResultFuture<CountryClick>): void {
    resultFuture.complete([{ user: click.user, country: "unknown" }]);
  }
}

const retries = new AsyncRetryStrategies.FixedDelayRetryStrategyBuilder<CountryClick>(3, 100)
  .ifResult(RetryPredicates.EMPTY_RESULT_PREDICATE)
  .ifException(RetryPredicates.HAS_EXCEPTION_PREDICATE)
  .build();

const env = StreamExecutionEnvironment.getExecutionEnvironment();
const clicks = env.fromSource(KafkaSource.builder<Click>().setTopics("clicks").build(), WatermarkStrategy.noWatermarks(), "clicks");

AsyncDataStream.unorderedWaitWithRetry(clicks, new ProfileLookup(), 1000, TimeUnit.MILLISECONDS, 100, retries)
  .keyBy((click) => click.country)
  .print();
AsyncDataStream.orderedWait(clicks, (click, out: ResultFuture<string>) => out.complete([click.user.toUpperCase()]), 0).print();
env.execute();
