/**
 * Text to tokens, as Flink's lexer cuts them. Comments (`--`, `//`, slash-star) vanish; the brackets of hints (slash-star-plus, star-slash) stay as symbols. Identifiers
 * keep their case: Flink's names are case-sensitive, only keywords and functions are not.
 *
 * Nothing is thrown: what starts no token, and what has no end, becomes a `bad` token with its error, and reading goes on behind it. A string without an end is taken
 * to end with its line, so that one forgotten quote does not swallow the script.
 */
import { RESERVED } from "./keywords.ts";
import { SqlError } from "./sql-error.ts";
import type { Token, TokenKind } from "./token.ts";

const TWO_CHAR_SYMBOLS = new Set(["<>", "<=", ">=", "!=", "||", "=>", "..", "*/"]);
const ONE_CHAR_SYMBOLS = new Set("()[]{},.;+-*/%<>=?:^|$".split(""));
/** Calcite's token for collations. It swallows points and minus signs, so `t.a$b` is no column of `t`. */
const COLLATION =
  /[$A-Za-z_0-9\u00c0-\u1fff\u3040-\u318f\u3300-\u337f\u3400-\u3d2d\u4e00-\u9fff\uf900-\ufaff][$A-Za-z_0-9\u00c0-\u1fff\u3040-\u318f\u3300-\u337f\u3400-\u3d2d\u4e00-\u9fff\uf900-\ufaff:.-]*\$[$A-Za-z_]+(\$[$A-Za-z_0-9]+)?/y;
