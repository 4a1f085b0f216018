import { currentPosition } from "./source-position.ts";

/** Where in the user's text: 1-based lines and columns, end exclusive. */
export interface TextSpan {
  /** First line, counted from 1. */
  readonly line: number;
  /** First column, counted from 1. */
  readonly column: number;
  /** Last line; absent = the same line. */
  readonly endLine?: number;
  /** Column behind the last character; absent = unknown. */
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
  /** Where in the text, absent when nobody can tell. */
  readonly span?: TextSpan;
  /** Which file, absent when there is only one. */
  readonly file?: string;
  /** What was found and what would have been right. */
  readonly found?: string;
  /** What would have been right. */
  readonly expected?: string;
  /** What to do about it. */
  readonly hint?: string;
}

/**
 * The throwable form; the second of the three kinds of error (invariant, diagnostic, failure). Made without a span while a line of the
 * learner's program is being executed, it takes that line's; made by an operator at work, it gets the operator's place from the task.
 */
export class Diagnostic extends Error {
  /** What is wrong, where, and what would help. */
  readonly data: DiagnosticData;

  constructor(data: DiagnosticData) {
    super(data.message);
    this.name = "Diagnostic";
    const position = data.span === undefined ? currentPosition() : undefined;
    if (position === undefined) this.data = data;
    else {
      const { file, ...span } = position;
      this.data = { ...(file === undefined ? {} : { file }), ...data, span };
    }
  }
}
