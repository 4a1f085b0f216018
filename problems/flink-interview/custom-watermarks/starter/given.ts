/** A message on topic `readings`. */
export interface Message {
  readonly kind: "reading" | "end";
  /** Which station measured; of a mark the one that sends it. */
  readonly station: string;
  /** Reading: when it was measured. Mark: no reading of this partition with this time or an earlier one follows. Epoch milliseconds. */
  readonly at: number;
  /** Degrees; 0 in a mark. */
  readonly celsius: number;
}

/** A row of topic `summaries`. */
export interface Summary {
  readonly station: string;
  /** Begin of the ten minutes, epoch milliseconds. */
  readonly from: number;
  readonly readings: number;
  readonly hottest: number;
}
