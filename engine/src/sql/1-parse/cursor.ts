/** Where the parser stands, and how it complains. */
import { nearest } from "../../base/nearest.ts";
import type { Identifier } from "./ast.ts";
import { RESERVED } from "./keywords.ts";
import type { Span } from "./span.ts";
import { SqlError } from "./sql-error.ts";
import type { Token } from "./token.ts";

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
  "WATERMARK",
  "PRIMARY",
  "BETWEEN",
];

/**
 * How many brackets, subqueries and calls may stand in each other. Every level costs some ten frames of the stack here, and as many again in each later phase; Flink's
 * own parser gives up with a StackOverflowError somewhere beyond.
 */
const MAX_NESTING = 300;

export class Cursor {
  readonly text: string;
  /** Mistakes from which the parser went on within the same statement; the statement is lost, but what follows may be wrong too. */
  private readonly recovered: SqlError[] = [];
  /** The token where reading went on after the last mistake. */
  private recoveredAt = -1;
  private readonly tokens: readonly Token[];
  private at = 0;
  private nesting = 0;

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
    const index = this.at + ahead;
    return this.tokens[index < this.tokens.length ? index : this.tokens.length - 1];
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
  is(first: string, second?: string, third?: string): boolean {
    if (this.tokens[this.at].upper !== first) return false;
    if (second === undefined) return true;
    if (this.peek(1).upper !== second) return false;
    return third === undefined || this.peek(2).upper === third;
  }

  /** Consumes these keywords or symbols if they come next. */
  accept(first: string, second?: string, third?: string): boolean {
    if (!this.is(first, second, third)) return false;
    this.at += third !== undefined ? 3 : second !== undefined ? 2 : 1;
    return true;
  }

  /** Consumes and answers the first of the words that comes next, or answers null. */
  acceptOneOf<W extends string>(words: readonly W[]): W | null {
    const { upper } = this.token;
    for (const word of words) {
      if (upper === word) {
        this.at++;
        return word;
      }
    }
    return null;
  }

  expect(word: string, context?: string): Token {
    if (this.tokens[this.at].upper === word) return this.next();
    throw this.unexpected(word, context);
  }

  expectOneOf<W extends string>(words: readonly W[], context?: string): W {
    const word = this.acceptOneOf(words);
    if (word === null) throw this.unexpected(listOf(words), context);
    return word;
  }

  acceptKind(kind: Token["kind"]): Token | null {
    return this.token.kind === kind ? this.next() : null;
  }

  /** Runs `parse` one level deeper; too many levels are a diagnostic, not a stack overflow. */
  nested<T>(parse: (cursor: Cursor) => T): T {
    if (this.nesting >= MAX_NESTING) {
      throw new SqlError("parse", "SQL_TOO_DEEP", `More than ${MAX_NESTING} levels of brackets are not read.`, this.token, {
        hint: "Take parts out into views or WITH.",
      });
    }
    this.nesting++;
    try {
      return parse(this);
    } finally {
      this.nesting--;
    }
  }

  /** `found X, expected Y` at the current token; the token's own error if it is none at all. */
  unexpected(expected: string, context?: string, hint?: string): SqlError {
    const { token } = this;
    if (token.error !== null) return token.error;
    const found = token.kind === "end" ? "the end of the script" : this.text.slice(token.start, token.end);
    const where = context === undefined ? "" : ` ${context}`;
    return new SqlError(
      "parse",
      "SQL_SYNTAX",
      `Found ${token.kind === "end" ? found : `'${found}'`}, expected ${expected}${where}.`,
      token,
      { found, expected, hint: hint ?? this.hintFor(token) },
    );
  }

  /** A rule of Flink's parser that is no matter of grammar alone. */
  refusal(message: string, span: Span, details: { found?: string; expected?: string; hint?: string } = {}): SqlError {
    return new SqlError("parse", "SQL_SYNTAX", message, span, details);
  }

