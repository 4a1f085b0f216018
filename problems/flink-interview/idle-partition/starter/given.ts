/** A message on topic `events`, and a row of topic `late`. */
export interface Event {
  readonly id: string;
  readonly kind: string;
  /** Event time, epoch milliseconds. */
  readonly at: number;
}

/** A row of topic `counts`. */
export interface Count {
  readonly kind: string;
  /** Begin of the minute, epoch milliseconds. */
  readonly from: number;
  readonly count: number;
}
