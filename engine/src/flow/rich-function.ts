import { Diagnostic } from "../base/diagnostic.ts";
import type { OperatorStateStore, KeyedStateStore, RuntimeContext } from "./runtime-context.ts";

/**
 * Passed to `open`; Flink 1.x passed a `Configuration` there, which nothing in it was used for.
 * (Flink: docs/dev/datastream/user_defined_functions)
 */
export interface OpenContext {
  /** 0 for the first attempt, one more after each restart. */
  readonly attemptNumber: number;
}

/**
 * A function with a life: `open` before the first record, `close` after the last (or a failure).
 * (Flink: docs/dev/datastream/user_defined_functions)
 */
export interface RichFunction {
  /** Called once per subtask and attempt before the first record: the place to get state and to set up what is used per record. */
  open(openContext: OpenContext): void;
  /** Called once after the last record, and after a failure: the place to let go of what `open` took. */
  close(): void;
  /** State, metrics, and which subtask this is. */
  getRuntimeContext(): RuntimeContext;
  /** Called by the operator, before `open`. */
  setRuntimeContext(context: RuntimeContext): void;
}

/**
 * Base of all rich functions. State is obtained in `open`, never in the constructor or a field initialiser.
 * (Flink: docs/dev/datastream/user_defined_functions)
 */
export abstract class AbstractRichFunction implements RichFunction {
  #runtimeContext: RuntimeContext | undefined;

  open(_openContext: OpenContext): void {}

  close(): void {}

  /**
   * State, metrics, and which subtask this is.
   *
   * @throws Diagnostic FUNCTION_NOT_OPEN before `open`.
   */
  getRuntimeContext(): RuntimeContext {
    if (this.#runtimeContext === undefined) {
      throw new Diagnostic({
        code: "FUNCTION_NOT_OPEN",
        message: `The runtime context has not been initialized: ${this.constructor.name} asked for it before open() was called.`,
        phase: "runtime",
        expected: "getRuntimeContext() in open(), or in a method that is called per record",
        hint: "Move the call out of the constructor or field initialiser into open().",
      });
    }
    return this.#runtimeContext;
  }

  /** Called by the operator. */
  setRuntimeContext(context: RuntimeContext): void {
    this.#runtimeContext = context;
  }
}

/** For functions that keep operator state (Flink: `CheckpointedFunction`). (Flink: docs/dev/datastream/fault-tolerance/state) */
export interface CheckpointedFunction {
  /** Write what shall survive into the states obtained in `initializeState`. */
  snapshotState(context: FunctionSnapshotContext): void;
  /** Called before `open`, on a fresh start and after a restore alike: get the states here, and read them when `isRestored()`. */
  initializeState(context: FunctionInitializationContext): void;
}

/** Which checkpoint a function takes part in. (Flink: docs/dev/datastream/fault-tolerance/state) */
export interface FunctionSnapshotContext {
  /** Number of the checkpoint, rising. */
  getCheckpointId(): number;
  /** When it was triggered: processing time in epoch ms. */
  getCheckpointTimestamp(): number;
}

/**
 * Where a checkpointed function gets its states, and whether there is something in them.
 * (Flink: docs/dev/datastream/fault-tolerance/state)
 */
export interface FunctionInitializationContext {
  /** True when there is a checkpoint or savepoint to take over from. */
  isRestored(): boolean;
  /** null on a fresh start. */
  getRestoredCheckpointId(): number | null;
  /** State of this operator instance: lists and broadcast state. */
  getOperatorStateStore(): OperatorStateStore;
  /** State per key; only on keyed streams. */
  getKeyedStateStore(): KeyedStateStore;
}

/** For functions that act when a checkpoint has become complete everywhere. (Flink: docs/dev/datastream/fault-tolerance/checkpointing) */
export interface CheckpointListener {
  /** Called when a checkpoint is complete everywhere; best effort, so a later one stands for those before. */
  notifyCheckpointComplete(checkpointId: number): void;
  /** Called when a checkpoint was given up; best effort. */
  notifyCheckpointAborted?(checkpointId: number): void;
}

/** True for functions that extend a rich base class (or look like it). (Flink: docs/dev/datastream/user_defined_functions) */
export function isRichFunction(fn: unknown): fn is RichFunction {
  return typeof fn === "object" && fn !== null && typeof (fn as Partial<RichFunction>).setRuntimeContext === "function";
}

/** True for objects with `snapshotState` and `initializeState`. (Flink: docs/dev/datastream/fault-tolerance/state) */
export function isCheckpointedFunction(fn: unknown): fn is CheckpointedFunction {
  const candidate = fn as Partial<CheckpointedFunction> | null;
  return (
    typeof candidate === "object" &&
    candidate !== null &&
    typeof candidate.snapshotState === "function" &&
    typeof candidate.initializeState === "function"
  );
}

/** True for objects with `notifyCheckpointComplete`. (Flink: docs/dev/datastream/fault-tolerance/checkpointing) */
export function isCheckpointListener(fn: unknown): fn is CheckpointListener {
  return typeof fn === "object" && fn !== null && typeof (fn as Partial<CheckpointListener>).notifyCheckpointComplete === "function";
}
