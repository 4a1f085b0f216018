import {
  type Collector,
  KeyedProcessFunction,
  ListStateDescriptor,
  type OpenContext,
  type ProcessContext,
  ProcessFunction,
  StateTtlConfig,
  Duration,
  Types,
  ValueStateDescriptor,
  Configuration,
} from "../../../../src/index.ts";
import { end, type ErrorPrograms, keyed, type Pair, source, StatefulMap, sum } from "./error-program.ts";

/** A keyed process function of which a case spells out one method. */
abstract class Keyed extends KeyedProcessFunction<string, Pair, string> {
  override processElement(_pair: Pair, _context: unknown, _out: Collector<string>): void {}
}

class SetsTimer extends ProcessFunction<Pair, string> {
  override processElement(_pair: Pair, context: ProcessContext): void {
    context.timerService().registerEventTimeTimer(5);
  }
}

class ReadsInOpen extends Keyed {
  override open(_context: OpenContext): void {
    this.getRuntimeContext().getState(new ValueStateDescriptor<number>("s", Types.INT)).value();
  }
}

class WritesInOpen extends Keyed {
  override open(_context: OpenContext): void {
    this.getRuntimeContext().getState(new ValueStateDescriptor<number>("s", Types.INT)).update(1);
  }
}

class TwoTypes extends Keyed {
  override open(_context: OpenContext): void {
    this.getRuntimeContext().getState(new ValueStateDescriptor<number>("s", Types.INT));
    this.getRuntimeContext().getState(new ValueStateDescriptor<string>("s", Types.STRING));
  }

  override processElement(): void {
    this.getRuntimeContext().getState(new ValueStateDescriptor<string>("s", Types.STRING)).update("x");
  }
}

class TwoKinds extends Keyed {
  override open(_context: OpenContext): void {
    this.getRuntimeContext().getState(new ValueStateDescriptor<number>("s", Types.INT));
    this.getRuntimeContext().getListState(new ListStateDescriptor<number>("s", Types.INT));
  }
}

class AddsNull extends Keyed {
  override processElement(): void {
    this.getRuntimeContext()
      .getListState(new ListStateDescriptor<number>("s", Types.INT))
      .add(null as never);
  }
}

class KeepsSixMebibytes extends KeyedProcessFunction<number, number, number> {
  override processElement(): void {
    const big = this.getRuntimeContext().getState(new ValueStateDescriptor<string>("big", Types.STRING));
    if (big.value() === null) big.update("x".repeat(6 * 1024 * 1024));
  }
}

const NO_KEY = { flink: /No key set\..*outside of a keyed context/, ours: /No key set: keyed state "s" .* outside of a keyed context/ };

export const statePrograms: ErrorPrograms = {
  "keyed-state-without-keyby": { build: (env) => end(source(env).map(new StatefulMap())), code: "KEYED_STATE_WITHOUT_KEY" },
  "timer-without-keyby": { build: (env) => end(source(env).process(new SetsTimer())), code: "TIMER_WITHOUT_KEY" },
  "state-accessed-in-open": {
    build: (env) => end(keyed(env).process(new ReadsInOpen())),
    code: "STATE_WITHOUT_CURRENT_KEY",
    inOurWords: NO_KEY,
  },
  "state-updated-in-open": {
    build: (env) => end(keyed(env).process(new WritesInOpen())),
    code: "STATE_WITHOUT_CURRENT_KEY",
    inOurWords: NO_KEY,
  },
  "two-states-same-name-other-type": { build: (env) => end(keyed(env).process(new TwoTypes())) },
  "two-states-same-name-other-kind": {
    build: (env) => end(keyed(env).process(new TwoKinds())),
    code: "STATE_KIND_CHANGED",
    inOurWords: {
      flink: /HeapValueState cannot be cast to .*ListState/,
      ours: /"s" is a value state here, but was asked for as a list state/,
    },
  },
  "null-into-list-state": { build: (env) => end(keyed(env).process(new AddsNull())), code: "STATE_NULL_ADDED" },
  "null-key": {
    build: (env) =>
      end(
        source(env)
          .keyBy(() => null)
          .reduce(sum),
      ),
    code: "JOB_BAD_KEY",
  },
  "key-selector-throws": {
    build: (env) =>
      end(
        source(env)
          .keyBy((pair) => {
            if (pair.f1 === 2) throw new TypeError("bad record");
            return pair.f0;
          })
          .reduce(sum),
      ),
    code: "JOB_USER_EXCEPTION",
  },
  "key-type-array": {
    build: (env) =>
      end(
        source(env)
          .keyBy((pair) => [pair.f1], Types.PRIMITIVE_ARRAY(Types.INT))
          .map((pair) => pair.f0),
      ),
    code: "JOB_KEY_TYPE",
  },
  "key-type-object-array": {
    build: (env) =>
      end(
        source(env)
          .keyBy((pair) => [pair.f0], Types.OBJECT_ARRAY(Types.STRING))
          .map((pair) => pair.f0),
      ),
    code: "JOB_KEY_TYPE",
    inOurWords: { flink: /BasicArrayTypeInfo<String> cannot be used as key/, ours: /Type String\[\] cannot be used as key/ },
  },
  "ttl-zero": { build: () => StateTtlConfig.newBuilder(Duration.ofMillis(0)).build(), code: "STATE_TTL_PARAMETERS" },
  "checkpoint-jobmanager-storage-too-large": {
    build: (env) => {
      env.configure(
        Configuration.fromMap({
          "execution.checkpointing.storage": "jobmanager",
          "execution.checkpointing.interval": "200 ms",
          "execution.checkpointing.tolerable-failed-checkpoints": "0",
        }),
      );
      end(
        env
          .fromSequence(0, Number.MAX_SAFE_INTEGER)
          .keyBy((value) => value % 2, Types.LONG)
          .process(new KeepsSixMebibytes()),
      );
    },
    code: "JOB_CHECKPOINT_FAILED",
  },
};
