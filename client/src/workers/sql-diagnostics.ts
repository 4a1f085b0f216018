/** What the page and the worker that checks Flink SQL say to each other. */
import type { DiagnosticData } from "@millrace/server/contract";

/** A script beside the DDL that the problem gives, with the module of its functions. */
export interface SqlCheckRequest {
  readonly text: string;
  /** "" = none. */
  readonly functions: string;
  readonly given: string;
  /** Topics of the problem's worlds. */
  readonly topics: readonly string[];
}

/** Answers come in the order of the requests. */
export interface SqlCheckAnswer {
  /** null = the script calls functions that say what they are only when they run. */
  readonly diagnostics: readonly DiagnosticData[] | null;
}