  private hintFor(token: Token): string | undefined {
    const before = this.previous;
    if (before !== token && before.kind === "word" && before.identifier && before.text.length > 2) {
      const meant = nearest(before.upper, CLAUSE_WORDS);
      if (meant !== undefined && meant !== before.upper) return `Is '${before.text}' meant to be ${meant}?`;
    }
    if (token.kind === "word" && RESERVED.has(token.upper)) {
      if (before.upper === "," && CLAUSE_WORDS.includes(token.upper)) return `Is there a comma too many before ${token.upper}?`;
      return `${token.upper} is a keyword; as a name it needs back quotes: \`${token.text}\`.`;
    }
    if (token.kind === "word" && before.kind !== "symbol") {
      const meant = nearest(token.upper, CLAUSE_WORDS);
      if (meant !== undefined && meant !== token.upper) return `Is '${token.text}' meant to be ${meant}?`;
    }
    if (token.text === "!=") return "Flink writes 'not equal' as <>.";
    if (token.text === ":" && this.peek().text === ":") return "Flink has no ::; write CAST(x AS type).";
    if (token.text === "->") return "Flink SQL has no lambdas.";
    return undefined;
  }

  isIdentifier(token: Token = this.tokens[this.at]): boolean {
    return token.identifier;
  }

  identifier(what = "a name"): Identifier {
    const { token } = this;
    if (!token.identifier) throw this.unexpected(what);
    this.at++;
    if (token.text.length > 256) {
      throw this.refusal(`A name has at most 256 characters; this one has ${token.text.length}.`, token, { found: `${token.text.length}` });
    }
    return { name: token.text, span: token };
  }

  /** `a.b.c`. */
  path(what = "a name"): Identifier[] {
    const parts = [this.identifier(what)];
    while (this.is(".") && isNameBehindPoint(this.peek())) {
      this.next();
      const token = this.next();
      parts.push({ name: token.text, span: token });
    }
    return parts;
  }

  /** `(a, b)`. */
  identifierList(what = "a column name"): Identifier[] {
    this.expect("(");
    const names = [this.identifier(what)];
    while (this.accept(",")) names.push(this.identifier(what));
    this.expect(")");
    return names;
  }

  /** A plain literal in quotes, where nothing else is taken. */
  string(what: string): Token {
    if (this.token.kind !== "string") throw this.unexpected(what, undefined, "Strings stand in single quotes.");
    return this.next();
  }

  unsignedInteger(what: string): number {
    const token = this.acceptKind("integer");
    if (token === null) throw this.unexpected(what);
    const value = Number(token.text);
    if (value > 2_147_483_647) throw this.refusal(`${token.text} is too large for an INT.`, token, { found: token.text });
    return value;
  }

  spanFrom(start: Span): Span {
    return { start: start.start, end: this.previous.end };
  }

  /** Notes a mistake and goes on at `resume`. A mistake right behind the last one is its consequence, most likely, and is left out. */
  recover(error: SqlError, resume: number): void {
    if (this.recoveredAt < 0 || this.at > this.recoveredAt + 1) this.recovered.push(error);
    this.recoveredAt = resume;
    this.at = resume;
  }

  get hasRecovered(): boolean {
    return this.recoveredAt >= 0;
  }

  /** What has gone wrong in the statement just left, which is forgotten. */
  takeErrors(): SqlError[] {
    this.recoveredAt = -1;
    return this.recovered.splice(0);
  }

  /** Error recovery: to behind the next `;`, or the end. */
  skipStatement(): void {
    while (this.token.kind !== "end" && !this.accept(";")) this.next();
  }

  /** Error recovery: to the next of these words at this depth of brackets; false when a bracket closes or the statement ends first. */
  skipTo(words: ReadonlySet<string>): boolean {
    let depth = 0;
    for (; ; this.next()) {
      const { upper, kind } = this.token;
      if (kind === "end" || upper === ";") return false;
      if (depth === 0 && words.has(upper)) return true;
      if (upper === "(" || upper === "[") depth++;
      else if (upper === ")" || upper === "]") {
        if (depth === 0) return false;
        depth--;
      }
    }
  }
}

/** Flink 2.3 reserves DATETIME, a word of BigQuery's, and so breaks Nexmark's published q23 (`A.dateTime`); behind a point nothing else can be meant. */
function isNameBehindPoint(token: Token): boolean {
  return token.identifier || token.upper === "DATETIME";
}

/** `A, B or C`. */
function listOf(words: readonly string[]): string {
  return words.length === 1 ? words[0] : `${words.slice(0, -1).join(", ")} or ${words[words.length - 1]}`;
}
