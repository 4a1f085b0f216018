/** A message on topic `readings`. */
export interface Reading {
  readonly id: string;
  readonly device: string;
  readonly celsius: number;
}

/** A message on topic `limits`. */
export interface Limit {
  readonly device: string;
  /** Degrees Celsius; null = no alerts wanted. */
  readonly limit: number | null;
}

/** A row of topic `alerts`. */
export interface Alert {
  readonly id: string;
  readonly device: string;
  readonly celsius: number;
  /** Degrees above the limit. */
  readonly over: number;
}
