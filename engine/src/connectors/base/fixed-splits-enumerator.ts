import type { SourceSplit, SplitEnumerator, SplitEnumeratorContext } from "../../flow/source.ts";

/**
 * Splits that are all known from the beginning; which reader gets which follows from the split. A reader is given its splits when it registers, and told
 * that there are no more.
 */
export class FixedSplitsEnumerator<SplitT extends SourceSplit> implements SplitEnumerator<SplitT, readonly SplitT[]> {
  readonly #context: SplitEnumeratorContext<SplitT>;
  readonly #numberOf: (split: SplitT) => number;
  #unassigned: readonly SplitT[];

  /** @param numberOf a split goes to the reader of this number; with fewer readers, to the one that comes around. Default: all go to the first. */
  constructor(context: SplitEnumeratorContext<SplitT>, splits: readonly SplitT[], numberOf: (split: SplitT) => number = () => 0) {
    this.#context = context;
    this.#unassigned = splits;
    this.#numberOf = numberOf;
  }

  start(): void {}

  addReader(subtaskIndex: number): void {
    const readers = this.#context.currentParallelism();
    const own = this.#unassigned.filter((split) => this.#numberOf(split) % readers === subtaskIndex);
    this.#unassigned = this.#unassigned.filter((split) => !own.includes(split));
    for (const split of own) this.#context.assignSplit(split, subtaskIndex);
    this.#context.signalNoMoreSplits(subtaskIndex);
  }

  handleSplitRequest(): void {}

  addSplitsBack(splits: readonly SplitT[]): void {
    this.#unassigned = [...splits, ...this.#unassigned];
  }

  snapshotState(): readonly SplitT[] {
    return this.#unassigned;
  }

  close(): void {}
}
