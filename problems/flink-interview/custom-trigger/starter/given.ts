/** A message on topic `actions`. */
export interface Action {
  readonly user: string;
  readonly kind: "view" | "add" | "checkout";
  /** Event time, epoch milliseconds. */
  readonly at: number;
}

/** A row of topic `visits`. */
export interface Visit {
  readonly user: string;
  /** Of the first action known so far. */
  readonly from: number;
  /** Ten minutes after the last one known so far. */
  readonly to: number;
  /** All of the visit so far, not only those since the last row. */
  readonly actions: number;
  /** The visit is over. */
  readonly final: boolean;
}
