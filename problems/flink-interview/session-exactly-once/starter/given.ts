/** A message on topic `clicks`. */
export interface Click {
  readonly user: string;
  readonly page: string;
  /** When it happened, epoch milliseconds. */
  readonly at: number;
}

/** A row of topic `sessions`. Times are epoch milliseconds. */
export interface Session {
  readonly user: string;
  readonly from: number;
  readonly to: number;
  readonly clicks: number;
  readonly landing: string;
}
