import { Diagnostic } from "../base/diagnostic.ts";
import type { OperatorStateStore, KeyedStateStore, RuntimeContext } from "./runtime-context.ts";

/** Passed to `open`; Flink 1.x passed a `Configuration` there, which nothing in it was used for. */
export interface OpenContext {
  readonly attemptNumber: number;
}

/** A function with a life: `open` before the first record, `close` after the last (or a failure). */
export interface RichFunction {
  open(openContext: OpenContext): void;
  close(): void;
  getRuntimeContext(): RuntimeContext;
  setRuntimeContext(context: RuntimeContext): void;
}

/** Base of all rich functions. State is obtained in `open`, never in the constructor or a field initialiser. */
export abstract class AbstractRichFunction implements RichFunction {
  private runtimeContext: RuntimeContext | undefined;

  open(_openContext: OpenContext): void {}

  close(): void {}

  /** @throws Diagnostic FUNCTION_NOT_OPEN before `open`. */
  getRuntimeContext(): RuntimeContext {
    if (this.runtimeContext === undefined) {
      throw new Diagnostic({
        code: "FUNCTION_NOT_OPEN",
        message: `${this.constructor.name} asked for its runtime context before open() was called.`,
        phase: "runtime",
        expected: "getRuntimeContext() in open(), or in a method that is called per record",
        hint: "Move the call out of the constructor or field initialiser into open().",
      });
    }
    return this.runtimeContext;
  }

  /** Called by the operator. */
  setRuntimeContext(context: RuntimeContext): void {
    this.runtimeContext = context;
  }
}

/** For functions that keep operator state (Flink: `CheckpointedFunction`). */
export interface CheckpointedFunction {
  /** Write what shall survive into the states obtained in `initializeState`. */
  snapshotState(context: FunctionSnapshotContext): void;
  initializeState(context: FunctionInitializationContext): void;
}

export interface FunctionSnapshotContext {
  getCheckpointId(): number;
  getCheckpointTimestamp(): number;
}

export interface FunctionInitializationContext {
  /** True when there is a checkpoint or savepoint to take over from. */
  isRestored(): boolean;
  /** null on a fresh start. */
  getRestoredCheckpointId(): number | null;
  getOperatorStateStore(): OperatorStateStore;
  getKeyedStateStore(): KeyedStateStore;
}

/** For functions that act when a checkpoint has become complete everywhere. */
export interface CheckpointListener {
  notifyCheckpointComplete(checkpointId: number): void;
  notifyCheckpointAborted?(checkpointId: number): void;
}

/** True for functions that extend a rich base class (or look like it). */
export function isRichFunction(fn: unknown): fn is RichFunction {
  return typeof fn === "object" && fn !== null && typeof (fn as Partial<RichFunction>).setRuntimeContext === "function";
}

export function isCheckpointedFunction(fn: unknown): fn is CheckpointedFunction {
  const candidate = fn as Partial<CheckpointedFunction> | null;
  return (
    typeof candidate === "object" &&
    candidate !== null &&
    typeof candidate.snapshotState === "function" &&
    typeof candidate.initializeState === "function"
  );
}

export function isCheckpointListener(fn: unknown): fn is CheckpointListener {
  return typeof fn === "object" && fn !== null && typeof (fn as Partial<CheckpointListener>).notifyCheckpointComplete === "function";
}
