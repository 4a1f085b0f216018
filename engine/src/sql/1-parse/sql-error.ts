import { type DiagnosticData, Diagnostic, type TextSpan } from "../../base/diagnostic.ts";
import type { Span } from "./span.ts";

export interface SqlErrorDetails {
  readonly found?: string;
  readonly expected?: string;
  readonly hint?: string;
}

/** A mistake in the user's SQL, positioned by offsets; `toDiagnostic` turns them into lines and columns of the text. */
export class SqlError extends Error {
  readonly code: string;
  readonly phase: "parse" | "validate" | "plan";
  readonly span: Span | null;
  readonly details: SqlErrorDetails;

  constructor(phase: "parse" | "validate" | "plan", code: string, message: string, span: Span | null, details: SqlErrorDetails = {}) {
    super(message);
    this.name = "SqlError";
    this.code = code;
    this.phase = phase;
    this.span = span;
    this.details = details;
  }

  /** The same, at this place if it has none yet. */
  at(span: Span): SqlError {
    return this.span === null ? new SqlError(this.phase, this.code, this.message, span, this.details) : this;
  }

  toDiagnostic(text: string, file?: string): DiagnosticData {
    return {
      code: this.code,
      message: this.message,
      phase: this.phase,
      ...(this.span === null ? {} : { span: textSpanOf(text, this.span) }),
      ...(file === undefined ? {} : { file }),
      ...this.details,
    };
  }

  raise(text: string, file?: string): never {
    throw new Diagnostic(this.toDiagnostic(text, file));
  }
}

/** Mistakes that the action finds, and says no place for, are at this one. */
export function placed<T>(span: Span, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw error instanceof SqlError ? error.at(span) : error;
  }
}

/** 1-based lines and columns of an offset range. */
export function textSpanOf(text: string, span: Span): TextSpan {
  const start = positionOf(text, span.start);
  const end = positionOf(text, span.end);
  return { line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
}

function positionOf(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let lineStart = 0;
  const end = Math.min(offset, text.length);
  for (let i = 0; i < end; i++) {
    if (text.charCodeAt(i) === 10) {
      line++;
      lineStart = i + 1;
    }
  }
  return { line, column: end - lineStart + 1 };
}
