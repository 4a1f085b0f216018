/** The scripted source of failover cases: one split, whose position is the number of the next step. */
import {
  Boundedness,
  CompletableFuture,
  InputStatus,
  type ReaderOutput,
  type Source,
  type SourceReader,
  type SourceReaderContext,
  type SourceSplit,
  type SplitEnumerator,
  type SplitEnumeratorContext,
} from "../../../../src/index.ts";
import { FixedSplitsEnumerator } from "../../../../src/connectors/base/fixed-splits-enumerator.ts";
import type { BarrierGate } from "./scripted-job.ts";
import { countOf, illegalState, increment, type Script, type ScriptedRecord, type SourceStep } from "./script.ts";

/** How long the recording held a barrier back after the records that it waited for were out. */
const HOLD_ON_MS = 700;
/** How often a waiting source looks. */
const LOOK_EVERY_MS = 2;

interface ScriptedSplit extends SourceSplit {
  readonly step: number;
}

export class ScriptedSource implements Source<ScriptedRecord, ScriptedSplit, readonly ScriptedSplit[]> {
  private readonly script: Script;
  private readonly id: string;
  private readonly gate: () => BarrierGate;

  constructor(script: Script, id: string, gate: () => BarrierGate) {
    this.script = script;
    this.id = id;
    this.gate = gate;
  }

  getBoundedness(): Boundedness {
    return Boundedness.CONTINUOUS_UNBOUNDED;
  }

  createEnumerator(context: SplitEnumeratorContext<ScriptedSplit>): SplitEnumerator<ScriptedSplit, readonly ScriptedSplit[]> {
    return this.restoreEnumerator(context, [{ splitId: "script", step: 0 }]);
  }

  restoreEnumerator(
    context: SplitEnumeratorContext<ScriptedSplit>,
    state: readonly ScriptedSplit[],
  ): SplitEnumerator<ScriptedSplit, readonly ScriptedSplit[]> {
    return new FixedSplitsEnumerator(context, state);
  }

  createReader(context: SourceReaderContext): SourceReader<ScriptedRecord, ScriptedSplit> {
    return new ScriptedReader(this.script, this.id, this.gate, context);
  }
}

class ScriptedReader implements SourceReader<ScriptedRecord, ScriptedSplit> {
  private readonly script: Script;
  private readonly id: string;
  private readonly gate: () => BarrierGate;
  private readonly context: SourceReaderContext;
  private readonly steps: readonly SourceStep[];
  /** Null before the split is there. */
  private step: number | null = null;
  private snapshots = 0;
  private output: ReaderOutput<ScriptedRecord> | null = null;
  /** The step that is under way: whether it is over, and what happens then. */
  private waiting: { readonly isOver: () => boolean; readonly then: () => void } | null = null;

  constructor(script: Script, id: string, gate: () => BarrierGate, context: SourceReaderContext) {
    this.script = script;
    this.id = id;
    this.gate = gate;
    this.context = context;
    this.steps = script.stepsOf(id);
    increment(script.attempts, id);
    script.done.delete(id);
    script.failIn("sourceOpen");
  }

  start(): void {}

  addSplits([position]: readonly ScriptedSplit[]): void {
    this.step = position.step;
    this.context.wakeAt(this.context.currentMs());
  }

  snapshotState(): readonly ScriptedSplit[] {
    this.snapshots++;
    return this.step === null ? [] : [{ splitId: "script", step: this.step }];
  }

  pollNext(output: ReaderOutput<ScriptedRecord>): InputStatus {
    const { step } = this;
    this.output = output;
    if (step === null) return InputStatus.NOTHING_AVAILABLE;
    if (this.waiting !== null) {
      if (!this.waiting.isOver()) return this.lookAgain();
      const { then } = this.waiting;
      this.waiting = null;
      then();
      return InputStatus.MORE_AVAILABLE;
    }
    if (step >= this.steps.length) {
      this.script.done.add(this.id);
      return InputStatus.END_OF_INPUT;
    }
    this.take(this.steps[step]);
    return InputStatus.MORE_AVAILABLE;
  }

  isAvailable(): CompletableFuture<void> {
    return new CompletableFuture<void>();
  }

  notifyNoMoreSplits(): void {}

  close(): void {}

  private lookAgain(): InputStatus {
    this.context.wakeAt(this.context.currentMs() + LOOK_EVERY_MS);
    return InputStatus.NOTHING_AVAILABLE;
  }

  private take(step: SourceStep): void {
    const { script } = this;
    if (step.record !== undefined) {
      this.output?.collect(step.record);
      this.goOn();
      increment(script.emitted, this.id);
    } else if (step.waitMs !== undefined) this.waitMs(step.waitMs);
    else if (step.checkpoint === true) {
      this.goOn();
      const wanted = script.completedCheckpoints + 1;
      script.wantsCheckpoint = true;
      this.wait(() => script.completedCheckpoints >= wanted && script.sinkNotifications >= wanted);
    } else if (step.startCheckpoint === true) {
      this.goOn();
      const { snapshots } = this;
      script.wantsCheckpoint = true;
      this.wait(() => this.snapshots !== snapshots);
    } else if (step.awaitCheckpoint === true)
      this.wait(
        () => script.completedCheckpoints >= 1,
        () => this.waitMs(100),
      );
    else if (step.awaitEmitted !== undefined) {
      const { source, emitted } = step.awaitEmitted;
      this.wait(
        () => countOf(script.emitted, source) >= emitted,
        () => this.goOn(),
      );
    } else if (step.awaitHeld !== undefined) {
      const other = step.awaitHeld;
      this.wait(
        () => script.held.has(other),
        () => this.goOn(),
      );
    } else if (step.holdBarrierUntil !== undefined) this.holdBarrier(step.holdBarrierUntil.source, step.holdBarrierUntil.emitted);
    else if (step.throw === true) throw illegalState("source failure");
    else throw new Error(`unknown step ${JSON.stringify(step)}`);
  }

  private goOn(): void {
    this.step = (this.step as number) + 1;
  }

  private wait(isOver: () => boolean, then: () => void = () => {}): void {
    this.waiting = { isOver, then };
  }

  private waitMs(durationMs: number): void {
    const untilMs = this.context.currentMs() + durationMs;
    this.wait(
      () => this.context.currentMs() >= untilMs,
      () => this.goOn(),
    );
  }

  /**
   * The task takes no checkpoint meanwhile. When the recorded source let its lock go, it was the first to get it back: the records that
   * follow were out before the barrier.
   */
  private holdBarrier(source: string, emitted: number): void {
    const { script } = this;
    const gate = this.gate();
    script.held.add(this.id);
    gate.hold();
    let untilMs: number | null = null;
    script.watches.add(() => {
      if (gate.closed) return true;
      if (countOf(script.emitted, source) < emitted) return false;
      untilMs ??= this.context.currentMs() + HOLD_ON_MS;
      if (this.context.currentMs() < untilMs) return false;
      gate.release(() => {
        this.goOn();
        for (let next = this.steps[this.step as number]; next?.record !== undefined; next = this.steps[this.step as number])
          this.take(next);
      });
      return true;
    });
    this.wait(() => !gate.holds);
  }
}
