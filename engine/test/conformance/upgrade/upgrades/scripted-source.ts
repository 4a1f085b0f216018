/**
 * The source of a phase: each subtask plays the input steps of its name, keeps nothing in checkpoints, and then ends or waits. What it is told
 * to emit per split is made behind it (split-offsets.ts), where the offsets are.
 */
import {
  CompletableFuture,
  type InputStatus,
  type ReaderOutput,
  type Source,
  type SourceReader,
  type SourceReaderContext,
  type SourceSplit,
  type SplitEnumerator,
  type SplitEnumeratorContext,
} from "../../../../src/index.ts";
import type { JsonObject } from "../../datastream/case-format.ts";
import { decodeLong } from "../../datastream/case-format.ts";

export interface ScriptedSourceOptions {
  readonly steps: readonly JsonObject[];
  /** The source ends after its last step. */
  readonly bounded: boolean;
}

export class ScriptedSource implements Source<JsonObject, SourceSplit, undefined> {
  private readonly options: ScriptedSourceOptions;

  constructor(options: ScriptedSourceOptions) {
    this.options = options;
  }

  getBoundedness() {
    return this.options.bounded ? ("BOUNDED" as const) : ("CONTINUOUS_UNBOUNDED" as const);
  }

  createEnumerator(_context: SplitEnumeratorContext<SourceSplit>): SplitEnumerator<SourceSplit, undefined> {
    return {
      start() {},
      addReader() {},
      handleSplitRequest() {},
      addSplitsBack() {},
      snapshotState: () => undefined,
      close() {},
    };
  }

  restoreEnumerator(context: SplitEnumeratorContext<SourceSplit>): SplitEnumerator<SourceSplit, undefined> {
    return this.createEnumerator(context);
  }

  createReader(context: SourceReaderContext): SourceReader<JsonObject, SourceSplit> {
    return new ScriptReader(this.options, context);
  }
}

class ScriptReader implements SourceReader<JsonObject, SourceSplit> {
  private readonly options: ScriptedSourceOptions;
  private readonly context: SourceReaderContext;
  private next = 0;
  /** Records so far, of all subtasks. */
  private records = 0;
  private waitsUntilMs: number | null = null;

  constructor(options: ScriptedSourceOptions, context: SourceReaderContext) {
    this.options = options;
    this.context = context;
  }

  start(): void {}

  pollNext(output: ReaderOutput<JsonObject>): InputStatus {
    const { steps, bounded } = this.options;
    if (this.waitsUntilMs !== null) {
      if (this.context.currentMs() < this.waitsUntilMs) return "NOTHING_AVAILABLE";
      this.waitsUntilMs = null;
    }
    if (this.next >= steps.length) return bounded ? "END_OF_INPUT" : "NOTHING_AVAILABLE";
    this.play(steps[this.next++], output);
    return this.waitsUntilMs === null ? "MORE_AVAILABLE" : "NOTHING_AVAILABLE";
  }

  private play(step: JsonObject, output: ReaderOutput<JsonObject>): void {
    if ("waitMs" in step) {
      this.waitsUntilMs = this.context.currentMs() + Number(step["waitMs"]);
      this.context.wakeAt(this.waitsUntilMs);
    } else if ("watermark" in step) {
      output.emitWatermark(decodeLong(step["watermark"]));
    } else if ("emitPerSplit" in step) {
      output.collect({ emitPerSplit: step["emitPerSplit"] });
    } else {
      const subtask = (step["subtask"] as number | undefined) ?? this.records++ % this.context.currentParallelism();
      if (subtask !== this.context.getIndexOfSubtask()) return;
      const record = step["record"] as JsonObject;
      if ("ts" in step) output.collect(record, decodeLong(step["ts"]));
      else output.collect(record);
    }
  }

  isAvailable(): CompletableFuture<void> {
    return new CompletableFuture<void>();
  }

  snapshotState(): readonly SourceSplit[] {
    return [];
  }

  addSplits(): void {}
  notifyNoMoreSplits(): void {}
  close(): void {}
}
