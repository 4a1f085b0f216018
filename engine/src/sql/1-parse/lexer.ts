/**
 * Text to tokens. Comments (`--`, slash-star) vanish, hints (slash-star-plus) stay. Identifiers keep their case: Flink's names are
 * case-sensitive, only keywords and functions are not.
 */
import { SqlError } from "./sql-error.ts";
import type { Token, TokenKind } from "./token.ts";

const TWO_CHAR_SYMBOLS = ["<>", "<=", ">=", "||", "=>", "!=", "->"];
const SYMBOLS = "()[]{},.;+-*/%<>=?:^|$";

/** Splits the text; throws `SqlError` (SQL_UNTERMINATED, SQL_LEXICAL) at the first character that starts no token. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const push = (kind: TokenKind, value: string, end: number): void => {
    tokens.push({ kind, text: value, upper: kind === "word" ? value.toUpperCase() : value, start: at, end });
    at = end;
  };
  while (at < text.length) {
    const c = text[at];
    if (/\s/.test(c)) {
      at++;
    } else if (c === "-" && text[at + 1] === "-") {
      const end = text.indexOf("\n", at);
      at = end < 0 ? text.length : end + 1;
    } else if (c === "/" && text[at + 1] === "*") {
      const end = text.indexOf("*/", at + 2);
      if (end < 0) throw unterminated("comment", at, text.length, "*/");
      if (text[at + 2] === "+") push("hint", text.slice(at + 3, end), end + 2);
      else at = end + 2;
    } else if (c === "'") {
      const [value, end] = quotedText(text, at, "'");
      push("string", value, end);
    } else if (c === "`") {
      const [value, end] = quotedText(text, at, "`");
      push("quoted", value, end);
    } else if ((c === "X" || c === "x") && text[at + 1] === "'") {
      const [value, end] = quotedText(text, at + 1, "'");
      push("bytes", value, end);
    } else if ((c === "E" || c === "e") && text[at + 1] === "'") {
      const [value, end] = quotedText(text, at + 1, "'");
      push("string", undoCEscapes(value), end);
    } else if ((c === "U" || c === "u") && text[at + 1] === "&" && text[at + 2] === "'") {
      const [value, end] = quotedText(text, at + 2, "'");
      push(
        "string",
        value.replace(/\\([0-9a-fA-F]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
        end,
      );
    } else if (/[A-Za-z_\u0080-\uffff]/.test(c)) {
      let end = at + 1;
      while (end < text.length && /[A-Za-z0-9_$\u0080-\uffff]/.test(text[end])) end++;
      push("word", text.slice(at, end), end);
    } else if (/[0-9]/.test(c) || (c === "." && /[0-9]/.test(text[at + 1] ?? ""))) {
      const match = /^(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?/.exec(text.slice(at, at + 80))!;
      const kind = match[3] !== undefined ? "double" : match[0].includes(".") ? "decimal" : "integer";
      push(kind, match[0], at + match[0].length);
    } else if (TWO_CHAR_SYMBOLS.includes(text.slice(at, at + 2))) {
      push("symbol", text.slice(at, at + 2), at + 2);
    } else if (SYMBOLS.includes(c)) {
      push("symbol", c, at + 1);
    } else {
      const hint = c === '"' ? "Strings stand in single quotes, identifiers in back quotes." : undefined;
      throw new SqlError(
        "parse",
        "SQL_LEXICAL",
        `Unexpected character ${JSON.stringify(c)}.`,
        { start: at, end: at + 1 },
        { found: c, hint },
      );
    }
  }
  tokens.push({ kind: "end", text: "", upper: "", start: text.length, end: text.length });
  return tokens;
}

function quotedText(text: string, open: number, quote: string): [string, number] {
  let value = "";
  let at = open + 1;
  for (;;) {
    const close = text.indexOf(quote, at);
    if (close < 0) throw unterminated(quote === "'" ? "string" : "quoted identifier", open, open + 1, quote);
    value += text.slice(at, close);
    if (text[close + 1] !== quote) return [value, close + 1];
    value += quote;
    at = close + 2;
  }
}

function undoCEscapes(value: string): string {
  const named: Record<string, string> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" };
  return value.replace(/\\(u[0-9a-fA-F]{4}|.)/g, (_, e: string) =>
    e.length === 5 ? String.fromCharCode(Number.parseInt(e.slice(1), 16)) : (named[e] ?? e),
  );
}

function unterminated(what: string, start: number, end: number, closing: string): SqlError {
  return new SqlError(
    "parse",
    "SQL_UNTERMINATED",
    `This ${what} has no end.`,
    { start, end },
    { found: "end of the script", expected: `closing ${closing}` },
  );
}
