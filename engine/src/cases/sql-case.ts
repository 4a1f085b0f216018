/**
 * A case in the format in which real Flink's behaviour is recorded: rows of some tables in the order in which they arrive, a query, and what came of it.
 * Rows come one at a time; each, and the watermark of its table behind it (the highest rowtime so far − the delay), is fully processed before the next one.
 * Parallelism 1, no checkpoints; when all rows are in, every table ends.
 */
export interface SqlCaseTable {
  readonly name: string;
  readonly columns: readonly (readonly [string, string])[];
  readonly rowtime?: string;
  readonly watermarkDelayMs?: number;
  readonly primaryKey?: readonly string[];
  readonly changelogMode?: "insert" | "retract" | "upsert";
  readonly computed?: readonly (readonly [string, string])[];
  readonly rows: readonly (readonly [seq: number, op: string, values: readonly unknown[]])[];
}

/** What is run; `SqlCase` has the result with it. */
export interface SqlCaseInput {
  readonly id: string;
  readonly area: string;
  readonly title?: string;
  readonly config?: Readonly<Record<string, string>>;
  readonly tables: readonly SqlCaseTable[];
  readonly setup?: readonly string[];
  readonly query: string;
  /** Recorded with its plan; `explainOnly` = it was not run. */
  readonly explain?: boolean;
  readonly explainOnly?: boolean;
}

export interface SqlCase extends SqlCaseInput {
  readonly expect: {
    readonly columns?: readonly (readonly [string, string])[];
    readonly changelog?: readonly (readonly [string, readonly unknown[]])[];
    readonly after?: readonly (number | null)[];
    readonly final?: readonly (readonly unknown[])[];
    readonly stable?: boolean;
    readonly orderSensitive?: boolean;
    readonly finalUnstable?: boolean;
    readonly unmatchedRetractions?: boolean;
    readonly explain?: string;
    readonly error?: { readonly phase: string; readonly message: string };
  };
}
