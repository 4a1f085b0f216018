/**
 * A value on its way between two operators, with its event timestamp.
 *
 * One mutable instance is reused along a chain of operators (as in Flink's `StreamRecord.replace`), so an operator that keeps a
 * value beyond `processElement` must take `value` out, never the record itself.
 */
export class StreamRecord<T = unknown> {
  value: T;
  /** Event time in epoch milliseconds; meaningless while `hasTimestamp` is false. */
  timestamp: number;
  hasTimestamp: boolean;

  constructor(value: T, timestamp?: number) {
    this.value = value;
    this.timestamp = timestamp === undefined ? 0 : timestamp;
    this.hasTimestamp = timestamp !== undefined;
  }

  /** Puts another value in, keeping the timestamp. */
  replace<R>(value: R): StreamRecord<R> {
    const self = this as unknown as StreamRecord<R>;
    self.value = value;
    return self;
  }

  setTimestamp(timestamp: number): void {
    this.timestamp = timestamp;
    this.hasTimestamp = true;
  }

  eraseTimestamp(): void {
    this.timestamp = 0;
    this.hasTimestamp = false;
  }
}
