/** A message on topic `orders`. */
export interface Order {
  readonly customer: string;
  readonly amount: number;
  /** Placed by a test of the shop. */
  readonly test: boolean;
}

/** A row of topic `totals`. */
export interface Totals {
  readonly customer: string;
  readonly orders: number;
  readonly total: number;
  /** From version 2 on. */
  readonly highest: number;
}
