/**
 * Operators of their own behind a stream, for connectors: their topologies are given streams, of which they know no more than a program does.
 * Who can add an operator runs in the middle of the engine, so this is no method of the stream.
 */
import { invariant } from "../base/invariant.ts";
import type { OneInputStreamOperator } from "./operator.ts";

/** Adds an operator behind the stream, and gives the stream behind that. The factory is called once per subtask. */
export type Transform = (name: string, createOperator: () => OneInputStreamOperator) => object;

const transforms = new WeakMap<object, Transform>();

/** Called by whoever makes a stream. */
export function registerTransform(stream: object, transform: Transform): void {
  transforms.set(stream, transform);
}

/** The stream behind an operator that is added. */
export function transformed<S extends object>(stream: S, name: string, createOperator: () => OneInputStreamOperator): S {
  const transform = transforms.get(stream);
  invariant(transform !== undefined, "this is no stream that the engine has made");
  return transform(name, createOperator) as S;
}
