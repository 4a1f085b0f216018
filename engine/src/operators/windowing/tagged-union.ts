/**
 * A record of one of two streams, told apart: what flows into the window of a join or a coGroup. Triggers, evictors and assigners of such
 * windows see these (Flink: `CoGroupedStreams.TaggedUnion`).
 *
 * Side and value are plain fields, so that a record that has lost its class on the way through a byte form is still understood by the
 * engine's own functions. (Flink: docs/dev/datastream/operators/windows)
 */
export class TaggedUnion<T1, T2> {
  /** Which side it came from: 1 or 2. */
  readonly input: 1 | 2;
  /** The record. */
  readonly value: T1 | T2;

  private constructor(input: 1 | 2, value: T1 | T2) {
    this.input = input;
    this.value = value;
  }

  /** A record of the first stream. */
  static one<T1, T2>(value: T1): TaggedUnion<T1, T2> {
    return new TaggedUnion<T1, T2>(1, value);
  }

  /** A record of the second stream. */
  static two<T1, T2>(value: T2): TaggedUnion<T1, T2> {
    return new TaggedUnion<T1, T2>(2, value);
  }

  /** True for a record of the first stream. */
  isOne(): boolean {
    return this.input === 1;
  }

  /** True for a record of the second stream. */
  isTwo(): boolean {
    return this.input === 2;
  }

  /** The record, if it is one of the first stream; else null. */
  getOne(): T1 | null {
    return this.input === 1 ? (this.value as T1) : null;
  }

  /** The record, if it is one of the second stream; else null. */
  getTwo(): T2 | null {
    return this.input === 2 ? (this.value as T2) : null;
  }
}
