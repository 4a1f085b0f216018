/**
 * `FileSink`: writes elements to part files, exactly once: a file becomes visible when the checkpoint after its end is complete.
 * (Flink: https://nightlies.apache.org/flink/flink-docs-stable/docs/connectors/datastream/filesystem/#file-sink)
 */
import { transformed } from "../../../flow/stream-transforms.ts";
import { outsideOf } from "../../../flow/engine-access.ts";
import { Diagnostic } from "../../../base/diagnostic.ts";
import type { Duration } from "../../../base/duration.ts";
import type { OneInputStreamOperator } from "../../../flow/operator.ts";
import type { Committer, Sink, SinkInitContext, SinkWriter } from "../../../flow/sink.ts";
import { fileSystemOf } from "../file-system.ts";
import { Path } from "../path.ts";
import { type BucketAssigner, DateTimeBucketAssigner } from "./bucket-assigners.ts";
import { CompactorCoordinator } from "./compaction/compactor-coordinator.ts";
import { CompactorOperator } from "./compaction/compactor-operator.ts";
import type { FileCompactor } from "./compaction/file-compactors.ts";
import type { FileCompactStrategy } from "./compaction/file-compact-strategy.ts";
import type { BulkWriterFactory, Encoder } from "./encoders.ts";
import { FileCommitter } from "./file-committer.ts";
import { FileWriter, type FileWriterSettings } from "./file-writer.ts";
import type { FileSinkCommittable, FileWriterBucketState } from "./file-writer-bucket.ts";
import { OutputFileConfig } from "./output-file-config.ts";
import { CheckpointRollingPolicy, DefaultRollingPolicy, OnCheckpointRollingPolicy, type RollingPolicy } from "./rolling-policies.ts";

/** What the sink does to the stream of committables when its operators are made. */
/** What is done behind the committers, one operator on its own. */
export interface AfterCommit {
  readonly name: string;
  readonly createOperator: () => OneInputStreamOperator;
}

interface CommittableStream {
  global(): CommittableStream;
  rebalance(): CommittableStream;
  forceNonParallel(): CommittableStream;
}

interface Compaction {
  readonly strategy: FileCompactStrategy;
  readonly compactor: FileCompactor;
}

const DEFAULT_BUCKET_CHECK_INTERVAL_MS = 60_000;

/**
 * Writes part files into buckets below a base path, on the scenario's file system ("/out") or object store ("s3://bucket/out"). Make one with
 * `FileSink.forRowFormat` or `FileSink.forBulkFormat`. Without checkpointing files stay in progress until the input ends.
 * (Flink: docs/connectors/datastream/filesystem)
 */
export class FileSink<IN> implements Sink<IN, FileSinkCommittable, FileWriterBucketState> {
  /** Called while the graph is made; present only when small files are put together. */
  readonly addPreCommitTopology?: (committables: CommittableStream) => CommittableStream;
  /** The same; present only when somebody wants to know what has been committed. */
  readonly addPostCommitTopology?: (committables: CommittableStream) => void;
  readonly #settings: FileWriterSettings<IN>;

  /** @internal Use `FileSink.forRowFormat` or `FileSink.forBulkFormat`. */
  constructor(settings: FileWriterSettings<IN>, compaction: Compaction | null, afterCommit: AfterCommit | null = null) {
    this.#settings = settings;
    if (afterCommit !== null) {
      const { name, createOperator } = afterCommit;
      this.addPostCommitTopology = (committables) => void transformed(committables.global(), name, createOperator).forceNonParallel();
    }
    if (compaction === null) return;
    const { strategy, compactor } = compaction;
    this.addPreCommitTopology = (committables) =>
      transformed(
        transformed(committables.global(), "Compact Coordinator", () => new CompactorCoordinator(strategy))
          .forceNonParallel()
          .rebalance(),
        "Compact Operator",
        () => new CompactorOperator(settings.basePath, compactor),
      );
  }

  /** Elements are written one by one; a file may go on over several checkpoints. */
  static forRowFormat<IN>(basePath: Path | string, encoder: Encoder<IN>): FileSinkBuilder<IN> {
    return new FileSinkBuilder<IN>({
      ...defaults<IN>(basePath),
      format: { row: encoder },
      rollingPolicy: DefaultRollingPolicy.builder().build(),
    });
  }

  /** A writer makes each file as a whole; files end at every checkpoint. */
  static forBulkFormat<IN>(basePath: Path | string, writerFactory: BulkWriterFactory<IN>): FileSinkBuilder<IN> {
    return new FileSinkBuilder<IN>({
      ...defaults<IN>(basePath),
      format: { bulk: writerFactory },
      rollingPolicy: OnCheckpointRollingPolicy.build(),
    });
  }

