/** A message on topic `events`. */
export interface Event {
  readonly id: string;
  /** 1 for the first delivery of this id, 2 for the second … */
  readonly delivery: number;
  /** The producer's clock, epoch milliseconds. */
  readonly createdAt: number;
  readonly payload: string;
}

/** A row of topic `unique`. */
export interface Unique {
  readonly id: string;
  readonly delivery: number;
  readonly payload: string;
}
