/** A message on topic `messages`. */
export type Message = { readonly car: string /** Event time, epoch milliseconds. */; readonly at: number } & (
  | { readonly kind: "move"; readonly speed: number }
  | { readonly kind: "fault"; readonly code: string }
  | { readonly kind: "stop"; readonly place: string }
  | { readonly kind: "end" }
);

/** A row of topic `trips`. */
export interface Trip {
  readonly car: string;
  /** Time of the first message. */
  readonly from: number;
  /** Time of the last one. */
  readonly to: number;
  /** Highest speed; null if the car never moved. */
  readonly top: number | null;
  /** Mean of the speeds; null if the car never moved. */
  readonly mean: number | null;
  /** How often each code came, by code: `E1:2 E7:1`. Empty without any. */
  readonly faults: string;
  /** The places in order: `depot harbour`. Empty without any. */
  readonly stops: string;
  /** False when the car fell silent. */
  readonly ended: boolean;
}
