/** An outside service, as a world describes it. Plain data; absent fields mean that nothing of the kind happens. */
export interface ServiceDescription {
  /** What functions ask for: `getExternalService("profiles")`. */
  readonly name: string;
  /** What the service knows. */
  readonly rows?: readonly ServiceRow[];
  /** It knows, by record key, the last committed value in this topic of the world, besides `rows`. */
  readonly topic?: string;
  /** It knows, by primary key, the committed rows of a table in one of the world's databases, besides `rows`. A database that is down answers with errors. */
  readonly table?: { readonly database: string; readonly name: string };
  /** From a request to its answer, drawn evenly between both ends for each request. */
  readonly latencyMs: LatencyRange;
  /** A share of requests (0 … 1) that take longer. */
  readonly slow?: { readonly share: number; readonly latencyMs: LatencyRange };
  /** Share of requests (0 … 1) that are answered with an error. Default 0. */
  readonly failureRate?: number;
  readonly outages?: readonly ServiceOutage[];
}

export interface ServiceRow {
  /** Compared by value. */
  readonly key: unknown;
  readonly value: unknown;
  /** The key has this value from then on, epoch ms; of several rows of a key the latest counts. Default: always. */
  readonly fromMs?: number;
}

export interface LatencyRange {
  readonly min: number;
  readonly max: number;
}

/** A time in which the service is down, epoch ms, for requests made from `fromMs` to before `toMs`. */
export interface ServiceOutage {
  readonly fromMs: number;
  readonly toMs: number;
  /** `errors` = every request is answered with an error; `silence` = none is ever answered. */
  readonly kind: "errors" | "silence";
}
