/** What a learner is shown of a problem before running anything: sample inputs, expected outputs, the form of a trace question. */

export interface SampleWorld {
  readonly name: string;
  readonly title: string;
  readonly faults: readonly string[];
  readonly inputs: readonly SampleTable[];
  readonly expected: readonly SampleTable[];
}

export interface SampleTable {
  readonly topic: string;
  readonly columns: readonly { readonly name: string; readonly role: "value" | "eventTime" | "processingTime" | "offset" }[];
  readonly rows: readonly (readonly unknown[])[];
}

/** A trace question: rows are steps, some cells are blanks. Answers are keyed `<row>.<column>`. */
export interface TraceForm {
  readonly prompt: string;
  readonly columns: readonly { readonly name: string; readonly label: string; readonly blank: boolean; readonly hint: string | null }[];
  readonly rows: readonly { readonly id: string; readonly cells: readonly unknown[] }[];
}
