/** A message on topic `readings`. */
export interface Reading {
  readonly id: string;
  readonly sensor: string;
  readonly celsius: number;
  /** Event time, epoch milliseconds. */
  readonly at: number;
}

/** A row of topic `means`. */
export interface Mean {
  readonly sensor: string;
  /** The reading that this row answers. */
  readonly id: string;
  /** How many readings the mean is of: 1, 2 or 3. */
  readonly readings: number;
  readonly mean: number;
}
