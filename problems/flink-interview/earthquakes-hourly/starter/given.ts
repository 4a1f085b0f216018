/** A message on topic `quakes`. */
export interface Quake {
  readonly id: string;
  /** The network that reports it. */
  readonly net: string;
  /** Magnitude; may be negative. */
  readonly mag: number;
  readonly place: string;
  /** When it shook, epoch milliseconds. */
  readonly time: number;
}

/** A row of topic `hourly`. */
export interface Hour {
  readonly net: string;
  /** Start of the hour, epoch milliseconds. */
  readonly hour: number;
  readonly quakes: number;
  readonly strongest: number;
  readonly place: string;
}

/** A row of topic `late`. */
export interface LateQuake {
  readonly id: string;
  readonly net: string;
  readonly time: number;
}