  createWriter(context: SinkInitContext): SinkWriter<IN, FileSinkCommittable, FileWriterBucketState> {
    return this.restoreWriter(context, []);
  }

  restoreWriter(
    context: SinkInitContext,
    state: readonly FileWriterBucketState[],
  ): SinkWriter<IN, FileSinkCommittable, FileWriterBucketState> {
    return new FileWriter(this.#settings, context, state);
  }

  createCommitter(context: SinkInitContext): Committer<FileSinkCommittable> {
    return new FileCommitter(fileSystemOf(outsideOf(context), this.#settings.basePath, (durationMs) => context.block?.(durationMs)));
  }
}

function defaults<IN>(basePath: Path | string): Omit<FileWriterSettings<IN>, "format" | "rollingPolicy"> {
  return {
    basePath: typeof basePath === "string" ? new Path(basePath) : basePath,
    bucketAssigner: new DateTimeBucketAssigner<IN>(),
    outputFileConfig: new OutputFileConfig("part", ""),
    bucketCheckIntervalMs: DEFAULT_BUCKET_CHECK_INTERVAL_MS,
  };
}

/** Builds a `FileSink`. (Flink: docs/connectors/datastream/filesystem) */
export class FileSinkBuilder<IN> {
  #settings: FileWriterSettings<IN>;
  #compaction: Compaction | null = null;
  #afterCommit: AfterCommit | null = null;

  /** @internal Use `FileSink.forRowFormat` or `FileSink.forBulkFormat`. */
  constructor(settings: FileWriterSettings<IN>) {
    this.#settings = settings;
  }

  /** Default: `DateTimeBucketAssigner`, hours of processing time. */
  withBucketAssigner(assigner: BucketAssigner<IN>): this {
    return this.#with({ bucketAssigner: assigner });
  }

  /**
   * When files are closed. Default: `DefaultRollingPolicy` for row formats, `OnCheckpointRollingPolicy` for bulk formats, which take only a
   * `CheckpointRollingPolicy`. @throws Diagnostic FILE_SINK_BULK_POLICY
   */
  withRollingPolicy(policy: RollingPolicy<IN>): this {
    if ("bulk" in this.#settings.format && !(policy instanceof CheckpointRollingPolicy)) {
      throw new Diagnostic({
        code: "FILE_SINK_BULK_POLICY",
        phase: "graph",
        message: "A bulk format needs a CheckpointRollingPolicy: its part files cannot go on over a checkpoint.",
        found: policy.constructor.name,
        expected: "OnCheckpointRollingPolicy.build() or a subclass of CheckpointRollingPolicy",
      });
    }
    return this.#with({ rollingPolicy: policy });
  }

  /** How often time-based rolling is looked at; a number is milliseconds. Default 1 minute. */
  withBucketCheckInterval(interval: Duration | number): this {
    return this.#with({ bucketCheckIntervalMs: typeof interval === "number" ? interval : interval.toMillis() });
  }

  /** Beginning and end of the file names. */
  withOutputFileConfig(config: OutputFileConfig): this {
    return this.#with({ outputFileConfig: config });
  }

  /**
   * Puts small files together before anybody sees them. They are then written under hidden names (".part-…"), and what is seen are files called
   * "compacted-part-…", a checkpoint or more later. Default: no compaction.
   *
   * @param compactor how; `ConcatFileCompactor` fits row formats.
   */
  enableCompact(strategy: FileCompactStrategy, compactor: FileCompactor): this {
    this.#compaction = { strategy, compactor };
    return this;
  }

  /** @internal An operator that gets what has been committed: the table connector's partition commit. */
  withAfterCommit(afterCommit: AfterCommit): this {
    this.#afterCommit = afterCommit;
    return this;
  }

  /** The sink. */
  build(): FileSink<IN> {
    if (this.#compaction === null) return new FileSink(this.#settings, null, this.#afterCommit);
    const { outputFileConfig } = this.#settings;
    const hidden = new OutputFileConfig(`.${outputFileConfig.getPartPrefix()}`, outputFileConfig.getPartSuffix());
    return new FileSink({ ...this.#settings, outputFileConfig: hidden }, this.#compaction, this.#afterCommit);
  }

  #with(change: Partial<FileWriterSettings<IN>>): this {
    this.#settings = { ...this.#settings, ...change };
    return this;
  }
}
