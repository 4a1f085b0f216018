/** A message on topic `taps`, and a row of topic `late`. */
export interface Tap {
  readonly id: string;
  readonly gate: string;
  /** When the ticket was tapped, epoch milliseconds. */
  readonly at: number;
}

/** A row of topic `counts`. */
export interface GateCount {
  readonly gate: string;
  /** Start of the window, epoch milliseconds. */
  readonly from: number;
  readonly count: number;
}
