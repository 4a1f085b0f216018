/**
 * Reads the statements that a sink sends:
 *
 *   INSERT INTO t [AS x] [(a, …)] VALUES (expression, …) [, (…)] [ON CONFLICT [(a, …)] DO NOTHING | DO UPDATE SET a = expression, … [WHERE …]]
 *   UPDATE t SET a = expression, … [WHERE condition]
 *   DELETE FROM t [WHERE condition]
 *
 * Expressions know `?`, literals, columns, EXCLUDED.column, + - * / ||, comparisons, AND, OR, NOT, IS [NOT] NULL, COALESCE, GREATEST, LEAST
 * and casts, which are accepted and do nothing, since the column decides about the type.
 */
import type { PostgresError } from "../postgres-error.ts";
import { syntaxError, type Token, tokensOf } from "./lexer.ts";
import type { Assignment, BinaryOperator, Expression, FunctionName, InsertStatement, OnConflict, Statement } from "./statement.ts";

export interface ParsedStatement {
  readonly text: string;
  readonly statement: Statement;
  /** How many `?` it has. */
  readonly parameters: number;
}

/** @throws PostgresError 42601 with position and hint */
export function parseStatement(text: string): ParsedStatement {
  return new StatementParser(text).parse();
}

const FUNCTIONS: ReadonlySet<string> = new Set(["coalesce", "greatest", "least"]);
const COMPARISONS: ReadonlySet<string> = new Set(["=", "<>", "<", "<=", ">", ">="]);
/** Words that end an expression, so they cannot be columns without quotes. */
const RESERVED: ReadonlySet<string> = new Set([
  "and",
  "or",
  "not",
  "is",
  "null",
  "where",
  "set",
  "on",
  "do",
  "values",
  "from",
  "as",
  "in",
  "like",
  "between",
]);

class StatementParser {
  private readonly text: string;
  private readonly tokens: readonly Token[];
  private next = 0;
  private parameters = 0;
  /** Names by which columns of the table may be qualified. */
  private readonly names = new Set<string>();

  constructor(text: string) {
    this.text = text;
    this.tokens = tokensOf(text);
  }

  parse(): ParsedStatement {
    const statement = this.statement();
    this.take("symbol", ";");
    if (this.token.kind !== "end") throw this.unexpected("The statement should end here.");
    return { text: this.text, statement, parameters: this.parameters };
  }

  private statement(): Statement {
    if (this.takeWord("insert")) return this.insert();
    if (this.takeWord("update")) return this.update();
    if (this.takeWord("delete")) return this.delete();
    throw this.unexpected("A sink can send INSERT INTO …, UPDATE … SET … WHERE … and DELETE FROM … WHERE ….");
  }

  private insert(): InsertStatement {
    this.requireWord("into");
    const table = this.tableName();
    const columns = this.at("symbol", "(") ? this.nameList() : [];
    this.requireWord("values");
    const rows: Expression[][] = [];
    do {
      const values = this.expressionList();
      if (columns.length > 0 && values.length !== columns.length) {
        throw this.wrong(
          `INSERT has ${values.length > columns.length ? "more expressions than target columns" : "more target columns than expressions"}`,
        );
      }
      rows.push(values);
    } while (this.take("symbol", ","));
    return { kind: "insert", table, columns, rows, onConflict: this.takeWord("on") ? this.onConflict() : null };
  }

  private onConflict(): OnConflict {
    this.requireWord("conflict");
    const target = this.at("symbol", "(") ? this.nameList() : null;
    this.requireWord("do");
    if (this.takeWord("nothing")) return { target, update: null };
    this.requireWord("update");
    if (target === null) throw this.wrong("ON CONFLICT DO UPDATE requires inference specification or constraint name");
    this.requireWord("set");
    return { target, update: { set: this.assignments(), where: this.where() } };
  }

  private update(): Statement {
    const table = this.tableName();
    this.requireWord("set");
    return { kind: "update", table, set: this.assignments(), where: this.where() };
  }

  private delete(): Statement {
    this.requireWord("from");
    return { kind: "delete", table: this.tableName(), where: this.where() };
  }

  private where(): Expression | null {
    return this.takeWord("where") ? this.expression() : null;
  }

  private assignments(): Assignment[] {
    const set: Assignment[] = [];
    do {
      const column = this.name();
      this.requireSymbol("=");
      set.push({ column, value: this.expression() });
    } while (this.take("symbol", ","));
    return set;
  }

  private tableName(): string {
    const first = this.name();
    const table = this.take("symbol", ".") ? `${first}.${this.name()}` : first;
    this.names.add(table.split(".").at(-1) as string);
    if (this.takeWord("as")) this.names.add(this.name());
    return table;
  }

  private nameList(): string[] {
    this.requireSymbol("(");
    const names = [this.name()];
    while (this.take("symbol", ",")) names.push(this.name());
    this.requireSymbol(")");
    return names;
  }

