/**
 * What the engine's own connectors get beside the context that every source or sink is given: the systems outside the cluster, above all.
 *
 * Programs write sources and sinks too, and are given the same contexts; in the judge they must not get at the log broker or the databases of
 * the world but through a connector. So this is no part of the context: it is granted to the object, and only who imports this module can ask for it.
 */
import { Diagnostic } from "../base/diagnostic.ts";
import type { CheckpointStepReporter } from "./checkpoint-step.ts";
import type { OutsideWorld } from "./operator.ts";

export interface EngineAccess {
  /** Systems outside the cluster. */
  readonly outside: OutsideWorld;
  /** Id of the sink's operator, for recordings; absent outside a job. */
  readonly operatorId?: string;
  /** Where sinks report the steps of their transactions; absent when nobody waits for any. */
  readonly steps?: CheckpointStepReporter;
  /**
   * The task waits for an answer and stands still until it has come. Call what is given back with what is to be done then; it may be called at any
   * time. Whoever waits in `flush` is asked to flush again. Absent outside a job.
   */
  waitForAnswer?(): (withAnswer: () => void) => void;
}

const accesses = new WeakMap<object, EngineAccess>();

/** Grants the connector that will be given this context what it needs. Returns the context. */
export function granting<C extends object>(context: C, access: EngineAccess): C {
  accesses.set(context, access);
  return context;
}

/** @throws Diagnostic CONNECTOR_CONTEXT when the context is none that the engine has handed out. */
export function accessOf(context: object): EngineAccess {
  const access = accesses.get(context);
  if (access !== undefined) return access;
  throw new Diagnostic({
    code: "CONNECTOR_CONTEXT",
    message: "A connector was given a context that is not the engine's.",
    phase: "runtime",
    found: "an object that the program has made",
    expected: "the very object that createReader, createEnumerator, createWriter or createCommitter was called with",
    hint: "A source or sink around another one has to hand its context on, not a copy of it.",
  });
}

/** Systems outside the cluster, for whoever was given this context. */
export function outsideOf(context: object): OutsideWorld {
  return accessOf(context).outside;
}

/** Whose write it is, for recordings. */
export interface OriginOfWrites {
  readonly operatorId: string | undefined;
  readonly subtaskIndex: number;
}

/** The sink that was given this context. */
export function originOf(context: { readonly subtaskIndex: number }): OriginOfWrites {
  return { operatorId: accessOf(context).operatorId, subtaskIndex: context.subtaskIndex };
}
