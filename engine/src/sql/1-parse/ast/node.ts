import type { Span } from "../span.ts";

/** Every node of the syntax tree knows where it stands. */
export interface Node {
  readonly span: Span;
}

/** A name as written; back quotes are gone, case is kept. */
export interface Identifier extends Node {
  readonly name: string;
}
