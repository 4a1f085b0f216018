/** Where the parser stands, and how it complains. */
import { nearest } from "../../base/nearest.ts";
import type { Identifier } from "./ast.ts";
import { SqlError } from "./sql-error.ts";
import type { Span } from "./span.ts";
import type { Token } from "./token.ts";

/** Words that cannot be a bare column or alias name; back quotes make any word an identifier. */
const RESERVED = new Set(
  `ALL AND ANY ARRAY AS BETWEEN BY CASE CAST CROSS CURRENT_DATE CURRENT_TIMESTAMP DESCRIBE DISTINCT ELSE END EXCEPT EXISTS FALSE FETCH
  FOR FROM FULL GROUP HAVING IN INNER INSERT INTERSECT INTERVAL INTO IS JOIN LATERAL LEFT LIKE LIMIT MATCH_RECOGNIZE MINUS NATURAL NOT NULL
  OFFSET ON OR ORDER OUTER OVER PARTITION QUALIFY RIGHT SELECT SET SIMILAR SOME TABLE TABLESAMPLE THEN TO TRUE UNION UNKNOWN
  UNNEST USING VALUES WHEN WHERE WINDOW WITH WITHIN CREATE DROP PRIMARY`
    .split(/\s+/)
    .filter((word) => word.length > 0),
);

/** Words that begin a clause. Misspelt, they are taken for an alias, and the mistake shows one word later. */
const CLAUSE_WORDS = [
  "FROM",
  "WHERE",
  "GROUP",
  "HAVING",
  "ORDER",
  "LIMIT",
  "UNION",
  "JOIN",
  "INTO",
  "SELECT",
  "VALUES",
  "WITH",
  "PARTITION",
];

export class Cursor {
  readonly text: string;
  private readonly tokens: readonly Token[];
  private at = 0;

  constructor(text: string, tokens: readonly Token[]) {
    this.text = text;
    this.tokens = tokens;
  }

  get token(): Token {
    return this.tokens[this.at];
  }

  get previous(): Token {
    return this.tokens[Math.max(0, this.at - 1)];
  }

  get atEnd(): boolean {
    return this.tokens[this.at].kind === "end";
  }

  peek(ahead = 1): Token {
    return this.tokens[Math.min(this.at + ahead, this.tokens.length - 1)];
  }

  next(): Token {
    const token = this.tokens[this.at];
    if (token.kind !== "end") this.at++;
    return token;
  }

  mark(): number {
    return this.at;
  }

  reset(mark: number): void {
    this.at = mark;
  }

  /** True when the coming tokens are these keywords or symbols. */
  is(...words: readonly string[]): boolean {
    for (let i = 0; i < words.length; i++) {
      const token = this.peek(i);
      if ((token.kind !== "word" && token.kind !== "symbol") || token.upper !== words[i]) return false;
    }
    return true;
  }

  /** Consumes these keywords or symbols if they come next. */
  accept(...words: readonly string[]): boolean {
    if (!this.is(...words)) return false;
    this.at += words.length;
    return true;
  }

  expect(word: string, context?: string): Token {
    if (this.is(word)) return this.next();
    throw this.unexpected(word, context);
  }

  acceptKind(kind: Token["kind"]): Token | null {
    return this.token.kind === kind ? this.next() : null;
  }

  /** `found X, expected Y` at the current token. */
  unexpected(expected: string, context?: string, hint?: string): SqlError {
    const token = this.token;
    const found = token.kind === "end" ? "the end of the script" : this.text.slice(token.start, token.end);
    const where = context === undefined ? "" : ` ${context}`;
    return new SqlError(
      "parse",
      "SQL_SYNTAX",
      `Found ${token.kind === "end" ? found : `'${found}'`}, expected ${expected}${where}.`,
      token,
      {
        found,
        expected,
        hint: hint ?? this.hintFor(token),
      },
    );
  }

  private hintFor(token: Token): string | undefined {
    const before = this.previous;
    if (before !== token && before.kind === "word" && !RESERVED.has(before.upper) && before.text.length > 2) {
      const meant = nearest(before.upper, CLAUSE_WORDS);
      if (meant !== undefined && meant !== before.upper) return `Is '${before.text}' meant to be ${meant}?`;
    }
    if (token.kind === "word" && RESERVED.has(token.upper)) {
      if (this.previous.text === ",") return `Is there a comma too many before ${token.upper}?`;
      return `${token.upper} is a keyword; as a name it needs back quotes: \`${token.text}\`.`;
    }
    if (token.text === "!=") return "Flink writes 'not equal' as <>.";
    if (token.text === "%") return "Use MOD(a, b).";
    return undefined;
  }

  isIdentifier(token: Token = this.token): boolean {
    return token.kind === "quoted" || (token.kind === "word" && !RESERVED.has(token.upper));
  }

  identifier(what = "a name"): Identifier {
    if (!this.isIdentifier()) throw this.unexpected(what);
    const token = this.next();
    return { name: token.text, span: token };
  }

  /** `a.b.c`. */
  path(what = "a name"): Identifier[] {
    const parts = [this.identifier(what)];
    while (this.accept(".")) parts.push(this.identifier(what));
    return parts;
  }

  identifierList(): Identifier[] {
    this.expect("(");
    const names = [this.identifier("a column name")];
    while (this.accept(",")) names.push(this.identifier("a column name"));
    this.expect(")");
    return names;
  }

  string(what: string): Token {
    if (this.token.kind !== "string") throw this.unexpected(what, undefined, "Strings stand in single quotes.");
    return this.next();
  }

  spanFrom(start: Span): Span {
    return { start: start.start, end: this.previous.end };
  }

  /** Error recovery: to behind the next `;` outside parentheses, or the end. */
  skipStatement(): void {
    while (this.token.kind !== "end" && !this.accept(";")) this.next();
  }
}
