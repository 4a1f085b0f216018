/** A message on topic `orders`. */
export interface Order {
  readonly id: number;
  readonly customer: string;
  readonly cents: number;
  /** When it was placed, epoch milliseconds. */
  readonly at: number;
}

/** A row of topic `priced`. */
export interface Priced extends Order {
  /** Where the customer lives; null = nobody knows the customer. */
  readonly country: string | null;
}
