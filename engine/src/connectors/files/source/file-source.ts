/**
 * `FileSource`: reads files as a FLIP-27 source, one split per file, positions in checkpoints.
 * (Flink: https://nightlies.apache.org/flink/flink-docs-stable/docs/connectors/datastream/filesystem/#file-source)
 */
import { Diagnostic } from "../../../base/diagnostic.ts";
import type { Duration } from "../../../base/duration.ts";
import type {
  Boundedness,
  Source,
  SourceReader,
  SourceReaderContext,
  SplitEnumerator,
  SplitEnumeratorContext,
} from "../../../flow/source.ts";
import { Path } from "../path.ts";
import { FileSourceEnumerator, type FileSourceSettings, type PendingSplitsCheckpoint } from "./file-source-enumerator.ts";
import { FileSourceReader } from "./file-source-reader.ts";
import type { FileSourceSplit } from "./file-source-split.ts";
import type { StreamFormat } from "./stream-format.ts";

/**
 * Reads all files below the given paths, hidden ones (`.name`, `_name`) left out. Records carry no timestamp. Make one with
 * `FileSource.forRecordStreamFormat`. (Flink: docs/connectors/datastream/filesystem)
 */
export class FileSource<T> implements Source<T, FileSourceSplit, PendingSplitsCheckpoint> {
  readonly #settings: FileSourceSettings;
  readonly #format: StreamFormat<T>;

  /** @internal Use `FileSource.forRecordStreamFormat`. */
  constructor(settings: FileSourceSettings, format: StreamFormat<T>) {
    this.#settings = settings;
    this.#format = format;
  }

  /** Starts building: how files are read, and the files or directories. */
  static forRecordStreamFormat<T>(format: StreamFormat<T>, ...paths: readonly (Path | string)[]): FileSourceBuilder<T> {
    return new FileSourceBuilder<T>(format, paths);
  }

  /** BOUNDED, unless it monitors. */
  getBoundedness(): Boundedness {
    return this.#settings.discoveryIntervalMs === null ? "BOUNDED" : "CONTINUOUS_UNBOUNDED";
  }

  createEnumerator(context: SplitEnumeratorContext<FileSourceSplit>): SplitEnumerator<FileSourceSplit, PendingSplitsCheckpoint> {
    return new FileSourceEnumerator(context, this.#settings, undefined);
  }

  restoreEnumerator(
    context: SplitEnumeratorContext<FileSourceSplit>,
    checkpoint: PendingSplitsCheckpoint,
  ): SplitEnumerator<FileSourceSplit, PendingSplitsCheckpoint> {
    return new FileSourceEnumerator(context, this.#settings, checkpoint);
  }

  createReader(context: SourceReaderContext): SourceReader<T, FileSourceSplit> {
    return new FileSourceReader(context, this.#format);
  }
}

/** Builds a `FileSource`. (Flink: docs/connectors/datastream/filesystem) */
export class FileSourceBuilder<T> {
  readonly #format: StreamFormat<T>;
  readonly #paths: readonly Path[];
  #discoveryIntervalMs: number | null = null;
  #accepts: ((path: string) => boolean) | undefined;

  /** @internal Use `FileSource.forRecordStreamFormat`. */
  constructor(format: StreamFormat<T>, paths: readonly (Path | string)[]) {
    this.#format = format;
    this.#paths = paths.map((path) => (typeof path === "string" ? new Path(path) : path));
  }

  /** Looks for new files this often (a number is milliseconds) and never ends. Each path is read once, also when the file changes later. */
  monitorContinuously(discoveryInterval: Duration | number): this {
    const intervalMs = typeof discoveryInterval === "number" ? discoveryInterval : discoveryInterval.toMillis();
    if (!(intervalMs > 0)) {
      throw new Diagnostic({
        code: "FILE_SOURCE_INTERVAL",
        phase: "graph",
        message: "discoveryInterval must be > 0",
        found: `${intervalMs} ms`,
        expected: "a positive duration",
      });
    }
    this.#discoveryIntervalMs = intervalMs;
    return this;
  }

  /** Reads the files that are there at the start and ends. The default. */
  processStaticFileSet(): this {
    this.#discoveryIntervalMs = null;
    return this;
  }

  /** @internal Reads only files whose path, without scheme, is accepted: the table connector's `source.path.regex-pattern`. */
  withPathFilter(accepts: (path: string) => boolean): this {
    this.#accepts = accepts;
    return this;
  }

  /** The source. @throws Diagnostic FILE_SOURCE_WITHOUT_PATH */
  build(): FileSource<T> {
    if (this.#paths.length === 0) {
      throw new Diagnostic({
        code: "FILE_SOURCE_WITHOUT_PATH",
        phase: "graph",
        message: "This FileSource has no path to read.",
        expected: 'FileSource.forRecordStreamFormat(format, new Path("/in"))',
      });
    }
    return new FileSource(this.#settings(), this.#format);
  }

  #settings(): FileSourceSettings {
    const paths = this.#paths;
    const discoveryIntervalMs = this.#discoveryIntervalMs;
    const accepts = this.#accepts;
    return { paths, discoveryIntervalMs, ...(accepts === undefined ? {} : { accepts }) };
  }
}
