import {
  CoProcessFunction,
  type Collector,
  KeyedCoProcessFunction,
  KeyedProcessFunction,
  ListStateDescriptor,
  MapStateDescriptor,
  type ProcessContext,
  ProcessFunction,
  ReducingStateDescriptor,
  RichReduceFunction,
  Types,
  ValueStateDescriptor,
} from "../../../../src/index.ts";
import { end, type ErrorPrograms, keyed, type Pair, source, sum, timedByKey } from "./error-program.ts";

const s = () => new ValueStateDescriptor<number>("s", Types.INT);

class PlainWithState extends ProcessFunction<Pair, string> {
  override processElement(): void {
    this.getRuntimeContext().getState(s()).update(1);
  }
}

class PlainWithTimer extends ProcessFunction<Pair, string> {
  override processElement(_pair: Pair, context: ProcessContext): void {
    context.timerService().registerEventTimeTimer(5);
  }
}

class PlainDeletesTimer extends ProcessFunction<Pair, string> {
  override processElement(_pair: Pair, context: ProcessContext): void {
    context.timerService().deleteProcessingTimeTimer(5);
  }
}

abstract class Both extends CoProcessFunction<Pair, Pair, string> {
  override processElement1(_pair: Pair, _context: ProcessContext): void {}
  override processElement2(): void {}
}

class TimerOnFirst extends Both {
  override processElement1(_pair: Pair, context: ProcessContext): void {
    context.timerService().registerEventTimeTimer(5);
  }
}

class StateOnFirst extends Both {
  override processElement1(): void {
    this.getRuntimeContext().getState(s()).update(1);
  }
}

class StateOnSecond extends Both {
  override processElement2(): void {
    this.getRuntimeContext().getState(s()).update(1);
  }
}

class KeyedBoth extends KeyedCoProcessFunction<string, Pair, Pair, string> {
  override processElement1(): void {}
  override processElement2(): void {}
}

/** A keyed process function that does one thing with its state. */
class Doing extends KeyedProcessFunction<string, Pair, string> {
  private readonly act: (context: ReturnType<KeyedProcessFunction<string, Pair, string>["getRuntimeContext"]>) => void;

  constructor(act: (context: ReturnType<KeyedProcessFunction<string, Pair, string>["getRuntimeContext"]>) => void) {
    super();
    this.act = act;
  }

  override processElement(_pair: Pair, _context: unknown, _out: Collector<string>): void {
    this.act(this.getRuntimeContext());
  }
}

class StateInConstructor extends KeyedProcessFunction<string, Pair, string> {
  readonly state = this.getRuntimeContext().getState(s());
  override processElement(): void {}
}

let calls = 0;
/** Stands for chance, but gives the same keys in every run of the tests. */
function chance(): number {
  calls++;
  return (calls * 7919) % 1_000_000;
}

class TimerBeforeAllTime extends KeyedProcessFunction<string, Pair, string> {
  override processElement(_pair: Pair, context: ProcessContext): void {
    context.timerService().registerEventTimeTimer(-1);
  }
}

class RichFirst extends RichReduceFunction<Pair> {
  override reduce(left: Pair): Pair {
    return left;
  }
}

const nothing = null as never;
const list = () => new ListStateDescriptor<number>("s", Types.INT);
const map = () => new MapStateDescriptor<string, number>("s", Types.STRING, Types.INT);

export const keyPrograms: ErrorPrograms = {
  "plain-process-function-keyed-state": { build: (env) => end(keyed(env).process(new PlainWithState())) },
  "plain-process-function-keyed-timer": { build: (env) => end(keyed(env).process(new PlainWithTimer())), code: "TIMER_WITHOUT_KEY" },
  "delete-timer-without-keyby": { build: (env) => end(source(env).process(new PlainDeletesTimer())), code: "TIMER_WITHOUT_KEY" },
  "co-process-keyed-timer": { build: (env) => end(keyed(env).connect(keyed(env)).process(new TimerOnFirst())) },
  "co-process-half-keyed-timer": {
    build: (env) => end(keyed(env).connect(source(env)).process(new TimerOnFirst())),
    code: "TIMER_WITHOUT_KEY",
  },
  "co-process-half-keyed-state-on-keyed-side": { build: (env) => end(keyed(env).connect(source(env)).process(new StateOnFirst())) },
  "co-process-half-keyed-state-on-second-side": { build: (env) => end(source(env).connect(keyed(env)).process(new StateOnSecond())) },
  "keyed-co-process-on-unkeyed": {
    build: (env) => end(source(env).connect(source(env)).process(new KeyedBoth())),
    code: "JOB_KEYED_FUNCTION_WITHOUT_KEY",
  },
  "state-in-constructor": {
    build: (env) => end(keyed(env).process(new StateInConstructor())),
    code: "FUNCTION_NOT_OPEN",
  },
  "random-key": {
    build: (env) => {
      calls = 0;
      end(source(env).rebalance().keyBy(chance).reduce(sum).setParallelism(4));
    },
    code: "KEY_GROUP_NOT_OWNED",
    inOurWords: {
      flink: /Key group \d+ is not in KeyGroupRange.*non-deterministic shuffle key/,
      ours: /key group \d+ is not in KeyGroupRange\{startKeyGroup=\d+, endKeyGroup=\d+\}.*non-deterministic shuffle key/,
    },
  },
  "random-key-parallelism-1": {
    build: (env) => end(source(env).keyBy(chance).reduce(sum)),
  },
  "null-into-reducing-state": {
    build: (env) =>
      end(keyed(env).process(new Doing((c) => c.getReducingState(new ReducingStateDescriptor<number>("s", Math.max)).add(nothing)))),
  },
  "null-in-list-add-all": {
    build: (env) => end(keyed(env).process(new Doing((c) => c.getListState(list()).addAll([1, nothing])))),
    code: "STATE_NULL_ADDED",
  },
  "null-list-add-all": {
    build: (env) => end(keyed(env).process(new Doing((c) => c.getListState(list()).addAll(nothing)))),
    code: "STATE_NULL_ADDED",
  },
  "null-list-update": {
    build: (env) => end(keyed(env).process(new Doing((c) => c.getListState(list()).update(nothing)))),
    code: "STATE_NULL_ADDED",
  },
  "null-map-put-all": {
    build: (env) => end(keyed(env).process(new Doing((c) => c.getMapState(map()).putAll(nothing)))),
    code: "STATE_NULL_ADDED",
    inOurWords: { flink: /"m" is null/, ours: /Map of values to add cannot be null/ },
  },
  "null-map-key": { build: (env) => end(keyed(env).process(new Doing((c) => c.getMapState(map()).put(nothing, 1)))) },
  "null-value-update": { build: (env) => end(keyed(env).process(new Doing((c) => c.getState(s()).update(nothing)))) },
  "timer-negative": { build: (env) => end(timedByKey(env).process(new TimerBeforeAllTime())) },
  "rich-reduce-keyed": { build: (env) => end(keyed(env).reduce(new RichFirst())) },
  "state-descriptor-null-name": {
    build: () => new ValueStateDescriptor<number>(nothing, Types.INT),
    code: "STATE_NAME_MISSING",
    inOurWords: { flink: /name must not be null/, ours: /state descriptor needs a name/ },
  },
};
