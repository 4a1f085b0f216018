import type { Span } from "./span.ts";

/**
 * `word` = unquoted identifier or keyword, `quoted` = back-quoted identifier, `string` and `bytes` = literals (value without
 * quotes, escapes undone), `hint` = the text inside a comment of the form slash-star-plus.
 */
export type TokenKind = "word" | "quoted" | "string" | "bytes" | "integer" | "decimal" | "double" | "symbol" | "hint" | "end";

export interface Token extends Span {
  readonly kind: TokenKind;
  /** As meant: identifier text, literal value, symbol. */
  readonly text: string;
  /** Upper case of a word, else the text: what keywords are compared with. */
  readonly upper: string;
}
