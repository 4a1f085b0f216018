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

/** A choice of a cell. */
export interface FormOption {
  readonly value: string;
  readonly label: string;
}

export interface FormColumn {
  readonly name: string;
  readonly label: string;
  /** To be filled in. */
  readonly blank: boolean;
  readonly hint: string | null;
  /** What can be chosen in each of its cells; null = anything may be written. */
  readonly options: readonly FormOption[] | null;
}

export interface FormRow {
  readonly id: string;
  /** As the columns; null where something is to be filled in. */
  readonly cells: readonly unknown[];
  /** Choices of this row's blank, where they are not the column's; absent = the column's. */
  readonly options?: readonly FormOption[];
  /** What stands in the blank before anybody has touched it; absent = nothing. */
  readonly initial?: string;
  /** What may be written into this row's blank, e.g. "a duration such as 10 s". */
  readonly hint?: string;
}

/** A table to fill in: a trace question, decisions, settings. Answers are keyed row, then column. */
export interface AnswerForm {
  readonly prompt: string;
  readonly columns: readonly FormColumn[];
  readonly rows: readonly FormRow[];
  /** Which variation of the question this is, from 0, and how many there are. */
  readonly variation: number;
  readonly variations: number;
}
