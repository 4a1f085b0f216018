import type { SqlError } from "./sql-error.ts";
import type { Span } from "./span.ts";

/**
 * `word` = unquoted identifier or keyword, `quoted` = back-quoted identifier; `string` is a plain literal, `prefixedString` one with a character set, `unicodeString`
 * U&'…', `escapedString` E'…', `bytes` X'…' (value without quotes); `bad` = what starts no token, or never ends.
 */
export type TokenKind =
  | "word"
  | "quoted"
  | "string"
  | "prefixedString"
  | "unicodeString"
  | "escapedString"
  | "bytes"
  | "integer"
  | "decimal"
  | "double"
  | "symbol"
  | "bad"
  | "end";

export interface Token extends Span {
  readonly kind: TokenKind;
  /** As meant: identifier text, literal value, symbol. */
  readonly text: string;
  /** Upper case of a word, a symbol as it is, empty for all others: what keywords are compared with. */
  readonly upper: string;
  /** Can stand as a name: an identifier, or a keyword that is not reserved. */
  readonly identifier: boolean;
  /** What is wrong with a bad token. */
  readonly error: SqlError | null;
}
