/** When FileSink closes a part file and begins a new one. */
import { Diagnostic } from "../../../base/diagnostic.ts";
import type { Duration } from "../../../base/duration.ts";
import { MemorySize } from "./memory-size.ts";

/** What a rolling policy knows of the part file that is being written. (Flink: docs/connectors/datastream/filesystem) */
export interface PartFileInfo {
  /** The bucket that the file is in. */
  getBucketId(): string;
  /** Processing time of its first element, epoch ms. */
  getCreationTime(): number;
  /** Bytes written so far. */
  getSize(): number;
  /** Processing time of its last element, epoch ms. */
  getLastUpdateTime(): number;
}

/**
 * Decides when a part file is closed. It then waits for the next checkpoint to become visible.
 * (Flink: docs/connectors/datastream/filesystem)
 */
export interface RollingPolicy<IN> {
  /** Asked at each checkpoint. */
  shouldRollOnCheckpoint(partFileState: PartFileInfo): boolean;
  /** Asked before an element is written: true puts it into a new file. */
  shouldRollOnEvent(partFileState: PartFileInfo, element: IN): boolean;
  /** Asked every bucket check interval. @param currentTime epoch ms. */
  shouldRollOnProcessingTime(partFileState: PartFileInfo, currentTime: number): boolean;
}

/** A policy that closes the file at every checkpoint, and perhaps before; bulk formats need one. (Flink: docs/connectors/datastream/filesystem) */
export abstract class CheckpointRollingPolicy<IN> implements RollingPolicy<IN> {
  shouldRollOnCheckpoint(_partFileState: PartFileInfo): boolean {
    return true;
  }

  abstract shouldRollOnEvent(partFileState: PartFileInfo, element: IN): boolean;
  abstract shouldRollOnProcessingTime(partFileState: PartFileInfo, currentTime: number): boolean;
}

/** Closes the file at every checkpoint, and only then. (Flink: docs/connectors/datastream/filesystem) */
export class OnCheckpointRollingPolicy<IN> extends CheckpointRollingPolicy<IN> {
  private constructor() {
    super();
  }

  /** The policy. */
  static build<IN>(): OnCheckpointRollingPolicy<IN> {
    return new OnCheckpointRollingPolicy<IN>();
  }

  shouldRollOnEvent(): boolean {
    return false;
  }

  shouldRollOnProcessingTime(): boolean {
    return false;
  }
}

interface Limits {
  readonly partSizeBytes: number;
  readonly rolloverIntervalMs: number;
  readonly inactivityIntervalMs: number;
}

const DEFAULT_LIMITS: Limits = { partSizeBytes: 128 * 1024 * 1024, rolloverIntervalMs: 60_000, inactivityIntervalMs: 60_000 };

/**
 * Closes a file that is too large, too old, or has not been written to for too long; at a checkpoint only when it is too large. The default of row
 * formats. (Flink: docs/connectors/datastream/filesystem)
 */
export class DefaultRollingPolicy<IN> implements RollingPolicy<IN> {
  readonly #limits: Limits;

  /** @internal Use `DefaultRollingPolicy.builder()`. */
  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Starts building. */
  static builder(): DefaultRollingPolicyBuilder {
    return new DefaultRollingPolicyBuilder(DEFAULT_LIMITS);
  }

  shouldRollOnCheckpoint(partFileState: PartFileInfo): boolean {
    return partFileState.getSize() > this.#limits.partSizeBytes;
  }

  shouldRollOnEvent(partFileState: PartFileInfo, _element: IN): boolean {
    return partFileState.getSize() > this.#limits.partSizeBytes;
  }

  shouldRollOnProcessingTime(partFileState: PartFileInfo, currentTime: number): boolean {
    return (
      currentTime - partFileState.getCreationTime() >= this.#limits.rolloverIntervalMs ||
      currentTime - partFileState.getLastUpdateTime() >= this.#limits.inactivityIntervalMs
    );
  }
}

/** Builds a `DefaultRollingPolicy`. (Flink: docs/connectors/datastream/filesystem) */
export class DefaultRollingPolicyBuilder {
  readonly #limits: Limits;

  /** @internal Use `DefaultRollingPolicy.builder()`. */
  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Size above which a file is closed; a number is bytes. Default 128 MiB. */
  withMaxPartSize(size: MemorySize | number): DefaultRollingPolicyBuilder {
    const partSizeBytes = size instanceof MemorySize ? size.getBytes() : size;
    return this.#with({ partSizeBytes }, partSizeBytes, "size");
  }

  /** Age at which a file is closed; a number is milliseconds. Default 60 s. Looked at every bucket check interval. */
  withRolloverInterval(interval: Duration | number): DefaultRollingPolicyBuilder {
    const rolloverIntervalMs = millisOf(interval);
    return this.#with({ rolloverIntervalMs }, rolloverIntervalMs, "rollover interval");
  }

  /** Time without a new element after which a file is closed; a number is milliseconds. Default 60 s. Looked at every bucket check interval. */
  withInactivityInterval(interval: Duration | number): DefaultRollingPolicyBuilder {
    const inactivityIntervalMs = millisOf(interval);
    return this.#with({ inactivityIntervalMs }, inactivityIntervalMs, "inactivity interval");
  }

  /** The policy. */
  build<IN>(): DefaultRollingPolicy<IN> {
    return new DefaultRollingPolicy<IN>(this.#limits);
  }

  #with(change: Partial<Limits>, value: number, what: string): DefaultRollingPolicyBuilder {
    if (value > 0) return new DefaultRollingPolicyBuilder({ ...this.#limits, ...change });
    throw new Diagnostic({
      code: "FILE_SINK_ROLLING_POLICY",
      phase: "graph",
      message: `The ${what} of a rolling policy must be positive.`,
      found: String(value),
      expected: "more than 0",
    });
  }
}

function millisOf(interval: Duration | number): number {
  return typeof interval === "number" ? interval : interval.toMillis();
}
