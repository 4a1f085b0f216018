/** A message on topics `payments` and `booked`. */
export interface Payment {
  readonly id: string;
  readonly account: string;
  readonly cents: number;
}

/** A row of topic `balances`. */
export interface Balance {
  /** The payment after which the account stood like this. */
  readonly id: string;
  readonly account: string;
  /** In cents. */
  readonly balance: number;
}