  private expressionList(): Expression[] {
    this.requireSymbol("(");
    const expressions = [this.expression()];
    while (this.take("symbol", ",")) expressions.push(this.expression());
    this.requireSymbol(")");
    return expressions;
  }

  private name(): string {
    const { kind, text } = this.token;
    if (kind !== "quoted" && (kind !== "word" || RESERVED.has(text))) throw this.unexpected("A name should be here.");
    this.next++;
    return text;
  }

  // ---- Expressions, from the loosest operator to the tightest ----

  private expression(): Expression {
    return this.leftToRight(["or"], () => this.leftToRight(["and"], () => this.negation()));
  }

  private negation(): Expression {
    return this.takeWord("not") ? { kind: "not", operand: this.negation() } : this.comparison();
  }

  private comparison(): Expression {
    const left = this.sum();
    if (this.takeWord("is")) {
      const negated = this.takeWord("not");
      this.requireWord("null");
      return { kind: "isNull", operand: left, negated };
    }
    if (this.token.kind !== "symbol" || !COMPARISONS.has(this.token.text)) return left;
    const operator = this.token.text as BinaryOperator;
    this.next++;
    return { kind: "binary", operator, left, right: this.sum() };
  }

  private sum(): Expression {
    return this.leftToRight(["+", "-", "||"], () => this.leftToRight(["*", "/"], () => this.cast()));
  }

  private leftToRight(operators: readonly BinaryOperator[], operand: () => Expression): Expression {
    let left = operand();
    for (;;) {
      const { kind, text } = this.token;
      const operator = operators.find((candidate) => candidate === text);
      if (operator === undefined || (kind !== "symbol" && kind !== "word")) return left;
      this.next++;
      left = { kind: "binary", operator, left, right: operand() };
    }
  }

  private cast(): Expression {
    const operand = this.primary();
    while (this.take("symbol", "::")) this.name();
    return operand;
  }

  private primary(): Expression {
    const { kind, text } = this.token;
    switch (kind) {
      case "parameter":
        this.next++;
        return { kind: "parameter", index: this.parameters++ };
      case "number":
        this.next++;
        return { kind: "literal", value: Number(text) };
      case "string":
        this.next++;
        return { kind: "literal", value: text };
      case "symbol":
        if (this.take("symbol", "-")) return { kind: "binary", operator: "-", left: { kind: "literal", value: 0 }, right: this.primary() };
        if (this.take("symbol", "(")) {
          const inner = this.expression();
          this.requireSymbol(")");
          return inner;
        }
        throw this.unexpected("A value should be here: ?, a literal or a column.");
      case "word":
        if (this.takeWord("null")) return { kind: "literal", value: null };
        if (this.takeWord("true")) return { kind: "literal", value: true };
        if (this.takeWord("false")) return { kind: "literal", value: false };
        return this.call() ?? this.column();
      case "quoted":
        return this.column();
      case "end":
        throw this.unexpected("A value should be here: ?, a literal or a column.");
    }
  }

  private call(): Expression | null {
    const { text } = this.token;
    const follows = this.tokens[this.next + 1];
    if (follows.kind !== "symbol" || follows.text !== "(") return null;
    if (!FUNCTIONS.has(text)) throw this.unexpected("Functions that are known here: COALESCE, GREATEST, LEAST.");
    this.next++;
    return { kind: "call", name: text as FunctionName, arguments: this.expressionList() };
  }

  private column(): Expression {
    const place = this.next;
    const first = this.name();
    if (!this.take("symbol", ".")) return { kind: "column", name: first };
    const name = this.name();
    if (first === "excluded") return { kind: "excluded", name };
    if (this.names.has(first)) return { kind: "column", name };
    this.next = place;
    throw this.wrong(`missing FROM-clause entry for table "${first}"`);
  }

  // ---- Tokens ----

  private get token(): Token {
    return this.tokens[this.next];
  }

  private at(kind: Token["kind"], text: string): boolean {
    return this.token.kind === kind && this.token.text === text;
  }

  private take(kind: Token["kind"], text: string): boolean {
    if (!this.at(kind, text)) return false;
    this.next++;
    return true;
  }

  private takeWord(word: string): boolean {
    return this.take("word", word);
  }

  private requireWord(word: string): void {
    if (!this.takeWord(word)) throw this.unexpected(`${word.toUpperCase()} should be here.`);
  }

  private requireSymbol(symbol: string): void {
    if (!this.take("symbol", symbol)) throw this.unexpected(`"${symbol}" should be here.`);
  }

  private unexpected(hint: string): PostgresError {
    const { at, kind, text } = this.token;
    return syntaxError(this.text, at, kind === "end" ? "" : text, hint);
  }

  private wrong(message: string): PostgresError {
    return syntaxError(this.text, this.token.at, this.token.text, `${message}.`);
  }
}