const NUMBER = /(?:\d+\.?\d*|\.\d+)([eE][+-]?\d+)?/y;
const CHARSET_STRING = /_[A-Za-z0-9][A-Za-z0-9:.\-_]*'/y;
/** `{d`, `{t`, `{ts`, `{fn`: the brackets of JDBC escapes. */
const JDBC_BRACKET = /\{ *(ts|fn|d|t)/iy;

const CHARACTER_HINTS: Readonly<Record<string, string | undefined>> = {
  '"': "Strings stand in single quotes, identifiers in back quotes.",
  "!": "Flink writes 'not equal' as <>, and negation as NOT.",
};

export function tokenize(text: string): readonly Token[] {
  return new Lexer(text).run();
}

class Lexer {
  private readonly text: string;
  private readonly tokens: Token[] = [];
  private readonly collations: boolean;
  private at = 0;

  constructor(text: string) {
    this.text = text;
    this.collations = text.includes("$");
  }

  run(): readonly Token[] {
    const { text } = this;
    while (this.at < text.length) {
      const code = text.charCodeAt(this.at);
      if (code === 32 || code === 10 || code === 9 || code === 13 || code === 12) this.at++;
      else if (isLetter(code)) this.tokens.push(this.word());
      else if (isDigit(code) || (code === 46 && isDigit(text.charCodeAt(this.at + 1)))) this.tokens.push(this.number());
      else if (!this.skipComment()) this.tokens.push(this.other(text[this.at]));
    }
    this.tokens.push({ kind: "end", text: "", upper: "", identifier: false, error: null, start: text.length, end: text.length });
    return this.tokens;
  }

  /** `A.dateTime`: Flink 2.3 reserves the word even there, older releases did not, and a published query of Nexmark (q23) has it. Nothing else can be meant. */
  private isDateTimeField(upper: string): boolean {
    return upper === "DATETIME" && this.tokens.at(-1)?.text === "." && this.tokens.at(-1)?.kind === "symbol";
  }

  private token(kind: TokenKind, value: string, end: number): Token {
    const upper = kind === "word" ? value.toUpperCase() : kind === "symbol" ? value : "";
    const identifier = kind === "quoted" || (kind === "word" && (!RESERVED.has(upper) || this.isDateTimeField(upper)));
    const start = this.at;
    this.at = end;
    return { kind, text: value, upper, identifier, error: null, start, end };
  }

  private bad(end: number, error: SqlError): Token {
    const start = this.at;
    this.at = end;
    return { kind: "bad", text: this.text.slice(start, end), upper: "", identifier: false, error, start, end };
  }

  private word(): Token {
    const { text, at } = this;
    const c = text[at];
    const next = text[at + 1];
    if (next === "'") {
      if (c === "X" || c === "x") return this.quoted("bytes", at + 1);
      if (c === "E" || c === "e") return this.escaped(at + 1);
      if (c === "N" || c === "n") return this.quoted("prefixedString", at + 1);
    }
    if (next === "&" && text[at + 2] === "'" && (c === "U" || c === "u")) return this.quoted("unicodeString", at + 2);
    if (c === "_") {
      CHARSET_STRING.lastIndex = at;
      if (CHARSET_STRING.test(text)) return this.quoted("prefixedString", CHARSET_STRING.lastIndex - 1);
    }
    let end = at + 1;
    while (end < text.length && isLetterOrDigit(text.charCodeAt(end))) end++;
    const collation = this.collation(end);
    if (collation !== null) return collation;
    if (end - at === 3 && text.slice(at, at + 8).toUpperCase() === "END-EXEC") end = at + 8;
    return this.token("word", text.slice(at, end), end);
  }

  private number(): Token {
    const { text, at } = this;
    NUMBER.lastIndex = at;
    const match = NUMBER.exec(text)!;
    const end = at + match[0].length;
    const collation = this.collation(end);
    if (collation !== null) return collation;
    return this.token(match[1] !== undefined ? "double" : match[0].includes(".") ? "decimal" : "integer", match[0], end);
  }

  /** A collation's name that is longer than the word or number up to `end`, or null; it means nothing anywhere. */
  private collation(end: number): Token | null {
    if (!this.collations) return null;
    COLLATION.lastIndex = this.at;
    if (!COLLATION.test(this.text) || COLLATION.lastIndex <= end) return null;
    const stop = COLLATION.lastIndex;
    const found = this.text.slice(this.at, stop);
    return this.bad(
      stop,
      new SqlError("parse", "SQL_LEXICAL", `'${found}' is read as one word, the name of a collation.`, this.spanTo(stop), {
        found,
        hint: "A name with $ needs back quotes when a point or a minus sign stands before it.",
      }),
    );
  }

  private skipComment(): boolean {
    const { text, at } = this;
    const two = text.slice(at, at + 2);
    if (two === "--" || two === "//") {
      while (this.at < text.length && text[this.at] !== "\n" && text[this.at] !== "\r") this.at++;
      return true;
    }
    if (two !== "/*" || text[at + 2] === "+") return false;
    const end = text.indexOf("*/", at + 2);
    if (end >= 0) this.at = end + 2;
    return end >= 0;
  }

  private other(c: string): Token {
    const { text, at } = this;
    if (c === "'") return this.quoted("string", at);
    if (c === "`") return this.identifier();
    const two = text.slice(at, at + 2);
    if (two === "/*")
      return text[at + 2] === "+" ? this.token("symbol", "/*+", at + 3) : this.unterminated("comment", at + 2, text.length, "*/");
    if (TWO_CHAR_SYMBOLS.has(two)) return this.token("symbol", two, at + 2);
    if (c === "{") {
      JDBC_BRACKET.lastIndex = at;
      const match = JDBC_BRACKET.exec(text);
      return match === null ? this.token("symbol", c, at + 1) : this.token("symbol", `{${match[1].toLowerCase()}`, at + match[0].length);
    }
    if (ONE_CHAR_SYMBOLS.has(c)) return this.token("symbol", c, at + 1);
    const details = { found: c, hint: CHARACTER_HINTS[c] };
    return this.bad(
      at + 1,
      new SqlError("parse", "SQL_LEXICAL", `Unexpected character ${JSON.stringify(c)}.`, this.spanTo(at + 1), details),
    );
  }

  private quoted(kind: TokenKind, open: number): Token {
    const { text } = this;
    let value = "";
    let from = open + 1;
    for (;;) {
      const close = text.indexOf("'", from);
      if (close < 0) return this.unterminated("string", open + 1, this.endOfLine(open), "'");
      value += text.slice(from, close);
      if (text[close + 1] !== "'") return this.token(kind, value, close + 1);
      value += "'";
      from = close + 2;
    }
  }

  /** E'…' with backslash escapes. */
  private escaped(open: number): Token {
    const { text } = this;
    let end = open + 1;
    for (;;) {
      if (end >= text.length) return this.unterminated("string", open + 1, this.endOfLine(open), "'");
      if (text[end] === "\\") end += 2;
      else if (text[end] !== "'") end++;
      else if (text[end + 1] === "'") end += 2;
      else break;
    }
    return this.token("escapedString", text.slice(open + 1, end).replaceAll("''", "'"), end + 1);
  }

  private identifier(): Token {
    const { text, at } = this;
    let value = "";
    let from = at + 1;
    for (;;) {
      const close = text.indexOf("`", from);
      const line = this.endOfLine(at);
      if (close < 0 || close > line) return this.unterminated("quoted identifier", at + 1, line, "`");
      value += text.slice(from, close);
      if (text[close + 1] === "`") {
        value += "`";
        from = close + 2;
        continue;
      }
      if (value.length > 0) return this.token("quoted", value, close + 1);
      return this.bad(
        close + 1,
        new SqlError("parse", "SQL_LEXICAL", "A quoted identifier has at least one character.", this.spanTo(close + 1), { found: "``" }),
      );
    }
  }

  private endOfLine(from: number): number {
    const end = this.text.indexOf("\n", from);
    return end < 0 ? this.text.length : end;
  }

  /** The span points at the opening, where the mistake is looked for first; reading goes on at `resume`. */
  private unterminated(what: string, openEnd: number, resume: number, closing: string): Token {
    const span = { start: this.at, end: openEnd };
    const error = new SqlError("parse", "SQL_UNTERMINATED", `This ${what} has no end.`, span, {
      found: "end of the script",
      expected: `closing ${closing}`,
    });
    return this.bad(Math.max(resume, openEnd), error);
  }

  private spanTo(end: number): { start: number; end: number } {
    return { start: this.at, end };
  }
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Letters of Flink's identifiers: `$` and `_` too, and the scripts of the basic multilingual plane that Java 1 knew. */
function isLetter(code: number): boolean {
  if (code < 128) return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code === 36;
  return (
    (code >= 0xc0 && code <= 0x1fff && code !== 0xd7 && code !== 0xf7) ||
    (code >= 0x3040 && code <= 0x318f) ||
    (code >= 0x3300 && code <= 0x337f) ||
    (code >= 0x3400 && code <= 0x3d2d) ||
    (code >= 0x4e00 && code <= 0x9fff) ||
    (code >= 0xf900 && code <= 0xfaff)
  );
}

function isLetterOrDigit(code: number): boolean {
  return isLetter(code) || isDigit(code);
}
