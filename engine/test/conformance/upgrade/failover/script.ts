/** What a failover case scripts: the steps of its sources, where the job fails and how often, and what comes out. Outlives attempts. */
import { SuppressRestartsException } from "../../../../src/index.ts";

export interface ScriptedRecord {
  readonly key: string;
  readonly value: number;
}

/** One step of a source; exactly one of the fields is there. */
export interface SourceStep {
  readonly record?: ScriptedRecord;
  readonly waitMs?: number;
  readonly throw?: boolean;
  readonly checkpoint?: boolean;
  readonly startCheckpoint?: boolean;
  readonly awaitCheckpoint?: boolean;
  readonly awaitEmitted?: EmittedByOther;
  readonly awaitHeld?: string;
  readonly holdBarrierUntil?: EmittedByOther;
}

export interface EmittedByOther {
  readonly source: string;
  readonly emitted: number;
}

export interface FailoverCase {
  readonly mode?: "EXACTLY_ONCE" | "AT_LEAST_ONCE" | "NONE";
  readonly config?: Readonly<Record<string, string>>;
  readonly sources: readonly { readonly id: string; readonly steps: readonly SourceStep[] }[];
  readonly fail?: {
    readonly in: "sourceOpen" | "sourceMap" | "afterCount" | "open" | "snapshot" | "notifyCheckpointComplete" | "commit";
    readonly times: number | "always";
    readonly value?: number;
    readonly suppressRestarts?: boolean;
  };
}

/** A record behind the count. */
export interface CountedRecord extends ScriptedRecord {
  readonly count: number;
}

export class Script {
  readonly spec: FailoverCase;
  failures = 0;
  /** How often each source was started or restored, and how many records it gave out, over all attempts. */
  readonly attempts = new Map<string, number>();
  readonly emitted = new Map<string, number>();
  /** Sources that have come to the end of their steps. */
  readonly done = new Set<string>();
  /** Sources that have come to hold a barrier back. */
  readonly held = new Set<string>();
  /** What runs between steps of the cluster, such as letting a barrier go; true = over. */
  readonly watches = new Set<() => boolean>();
  /** A source wants a checkpoint. */
  wantsCheckpoint = false;
  completedCheckpoints = 0;
  /** How often the task of the sinks has handled that a checkpoint is complete. */
  sinkNotifications = 0;
  readonly plain: CountedRecord[] = [];
  readonly committed: CountedRecord[] = [];
  private readonly committedTransactions = new Set<number>();
  private transactions = 0;

  constructor(spec: FailoverCase) {
    this.spec = spec;
  }

  get checkpoints(): boolean {
    return this.spec.mode !== "NONE";
  }

  stepsOf(source: string): readonly SourceStep[] {
    return this.spec.sources.find(({ id }) => id === source)?.steps ?? [];
  }

  get firstSource(): string {
    return this.spec.sources[0].id;
  }

  get allDone(): boolean {
    return this.spec.sources.every(({ id }) => this.done.has(id));
  }

  /** Fails as the case says, when this is the place and, where it matters, the record. */
  failIn(place: string, value?: number): void {
    const { fail } = this.spec;
    if (fail === undefined || fail.in !== place) return;
    if (fail.value !== undefined && fail.value !== value) return;
    if (fail.times !== "always" && this.failures >= fail.times) return;
    this.failures++;
    const failure = illegalState("scripted failure");
    throw fail.suppressRestarts === true ? new SuppressRestartsException(failure) : failure;
  }

  nextTransaction(): number {
    return ++this.transactions;
  }

  commit(transaction: number, records: readonly CountedRecord[]): void {
    if (this.committedTransactions.has(transaction)) return;
    this.committedTransactions.add(transaction);
    this.committed.push(...records);
  }
}

export function illegalState(message: string): Error {
  const error = new Error(message);
  error.name = "IllegalStateException";
  return error;
}

export function countOf(counts: ReadonlyMap<string, number>, name: string): number {
  return counts.get(name) ?? 0;
}

export function increment(counts: Map<string, number>, name: string): void {
  counts.set(name, countOf(counts, name) + 1);
}
