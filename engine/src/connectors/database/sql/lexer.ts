/** Cuts the text of a statement into tokens. */
import { PostgresError, SQLSTATE } from "../postgres-error.ts";

export interface Token {
  /** `end` comes last, once. */
  readonly kind: "word" | "quoted" | "number" | "string" | "parameter" | "symbol" | "end";
  /** Words in lower case; texts without their quotes. */
  readonly text: string;
  /** Place in the statement, counted from 0. */
  readonly at: number;
}

const TOKEN =
  /\s+|--[^\n]*|\/\*[\s\S]*?\*\/|([A-Za-z_][A-Za-z0-9_$]*)|"((?:[^"]|"")*)"|'((?:[^']|'')*)'|(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(\?)|(\|\||::|<>|!=|<=|>=|[-+*/=<>(),.;])/y;

/** @throws PostgresError 42601 for what is no token */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw syntaxError(text, at, text[at]);
    const [, word, quoted, string, number, parameter, symbol] = match;
    if (word !== undefined) tokens.push({ kind: "word", text: word.toLowerCase(), at });
    else if (quoted !== undefined) tokens.push({ kind: "quoted", text: quoted.replaceAll('""', '"'), at });
    else if (string !== undefined) tokens.push({ kind: "string", text: string.replaceAll("''", "'"), at });
    else if (number !== undefined) tokens.push({ kind: "number", text: number, at });
    else if (parameter !== undefined) tokens.push({ kind: "parameter", text: "?", at });
    else if (symbol !== undefined) tokens.push({ kind: "symbol", text: symbol === "!=" ? "<>" : symbol, at });
  }
  tokens.push({ kind: "end", text: "", at: text.length });
  return tokens;
}

/** PostgreSQL's words for a statement that cannot be read. */
export function syntaxError(statement: string, at: number, found: string, hint?: string): PostgresError {
  const where = found === "" ? "at end of input" : `at or near "${found}"`;
  const detail = `Position: ${at + 1} in "${statement.length > 120 ? `${statement.slice(0, 120)}…` : statement}".`;
  return new PostgresError(SQLSTATE.syntaxError, `syntax error ${where}`, { detail, ...(hint === undefined ? {} : { hint }) });
}
