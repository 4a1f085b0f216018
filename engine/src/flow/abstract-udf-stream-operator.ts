import { OperatorStateStoreHandle } from "./operator-state-store.ts";
import type { OperatorSnapshot } from "../state/snapshot.ts";
import { AbstractStreamOperator } from "./abstract-stream-operator.ts";
import type { OperatorContext } from "./operator.ts";
import { isCheckpointedFunction, isCheckpointListener, isRichFunction } from "./rich-function.ts";

/** An operator around one user function: hands it the runtime context, opens and closes it, and takes it into checkpoints. */
export abstract class AbstractUdfStreamOperator<F> extends AbstractStreamOperator {
  protected readonly userFunction: F;
  private functionOpened = false;

  constructor(userFunction: F) {
    super();
    this.userFunction = userFunction;
  }

  override setup(context: OperatorContext): void {
    super.setup(context);
    if (isRichFunction(this.userFunction)) this.userFunction.setRuntimeContext(this.runtimeContext);
  }

  override initializeState(restored: OperatorSnapshot | null, restoredCheckpointId?: number): void {
    super.initializeState(restored, restoredCheckpointId);
    const fn: unknown = this.userFunction;
    if (!isCheckpointedFunction(fn)) return;
    const store = new OperatorStateStoreHandle(this.operatorStateBackend);
    fn.initializeState({
      isRestored: () => restored !== null,
      getRestoredCheckpointId: () => (restored === null ? null : (restoredCheckpointId ?? null)),
      getOperatorStateStore: () => store,
      getKeyedStateStore: () => this.runtimeContext,
    });
  }

  override open(): void {
    super.open();
    this.functionOpened = true;
    if (isRichFunction(this.userFunction)) this.userFunction.open({ attemptNumber: this.context.attemptNumber });
  }

  override snapshotState(checkpointId: number): OperatorSnapshot {
    const fn: unknown = this.userFunction;
    if (isCheckpointedFunction(fn)) {
      const now = this.context.processingTime.currentMs();
      fn.snapshotState({ getCheckpointId: () => checkpointId, getCheckpointTimestamp: () => now });
      this.markKeyedStateUsed();
    }
    return super.snapshotState(checkpointId);
  }

  override notifyCheckpointComplete(checkpointId: number): void {
    super.notifyCheckpointComplete(checkpointId);
    const fn: unknown = this.userFunction;
    if (!isCheckpointListener(fn)) return;
    fn.notifyCheckpointComplete(checkpointId);
    this.markKeyedStateUsed();
  }

  override notifyCheckpointAborted(checkpointId: number): void {
    super.notifyCheckpointAborted(checkpointId);
    const fn: unknown = this.userFunction;
    if (!isCheckpointListener(fn)) return;
    fn.notifyCheckpointAborted?.(checkpointId);
    this.markKeyedStateUsed();
  }

  override close(): void {
    super.close();
    if (this.functionOpened && isRichFunction(this.userFunction)) this.userFunction.close();
    this.functionOpened = false;
  }
}
