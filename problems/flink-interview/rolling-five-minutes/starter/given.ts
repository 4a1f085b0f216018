/** A message on topic `requests`. */
export interface Request {
  readonly endpoint: string;
  /** Event time, epoch milliseconds. */
  readonly at: number;
}

/** A row of topic `rates`. */
export interface Rate {
  readonly endpoint: string;
  /** First millisecond of the window. */
  readonly from: number;
  /** The first millisecond behind it. */
  readonly to: number;
  readonly count: number;
}
