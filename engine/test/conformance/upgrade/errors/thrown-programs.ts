/** Exceptions of the learner's own code, thrown from every place where Flink calls it. */
import {
  KeyedProcessFunction,
  type KeyedProcessContext,
  OutputTag,
  type ProcessContext,
  ProcessFunction,
  RichMapFunction,
  Types,
  WatermarkStrategy,
} from "../../../../src/index.ts";
import { end, type ErrorPrograms, type Pair, source, timedByKey, tumbling } from "./error-program.ts";

class TimerThrows extends KeyedProcessFunction<string, Pair, string> {
  override processElement(_pair: Pair, context: KeyedProcessContext<string>): void {
    context.timerService().registerEventTimeTimer(5);
  }

  override onTimer(): void {
    throw new Error("bad timer");
  }
}

class OpenThrows extends RichMapFunction<Pair, string> {
  override open(): void {
    throw new Error("bad open");
  }

  override map(pair: Pair): string {
    return pair.f0;
  }
}

class CloseThrows extends RichMapFunction<Pair, string> {
  override close(): void {
    throw new Error("bad close");
  }

  override map(pair: Pair): string {
    return pair.f0;
  }
}

const SIDE = new OutputTag("side", Types.STRING);

class OutputsNothing extends ProcessFunction<Pair, string> {
  override processElement(_pair: Pair, context: ProcessContext): void {
    context.output(SIDE, null as never);
  }
}

class OutputsToNothing extends ProcessFunction<Pair, string> {
  override processElement(_pair: Pair, context: ProcessContext): void {
    context.output(null as never, "x");
  }
}

const USER = "JOB_USER_EXCEPTION";

export const thrownPrograms: ErrorPrograms = {
  "open-throws": { build: (env) => end(source(env).map(new OpenThrows())), code: USER },
  "close-throws": { build: (env) => end(source(env).map(new CloseThrows())), code: USER },
  "timer-callback-throws": { build: (env) => end(timedByKey(env).process(new TimerThrows())), code: USER },
  "window-throws": {
    build: (env) =>
      end(
        timedByKey(env)
          .window(tumbling())
          .apply((): void => {
            throw new Error("bad window");
          }),
      ),
    code: USER,
  },
  "timestamp-assigner-throws": {
    build: (env) =>
      end(
        source(env).assignTimestampsAndWatermarks(
          WatermarkStrategy.forMonotonousTimestamps<Pair>().withTimestampAssigner((): number => {
            throw new Error("no time");
          }),
        ),
      ),
    code: USER,
  },
  "partitioner-throws": {
    build: (env) =>
      end(
        source(env)
          .partitionCustom(
            (): number => {
              throw new Error("no partition");
            },
            (pair) => pair.f0,
          )
          .map((pair) => pair.f0)
          .setParallelism(2),
      ),
    code: USER,
  },
  "reduce-returns-null": {
    build: (env) =>
      end(
        source(env)
          .keyBy(() => 1)
          .reduce(() => null as never),
      ),
  },
  "aggregate-without-accumulator": {
    build: (env) =>
      end(
        timedByKey(env)
          .window(tumbling())
          .aggregate({
            createAccumulator: (): number => null as never,
            add: () => 1,
            getResult: (accumulator: number) => accumulator,
            merge: (left: number) => left,
          }),
      ),
  },
  "side-output-null-value": { build: (env) => end(source(env).process(new OutputsNothing()).getSideOutput(SIDE)) },
  "side-output-null-tag": {
    build: (env) => end(source(env).process(new OutputsToNothing())),
    code: "OUTPUT_TAG_MISSING",
    inOurWords: { flink: /OutputTag must not be null/, ours: /needs an OutputTag as its first argument/ },
  },
};
