import { Diagnostic } from "../../../../base/diagnostic.ts";

/**
 * When the small files of a bucket are put together. Make one with `FileCompactStrategy.Builder.newBuilder()`.
 * (Flink: docs/connectors/datastream/filesystem)
 */
export class FileCompactStrategy {
  /** Where Flink has its builder: `FileCompactStrategy.Builder.newBuilder()`. */
  static readonly Builder = {
    /** Starts building. */
    newBuilder: (): FileCompactStrategyBuilder => new FileCompactStrategyBuilder(),
  };
  private readonly sizeThreshold: number;
  private readonly numCheckpointsBeforeCompaction: number;

  /** @internal Use the builder. */
  constructor(sizeThreshold: number, numCheckpointsBeforeCompaction: number) {
    this.sizeThreshold = sizeThreshold;
    this.numCheckpointsBeforeCompaction = numCheckpointsBeforeCompaction;
  }

  /** Bytes; -1 = size does not matter. */
  getSizeThreshold(): number {
    return this.sizeThreshold;
  }

  /** -1 = checkpoints do not matter. */
  getNumCheckpointsBeforeCompaction(): number {
    return this.numCheckpointsBeforeCompaction;
  }
}

/** Builds a `FileCompactStrategy`; one of the two conditions is needed. (Flink: docs/connectors/datastream/filesystem) */
export class FileCompactStrategyBuilder {
  #sizeThreshold = -1;
  #numCheckpoints = -1;

  /** Files of a bucket are put together as soon as they have so many bytes in all. */
  setSizeThreshold(sizeThreshold: number): this {
    this.#sizeThreshold = sizeThreshold;
    return this;
  }

  /** All that has gathered is put together after so many checkpoints. */
  enableCompactionOnCheckpoint(numCheckpointsBeforeCompaction: number): this {
    this.#numCheckpoints = numCheckpointsBeforeCompaction;
    return this;
  }

  /** Accepted; compaction has no threads of its own here. */
  setNumCompactThreads(_numCompactThreads: number): this {
    return this;
  }

  /** The strategy. @throws Diagnostic FILE_COMPACT_STRATEGY_EMPTY */
  build(): FileCompactStrategy {
    if (this.#sizeThreshold < 0 && this.#numCheckpoints <= 0) {
      throw new Diagnostic({
        code: "FILE_COMPACT_STRATEGY_EMPTY",
        phase: "graph",
        message: "At least one of the conditions for compaction must be set.",
        expected: "setSizeThreshold(bytes) or enableCompactionOnCheckpoint(count)",
      });
    }
    return new FileCompactStrategy(this.#sizeThreshold, this.#numCheckpoints);
  }
}
