/**
 * What one fetch has brought. Flink: `RecordsWithSplitIds`, `RecordsBySplits` of flink-connector-base.
 * (Flink: docs/dev/datastream/sources)
 */
export interface RecordsWithSplitIds<E> {
  /** Goes to the next split that has records and gives its id, null when there is none. */
  nextSplit(): string | null;
  /** The next record of that split, null when there is none. */
  nextRecordFromSplit(): E | null;
  /** Splits that have been read to their end, with these records. */
  finishedSplits(): ReadonlySet<string>;
}

/**
 * Records by split, in the order in which they were added. Make one with `new RecordsBySplitsBuilder()`.
 * (Flink: docs/dev/datastream/sources)
 */
export class RecordsBySplits<E> implements RecordsWithSplitIds<E> {
  readonly #splits: [string, readonly E[]][];
  readonly #finished: ReadonlySet<string>;
  #split = -1;
  #record = 0;

  constructor(records: ReadonlyMap<string, readonly E[]>, finishedSplits: ReadonlySet<string>) {
    this.#splits = [...records];
    this.#finished = finishedSplits;
  }

  nextSplit(): string | null {
    this.#split++;
    this.#record = 0;
    return this.#split < this.#splits.length ? this.#splits[this.#split][0] : null;
  }

  nextRecordFromSplit(): E | null {
    const records = this.#splits[this.#split]?.[1];
    return records !== undefined && this.#record < records.length ? records[this.#record++] : null;
  }

  finishedSplits(): ReadonlySet<string> {
    return this.#finished;
  }
}

/** Collects what a fetch brings. Flink: `RecordsBySplits.Builder`. (Flink: docs/dev/datastream/sources) */
export class RecordsBySplitsBuilder<E> {
  readonly #records = new Map<string, E[]>();
  readonly #finished = new Set<string>();

  /** Adds a record of a split. */
  add(splitId: string, record: E): this {
    const known = this.#records.get(splitId);
    if (known === undefined) this.#records.set(splitId, [record]);
    else known.push(record);
    return this;
  }

  /** Adds several records of a split. */
  addAll(splitId: string, records: Iterable<E>): this {
    for (const record of records) this.add(splitId, record);
    return this;
  }

  /** The split ends with these records. */
  addFinishedSplit(splitId: string): this {
    this.#finished.add(splitId);
    return this;
  }

  /** What has been added so far. */
  build(): RecordsBySplits<E> {
    return new RecordsBySplits(this.#records, this.#finished);
  }
}
