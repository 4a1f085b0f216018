/**
 * What the engine knows of a stream. Programs hold streams, and must not get at the graph through them: who can add an operator of its own, or change what a node does, runs
 * in the middle of the engine. So it is kept beside the streams, for those who import this module.
 */
import { invariant } from "../base/invariant.ts";
import type { KeySelector, OneInputStreamOperator, TwoInputStreamOperator } from "../flow/operator.ts";
import { registerTransform } from "../flow/stream-transforms.ts";
import type { WatermarkStrategy } from "../operators/watermarks/watermark-strategy.ts";
import { GraphBuilder, type StreamOrigin } from "./graph-builder.ts";
import { SingleOutputStreamOperator } from "./streams.ts";
import { checkConnectedKeys } from "./type-checks.ts";
import type { TypeInformation } from "./type-information.ts";

export interface StreamInternals {
  readonly builder: GraphBuilder;
  /** Where the records come from. */
  readonly origins: readonly StreamOrigin[];
  /** On keyed streams every operator may keep state per key (Flink: `KeyedStream.doTransform`). */
  readonly keySelector: KeySelector | undefined;
  /** The type of that key, where the program has said it. */
  readonly keyType: TypeInformation<unknown> | undefined;
  /** The elements' type where the program has said it or its first value shows it. */
  knownType: TypeInformation<unknown> | undefined;
}

const internals = new WeakMap<object, StreamInternals>();

/** Called once for each stream, when it is made. */
export function registerStream(stream: object, own: StreamInternals): void {
  // Constructors can be called by programs too, with whatever they like.
  invariant(own.builder instanceof GraphBuilder, "streams are made by streams and environments");
  internals.set(stream, own);
  registerTransform(stream, (name, createOperator) => transform(stream, name, createOperator));
}

/** undefined for what is no stream. */
export function findInternals(stream: unknown): StreamInternals | undefined {
  return typeof stream === "object" && stream !== null ? internals.get(stream) : undefined;
}

export function internalsOf(stream: object): StreamInternals {
  const own = internals.get(stream);
  invariant(own !== undefined, "this is no stream that the engine has made");
  return own;
}

/** Says what is known of the elements' type. */
export function ofType<S extends object>(stream: S, type: TypeInformation<unknown> | undefined): S {
  internalsOf(stream).knownType = type;
  return stream;
}

/** Adds an operator behind a stream. The factory is called once per subtask. */
export function transform<R>(
  stream: object,
  name: string,
  createOperator: () => OneInputStreamOperator,
  { watermarks, ...options }: { readonly fixedParallelism?: number; readonly watermarks?: WatermarkStrategy<never> } = {},
): SingleOutputStreamOperator<R> {
  const { builder, origins, keySelector, keyType } = internalsOf(stream);
  const node = builder.add({
    name,
    body: { kind: "oneInput", createOperator, watermarks },
    inputs: [origins],
    keySelectors: [keySelector],
    keyTypes: [keyType],
    ...options,
  });
  return new SingleOutputStreamOperator<R>(builder, node);
}

/** Adds an operator that reads two streams. The factory is called once per subtask. */
export function transformBoth<R>(
  first: object,
  second: object,
  name: string,
  createOperator: () => TwoInputStreamOperator,
): SingleOutputStreamOperator<R> {
  const [one, two] = [internalsOf(first), internalsOf(second)];
  checkConnectedKeys(one.keyType, two.keyType);
  const node = one.builder.add({
    name,
    body: { kind: "twoInput", createOperator },
    inputs: [one.origins, two.origins],
    // One keyed input is enough for keyed state; records of the other find the key of the last keyed record (or timer), as in Flink.
    keySelectors: [one.keySelector, two.keySelector],
    keyTypes: [one.keyType, two.keyType],
  });
  return new SingleOutputStreamOperator<R>(one.builder, node);
}
