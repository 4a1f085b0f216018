/** A record of topic `orders`. */
export interface Order {
  readonly kind: "sale" | "test";
  readonly city: string;
  readonly cents: number;
}

/** A record of topic `city_changes`. */
export interface Change {
  readonly op: string;
  readonly city: string;
  readonly orders: number;
  readonly cents: number;
}
