/**
 * When a task whose data have ended is through. Flink: `StreamTask.afterInvoke`.
 *
 * With checkpoints it stays until all that it sent has been read, and until a checkpoint is complete that it took part in after its end: the
 * *final checkpoint*, which commits its last results. Meanwhile it goes on passing barriers. It also reads what comes after the end of the
 * data, such as what a committer in front of it sends on when it commits, until its producers are through themselves.
 */
export class TaskEnd {
  private readonly waitsForCheckpoint: boolean;
  private dataHaveEnded = false;
  private finalCheckpoint: number | null = null;
  private committed = false;
  /** Outputs whose receiver has not read the end of the data, and inputs whose sender is not through. */
  private unreadOutputs = 0;
  private openInputs = 0;

  /** @param waitsForCheckpoint false when there are no checkpoints, or none any more once a task has finished. */
  constructor(waitsForCheckpoint: boolean) {
    this.waitsForCheckpoint = waitsForCheckpoint;
  }

  connected(inputs: number, outputs: number): void {
    this.openInputs = inputs;
    this.unreadOutputs = outputs;
  }

  dataEnded(): void {
    this.dataHaveEnded = true;
  }

  snapshotTaken(checkpointId: number): void {
    if (this.dataHaveEnded) this.finalCheckpoint ??= checkpointId;
  }

  checkpointCompleted(checkpointId: number): void {
    if (this.finalCheckpoint !== null && checkpointId >= this.finalCheckpoint) this.committed = true;
  }

  outputRead(): void {
    this.unreadOutputs--;
  }

  inputEnded(): void {
    this.openInputs--;
  }

  get through(): boolean {
    if (!this.dataHaveEnded) return false;
    return !this.waitsForCheckpoint || (this.committed && this.unreadOutputs === 0 && this.openInputs === 0);
  }
}
