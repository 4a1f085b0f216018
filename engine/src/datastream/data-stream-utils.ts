import { internalsOf, ofType } from "./stream-internals.ts";
import { type KeySelectorLike, toKeySelector } from "../flow/functions.ts";
import { type DataStream, KeyedStream } from "./streams.ts";
import { checkedKeySelector, requireFunction } from "./user-functions.ts";

/** Helpers beside the streams' own methods. (Flink: docs/dev/datastream/experimental) */
export const DataStreamUtils = {
  /**
   * Takes a stream for keyed as it is, without sending records anywhere. Only right when every record is already in the subtask that owns
   * its key, as behind an operator on a keyed stream that keeps key and parallelism; otherwise keyed state of one key is in several places.
   * The operators behind it may be chained to those before. (Flink: docs/dev/datastream/experimental)
   */
  reinterpretAsKeyedStream<T, K>(stream: DataStream<T>, keySelector: KeySelectorLike<T, K>): KeyedStream<T, K> {
    requireFunction(keySelector, "reinterpretAsKeyedStream", "getKey");
    const select = checkedKeySelector(toKeySelector(keySelector)) as (value: T) => K;
    const { builder, origins, knownType } = internalsOf(stream);
    return ofType(new KeyedStream<T, K>(builder, origins, select, undefined, { kind: "forward" }), knownType);
  },
} as const;
