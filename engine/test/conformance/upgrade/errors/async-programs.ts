import { AsyncDataStream, type AsyncFunction, AsyncRetryStrategies, type ResultFuture, TimeUnit } from "../../../../src/index.ts";
import { end, type ErrorPrograms, type Pair, source } from "./error-program.ts";

class Answers implements AsyncFunction<Pair, string> {
  asyncInvoke(pair: Pair, future: ResultFuture<string>): void {
    future.complete([pair.f0]);
  }
}

const oneRetry = () => new AsyncRetryStrategies.FixedDelayRetryStrategyBuilder<string>(1, 10).build();

export const asyncPrograms: ErrorPrograms = {
  "async-zero-capacity": {
    build: (env) => end(AsyncDataStream.orderedWait(source(env), new Answers(), 100, TimeUnit.MILLISECONDS, 0)),
    code: "ASYNC_BAD_CAPACITY",
  },
  "async-retry-zero-timeout": {
    build: (env) => end(AsyncDataStream.orderedWaitWithRetry(source(env), new Answers(), 0, TimeUnit.MILLISECONDS, 10, oneRetry())),
    code: "ASYNC_RETRY_WITHOUT_TIMEOUT",
  },
};
