/** A message on topic `readings`. */
export interface Reading {
  readonly meter: string;
  /** Power; negative while the roof feeds into the grid. */
  readonly watts: number;
  /** Event time, epoch milliseconds. */
  readonly at: number;
}

/** A row of topic `hours`. */
export interface Hour {
  readonly meter: string;
  /** First millisecond of the hour. */
  readonly from: number;
  readonly readings: number;
  readonly lowest: number;
  readonly highest: number;
  readonly total: number;
}
