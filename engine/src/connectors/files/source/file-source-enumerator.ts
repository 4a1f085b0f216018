/**
 * Finds the files and gives one at a time to each reader that asks. Flink: `StaticFileSplitEnumerator`, `ContinuousFileSplitEnumerator`.
 *
 * Monitoring looks every interval for files whose path it has not seen. It remembers all paths, in every checkpoint, for ever; what happens to a
 * file after it was found does not matter to it.
 */
import { outsideOf } from "../../../flow/engine-access.ts";
import type { SplitEnumerator, SplitEnumeratorContext } from "../../../flow/source.ts";
import type { Watch } from "../../systems/change-feed.ts";
import { type FileStatus, fileSystemOf } from "../file-system.ts";
import { Path } from "../path.ts";
import type { FileSourceSplit } from "./file-source-split.ts";

/** Flink: `PendingSplitsCheckpoint`. */
export interface PendingSplitsCheckpoint {
  readonly splits: readonly FileSourceSplit[];
  /** Empty when nobody looks for further files. */
  readonly alreadyProcessedPaths: readonly string[];
  readonly lastSplitId: number;
}

export interface FileSourceSettings {
  readonly paths: readonly Path[];
  /** null = only the files that are there at the start. */
  readonly discoveryIntervalMs: number | null;
  /** Files that are read, by their path without scheme; absent = all. */
  readonly accepts?: (path: string) => boolean;
}

export class FileSourceEnumerator implements SplitEnumerator<FileSourceSplit, PendingSplitsCheckpoint> {
  readonly #context: SplitEnumeratorContext<FileSourceSplit>;
  readonly #settings: FileSourceSettings;
  readonly #remaining: FileSourceSplit[];
  readonly #processed: Set<string>;
  readonly #restored: boolean = false;
  /** Readers that wait for a file. */
  readonly #waiting = new Set<number>();
  readonly #watches: Watch[] = [];
  #lastSplitId: number = 0;
  #startMs = 0;
  #looks = false;

  constructor(
    context: SplitEnumeratorContext<FileSourceSplit>,
    settings: FileSourceSettings,
    restored: PendingSplitsCheckpoint | undefined,
  ) {
    this.#context = context;
    this.#settings = settings;
    this.#restored = restored !== undefined;
    this.#remaining = [...(restored?.splits ?? [])];
    this.#processed = new Set(restored?.alreadyProcessedPaths);
    this.#lastSplitId = restored?.lastSplitId ?? 0;
    context.metricGroup().setUnassignedSplitsGauge(() => this.#remaining.length);
  }

  start(): void {
    const { discoveryIntervalMs, paths } = this.#settings;
    this.#startMs = this.#context.currentMs();
    if (discoveryIntervalMs === null) {
      if (!this.#restored) this.#discover();
      return;
    }
    for (const path of paths) {
      this.#watches.push(fileSystemOf(outsideOf(this.#context), path).watch([path], () => this.#lookLater(discoveryIntervalMs)));
    }
    this.#discover();
  }

  addReader(): void {}

  handleSplitRequest(subtaskIndex: number): void {
    const split = this.#remaining.shift();
    if (split !== undefined) this.#context.assignSplit(split, subtaskIndex);
    else if (this.#settings.discoveryIntervalMs === null) this.#context.signalNoMoreSplits(subtaskIndex);
    else this.#waiting.add(subtaskIndex);
  }

  addSplitsBack(splits: readonly FileSourceSplit[]): void {
    this.#remaining.unshift(...splits);
  }

  snapshotState(): PendingSplitsCheckpoint {
    return { splits: [...this.#remaining], alreadyProcessedPaths: [...this.#processed], lastSplitId: this.#lastSplitId };
  }

  close(): void {
    for (const watch of this.#watches) watch.cancel();
  }

  /** Every interval since the start; those before which nothing has changed are left out. */
  #lookLater(intervalMs: number): void {
    if (this.#looks) return;
    this.#looks = true;
    const sinceStartMs = this.#context.currentMs() - this.#startMs;
    const delayMs = (Math.floor(sinceStartMs / intervalMs) + 1) * intervalMs - sinceStartMs;
    this.#context.callAsync(
      () => undefined,
      () => {
        this.#looks = false;
        this.#discover();
      },
      delayMs,
    );
  }

  #discover(): void {
    const monitors = this.#settings.discoveryIntervalMs !== null;
    for (const directory of this.#settings.paths) {
      for (const file of fileSystemOf(outsideOf(this.#context), directory, takesNoTime).listFiles(directory)) {
        if (isSkipped(file, directory) || this.#processed.has(file.path)) continue;
        if (this.#settings.accepts?.(new Path(file.path).getPath()) === false) continue;
        if (monitors) this.#processed.add(file.path);
        this.#remaining.push(this.#splitOf(file));
      }
    }
    for (const watch of this.#watches) watch.seen();
    for (const reader of [...this.#waiting]) {
      if (this.#remaining.length === 0) break;
      this.#waiting.delete(reader);
      this.handleSplitRequest(reader);
    }
  }

  #splitOf({ path, bytes, modificationTimeMs }: FileStatus): FileSourceSplit {
    const splitId = String(++this.#lastSplitId).padStart(10, "0");
    return { splitId, path, fileSize: bytes, fileModificationTime: modificationTimeMs, recordsRead: 0 };
  }
}

/** The enumerator looks from a thread of its own; that an outage fails it is enough. */
function takesNoTime(): void {}

/** Hidden files and what is in hidden directories. Flink: `DefaultFileFilter`. */
function isSkipped({ path }: FileStatus, directory: Path): boolean {
  const below = path.slice(directory.toString().length);
  const names = below === "" ? [directory.getName()] : below.split("/");
  return names.some((name) => name.startsWith(".") || name.startsWith("_"));
}
