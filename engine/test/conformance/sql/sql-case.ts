/** A recorded case, as its README describes it. */
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

export interface SqlCase {
  readonly id: string;
  readonly area: string;
  readonly config?: Readonly<Record<string, string>>;
  readonly tables: readonly SqlCaseTable[];
  readonly setup?: readonly string[];
  readonly query: string;
  /** Recorded with its plan; `explainOnly` = it was not run. */
  readonly explain?: boolean;
  readonly explainOnly?: boolean;
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
