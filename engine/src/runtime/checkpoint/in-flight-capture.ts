/**
 * Which elements of one channel belong to an unaligned checkpoint: those that the task has not read when it takes its snapshot, up to the
 * channel's barrier (Flink: `ChannelStatePersister` with the barrier bookkeeping of `RemoteInputChannel`).
 *
 *   queue when the snapshot is taken:  a b | barrier | c      a and b are captured
 *   no barrier yet:                    a b                    a and b, and everything that still comes until the barrier does
 *
 * The barrier itself may have been read already, as it overtakes; so its place is remembered by the number of the element in its channel.
 */
export class InFlightCapture<T> {
  private readonly write: (checkpointId: number, elements: readonly T[]) => void;
  /** completed = nothing under way; pending = the barrier of `lastSeen` is still to come; received = it has come. */
  private status: "completed" | "pending" | "received" = "completed";
  private lastSeen = -1;
  /** Newest barrier that has come and whose checkpoint is not over, and its number in the channel. */
  private barrier: { readonly checkpointId: number; readonly sequence: number } | null = null;

  /** @param write gets the captured elements of a checkpoint, in the order of the channel; may be called several times. */
  constructor(write: (checkpointId: number, elements: readonly T[]) => void) {
    this.write = write;
  }

  /** A barrier has come into the channel as its `sequence`-th element. */
  barrierArrived(checkpointId: number, sequence: number): void {
    if (checkpointId < (this.status === "completed" ? this.lastSeen + 1 : this.lastSeen)) return;
    this.status = "received";
    this.lastSeen = checkpointId;
    if (this.barrier === null || checkpointId > this.barrier.checkpointId) this.barrier = { checkpointId, sequence };
  }

  /** Whether the barrier with this number may still overtake: a newer one behind it has taken its place. */
  mayOvertake(sequence: number): boolean {
    return this.status === "received" && this.barrier?.sequence === sequence;
  }

  /** A record has come into the channel. */
  elementArrived(element: T): void {
    if (this.status === "pending") this.write(this.lastSeen, [element]);
  }

  /**
   * The task takes its snapshot now.
   *
   * @param queued what has come and was not read, by its number in the channel.
   * @returns false when the barrier of a newer checkpoint has come already, so that nobody knows any more where this one's was.
   */
  start(checkpointId: number, queued: Iterable<{ readonly sequence: number; readonly element: T }>): boolean {
    if (this.barrier !== null && checkpointId < this.barrier.checkpointId) return false;
    if (this.barrier !== null && checkpointId > this.barrier.checkpointId) this.barrier = null;
    if (this.status === "received" && this.lastSeen > checkpointId) return false;
    const captured: T[] = [];
    for (const { sequence, element } of queued) {
      if (this.barrier !== null && sequence >= this.barrier.sequence) break;
      captured.push(element);
    }
    if (this.lastSeen < checkpointId) {
      this.status = "pending";
      this.lastSeen = checkpointId;
    }
    if (captured.length > 0) this.write(checkpointId, captured);
    return true;
  }

  /** All barriers of this checkpoint are in, or it was given up. */
  stop(checkpointId: number): void {
    if (checkpointId >= this.lastSeen) {
      this.status = "completed";
      this.lastSeen = checkpointId;
    }
    if (this.barrier?.checkpointId === checkpointId) this.barrier = null;
  }
}
