import {
  BroadcastProcessFunction,
  CoProcessFunction,
  Duration,
  KeyedBroadcastProcessFunction,
  type KeyedReadOnlyBroadcastContext,
  MapStateDescriptor,
  type OpenContext,
  ProcessJoinFunction,
  Types,
  ValueStateDescriptor,
} from "../../../../src/index.ts";
import { type Env, end, type ErrorPrograms, keyed, type Pair, source, timedByKey, tumbling } from "./error-program.ts";

const ms = (millis: number) => Duration.ofMillis(millis);
const RULES = new MapStateDescriptor<string, string>("rules", Types.STRING, Types.STRING);
const rules = (env: Env) => source(env).broadcast(RULES);

class Broadcast extends BroadcastProcessFunction<Pair, Pair, string> {
  override processElement(): void {}
  override processBroadcastElement(): void {}
}

class KeyedBroadcast extends KeyedBroadcastProcessFunction<string, Pair, Pair, string> {
  override processElement(_pair: Pair, _context: KeyedReadOnlyBroadcastContext<string>): void {}
  override processBroadcastElement(): void {}
}

class AsksForOther extends KeyedBroadcast {
  override processElement(_pair: Pair, context: KeyedReadOnlyBroadcastContext<string>): void {
    context.getBroadcastState(new MapStateDescriptor<string, string>("other", Types.STRING, Types.STRING));
  }
}

/** Gets keyed state that happens to have the broadcast state's name. */
class AsksInOpen extends KeyedBroadcast {
  override open(_context: OpenContext): void {
    this.getRuntimeContext().getMapState(RULES);
  }
}

class UpdatesKeyedState extends KeyedBroadcast {
  override processBroadcastElement(): void {
    this.getRuntimeContext().getState(new ValueStateDescriptor<number>("s", Types.INT)).update(1);
  }
}

class Both extends CoProcessFunction<Pair, Pair, string> {
  override processElement1(): void {}
  override processElement2(): void {}
}

class StatefulBoth extends Both {
  override open(_context: OpenContext): void {
    this.getRuntimeContext().getState(new ValueStateDescriptor<number>("s", Types.INT));
  }
}

class Joined extends ProcessJoinFunction<Pair, Pair, string> {
  override processElement(): void {}
}

export const twoInputPrograms: ErrorPrograms = {
  "broadcast-state-undeclared": {
    build: (env) => end(keyed(env).connect(rules(env)).process(new AsksForOther())),
    code: "BROADCAST_STATE_UNKNOWN",
  },
  "broadcast-keyed-stream-with-unkeyed-function": {
    build: (env) => end(keyed(env).connect(rules(env)).process(new Broadcast())),
    code: "JOB_BROADCAST_FUNCTION_NOT_KEYED",
  },
  "broadcast-unkeyed-stream-with-keyed-function": {
    build: (env) => end(source(env).connect(rules(env)).process(new KeyedBroadcast())),
    code: "JOB_KEYED_FUNCTION_WITHOUT_KEY",
  },
  "broadcast-keyed-state-on-broadcast-side": { build: (env) => end(keyed(env).connect(rules(env)).process(new UpdatesKeyedState())) },
  "broadcast-same-descriptor-twice": {
    build: (env) => end(keyed(env).connect(source(env).broadcast(RULES, RULES)).process(new KeyedBroadcast())),
  },
  "broadcast-state-in-open": { build: (env) => end(keyed(env).connect(rules(env)).process(new AsksInOpen())) },
  "connect-one-keyed-state": { build: (env) => end(keyed(env).connect(source(env)).process(new StatefulBoth())) },
  "connect-different-key-types": {
    build: (env) => {
      const byNumber = source(env).keyBy((pair) => pair.f1, Types.INT);
      end(keyed(env).connect(byNumber).process(new Both()));
    },
    code: "JOB_KEY_TYPES_DIFFER",
  },
  "event-window-late-assigner-missing-join": {
    build: (env) =>
      end(
        source(env)
          .join(source(env))
          .where((pair) => pair.f0)
          .equalTo((pair) => pair.f0)
          .window(tumbling())
          .apply((left, right) => left.f0 + right.f0),
      ),
    code: "RECORD_WITHOUT_TIMESTAMP",
  },
  "interval-join-without-timestamps": {
    build: (env) => end(keyed(env).intervalJoin(keyed(env)).between(ms(-1), ms(1)).process(new Joined())),
    code: "JOIN_WITHOUT_TIMESTAMP",
  },
  "interval-join-bounds-reversed": {
    build: (env) => end(timedByKey(env).intervalJoin(timedByKey(env)).between(ms(5), ms(1)).process(new Joined())),
    code: "JOIN_BOUNDS_REVERSED",
  },
  "interval-join-processing-time": {
    build: (env) => end(keyed(env).intervalJoin(keyed(env)).inProcessingTime().between(ms(-1), ms(1)).process(new Joined())),
    code: "JOIN_PROCESSING_TIME",
  },
};
