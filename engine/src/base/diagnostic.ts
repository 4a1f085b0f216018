/** Where in the user's text: 1-based lines and columns, end exclusive. */
export interface TextSpan {
  readonly line: number;
  readonly column: number;
  readonly endLine?: number;
  readonly endColumn?: number;
}

/** A mistake in the user's program, told so that it can be mended. */
export interface DiagnosticData {
  /** `AREA_WORDS`, stable, never reused; the client links it to its explanation. */
  readonly code: string;
  /** One sentence: what was found. */
  readonly message: string;
  /** "parse" | "validate" | "plan" | "runtime" for SQL; "compile" | "graph" | "runtime" for DataStream. */
  readonly phase: "parse" | "validate" | "plan" | "compile" | "graph" | "runtime";
  readonly span?: TextSpan;
  readonly file?: string;
  /** What was found and what would have been right. */
  readonly found?: string;
  readonly expected?: string;
  /** What to do about it. */
  readonly hint?: string;
}

/** The throwable form; the second of the three kinds of error (invariant, diagnostic, failure). */
export class Diagnostic extends Error {
  readonly data: DiagnosticData;

  constructor(data: DiagnosticData) {
    super(data.message);
    this.name = "Diagnostic";
    this.data = data;
  }
}
