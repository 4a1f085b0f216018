import { internalsOf } from "./stream-internals.ts";
import { BroadcastProcessFunction, KeyedBroadcastProcessFunction } from "../flow/functions.ts";
import { CoBroadcastWithKeyedOperator } from "../operators/co-broadcast-with-keyed-operator.ts";
import { CoBroadcastWithNonKeyedOperator } from "../operators/co-broadcast-with-non-keyed-operator.ts";
import type { MapStateDescriptor } from "../state/descriptors.ts";
import { type DataStream, SingleOutputStreamOperator } from "./streams.ts";
import { requireFunction } from "./user-functions.ts";
import { Diagnostic } from "../base/diagnostic.ts";
import { currentPosition } from "./graph-builder.ts";

/** The descriptor of any broadcast state. */
export type BroadcastStateDescriptor = MapStateDescriptor<unknown, unknown>;

interface Broadcast {
  readonly stream: object;
  readonly descriptors: readonly BroadcastStateDescriptor[];
}

let broadcastOf: (stream: object) => Broadcast;

/**
 * A stream that every subtask sees whole, with the states that it may fill. Made by `stream.broadcast(descriptor)`.
 * (Flink: docs/dev/datastream/fault-tolerance/broadcast_state)
 */
export class BroadcastStream<T> {
  static {
    broadcastOf = (stream) => (stream as BroadcastStream<unknown>).#broadcast;
  }

  readonly #broadcast: Broadcast;

  /** @internal */
  constructor(stream: DataStream<T>, descriptors: readonly BroadcastStateDescriptor[]) {
    this.#broadcast = { stream, descriptors };
  }
}

/**
 * A stream connected with a broadcast stream. Made by `stream.connect(broadcastStream)`.
 * (Flink: docs/dev/datastream/fault-tolerance/broadcast_state)
 */
export class BroadcastConnectedStream<T1, T2> {
  readonly #data: DataStream<T1>;
  readonly #rules: BroadcastStream<T2>;

  /** @internal */
  constructor(data: DataStream<T1>, rules: BroadcastStream<T2>) {
    this.#data = data;
    this.#rules = rules;
  }

  /** The data side reads the broadcast state, the broadcast side fills it. Behind `keyBy` use a KeyedBroadcastProcessFunction. */
  process<K, R>(processFunction: KeyedBroadcastProcessFunction<K, T1, T2, R>): SingleOutputStreamOperator<R>;
  process<R>(processFunction: BroadcastProcessFunction<T1, T2, R>): SingleOutputStreamOperator<R>;
  process<R>(
    processFunction: KeyedBroadcastProcessFunction<unknown, T1, T2, R> | BroadcastProcessFunction<T1, T2, R>,
  ): SingleOutputStreamOperator<R> {
    requireFunction(processFunction, "process", "processBroadcastElement");
    const data = internalsOf(this.#data);
    const broadcast = broadcastOf(this.#rules);
    const rules = internalsOf(broadcast.stream);
    const keyed = data.keySelector !== undefined;
    if (keyed !== processFunction instanceof KeyedBroadcastProcessFunction) throw wrongKind(keyed, processFunction.constructor.name);
    // The operators take descriptors of any key and value type, which they spell `never`.
    const descriptors = broadcast.descriptors as unknown as readonly MapStateDescriptor<never, never>[];
    const createOperator = () =>
      processFunction instanceof BroadcastProcessFunction
        ? new CoBroadcastWithNonKeyedOperator<T1, T2, R>(processFunction, descriptors)
        : new CoBroadcastWithKeyedOperator<unknown, T1, T2, R>(processFunction, descriptors);
    const node = data.builder.add({
      name: keyed ? "Co-Process-Broadcast-Keyed" : "Co-Process-Broadcast",
      body: { kind: "twoInput", createOperator },
      inputs: [data.origins, rules.origins],
      keySelectors: [data.keySelector, undefined],
      keyTypes: [data.keyType, undefined],
    });
    return new SingleOutputStreamOperator<R>(data.builder, node);
  }
}

function wrongKind(keyed: boolean, functionName: string): Diagnostic {
  const span = currentPosition();
  return new Diagnostic({
    code: keyed ? "JOB_BROADCAST_FUNCTION_NOT_KEYED" : "JOB_KEYED_FUNCTION_WITHOUT_KEY",
    message: keyed
      ? `A BroadcastProcessFunction can only be used on a non-keyed stream; ${functionName} is applied to a keyed one.`
      : `A KeyedBroadcastProcessFunction can only be used on a keyed stream; call keyBy(…) before connect(…) for ${functionName}.`,
    phase: "graph",
    expected: keyed ? "a KeyedBroadcastProcessFunction" : "a BroadcastProcessFunction, or a keyed stream",
    ...(span === undefined ? {} : { span }),
  });
}
