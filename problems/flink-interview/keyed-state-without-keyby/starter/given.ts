/** A message on topic `attempts`. */
export interface Attempt {
  readonly id: number;
  /** As it was typed: letters large or small, spaces before or behind. */
  readonly user: string;
  readonly ok: boolean;
}

/** A row of topic `alarms`. */
export interface Alarm {
  /** Id of the third failed attempt. */
  readonly attempt: number;
  readonly user: string;
}
