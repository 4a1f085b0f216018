/** A message on topic `payments`. */
export interface Payment {
  readonly id: number;
  readonly account: string;
  /** Negative = money that leaves the account. */
  readonly cents: number;
}

/** A row of table `ledger`. */
export interface Entry extends Payment {
  /** The account's balance after this payment. */
  readonly balance: number;
}
