/** A message on topic `visits`. */
export interface Visit {
  readonly id: string;
  /** From a cookie: most of them are seen once and never again. */
  readonly visitor: string;
}

/** A row of topic `welcomes`. */
export interface Welcome {
  readonly visitor: string;
  /** The visit that the welcome is for. */
  readonly id: string;
}
