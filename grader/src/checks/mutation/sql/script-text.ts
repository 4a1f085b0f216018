/** A script as tokens, with the few questions that its mutators ask of the text around one. */
import { type SqlSchemaTable, type SqlToken, sqlSchema, sqlTokens } from "@millrace/engine/sql";
import type { Change } from "../mutant.ts";

/** One family of mistakes, asked at every token. */
export type ScriptMutator = (script: ScriptText, at: number) => readonly Change[];

/** Where a clause ends: the next of these outside of brackets. */
const CLAUSES = ["WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "WINDOW", "UNION", "INTERSECT", "EXCEPT", "FETCH", "OFFSET"];
const CLAUSE_STARTS = [...CLAUSES, "SELECT", "FROM", "ON", "WHEN", "SET", "WITH"];

export class ScriptText {
  readonly text: string;
  readonly tokens: readonly SqlToken[];
  readonly #given: string;
  #tables: readonly SqlSchemaTable[] | null = null;

  /** @param given the DDL in front of it. */
  constructor(text: string, given: string) {
    this.text = text;
    this.tokens = sqlTokens(text);
    this.#given = given;
  }

  /** Of the DDL in front: columns of a table; none for names that are no table of it. */
  columnsOf(table: string): SqlSchemaTable["columns"] {
    this.#tables ??= sqlSchema(this.#given);
    return this.#tables.find(({ name }) => name === table)?.columns ?? [];
  }

  /** Of the DDL in front: whether other columns, or the watermark, are made from this one. */
  isMadeInto(column: string): boolean {
    return new RegExp(`\\b(TO_TIMESTAMP|TO_TIMESTAMP_LTZ)\\(\\s*\`?${column}\\b`, "i").test(this.#given);
  }

  /** Upper-case word or symbol; empty beyond the ends. */
  word(at: number): string {
    return this.tokens[at]?.upper ?? "";
  }

  /** Whether these words stand here one after the other. */
  reads(at: number, ...words: readonly string[]): boolean {
    return words.every((word, index) => this.word(at + index) === word);
  }

  /** From one token to another, the latter included, as it stands. */
  slice(from: number, to: number): string {
    return this.text.slice(this.tokens[from]!.start, this.tokens[to]!.end);
  }

  /** Another text in the place of tokens. */
  replace(from: number, to: number, text: string, told: { readonly was?: string; readonly becomes?: string } = {}): Change {
    const { start } = this.tokens[from]!;
    const { end } = this.tokens[to]!;
    return { at: start, was: told.was ?? this.slice(from, to), becomes: told.becomes ?? text, edits: [{ start, end, text }] };
  }

  drop(from: number, to: number, told: { readonly was?: string } = {}): Change {
    return this.replace(from, to, "", { ...told, becomes: "none" });
  }

  /** First token of the statement that this one is part of. */
  statementStart(at: number): number {
    let start = at;
    while (start > 0 && this.word(start - 1) !== ";") start--;
    return start;
  }

  /** Last token of the clause that begins here. */
  clauseEnd(at: number): number {
    let depth = 0;
    for (let next = at + 1; next < this.tokens.length; next++) {
      const word = this.word(next);
      if (word === "(") depth++;
      if (word === ")" && --depth < 0) return next - 1;
      const ends = word === ";" || this.tokens[next]!.kind === "end";
      if (depth === 0 && (ends || CLAUSES.includes(word))) return next - 1;
    }
    return this.tokens.length - 2;
  }

  /** The word that began the clause which this token stands in, brackets around it left aside. */
  clauseOf(at: number): string {
    let depth = 0;
    for (let before = at - 1; before >= 0; before--) {
      const word = this.word(before);
      if (word === ";") return "";
      if (word === ")") depth++;
      if (word === "(") depth = Math.max(0, depth - 1);
      if (depth === 0 && CLAUSE_STARTS.includes(word)) return word;
    }
    return this.word(0);
  }

  /** First token of the query that this one is part of: its SELECT. −1 outside of queries. */
  queryStart(at: number): number {
    let depth = 0;
    for (let before = at; before >= 0; before--) {
      const word = this.word(before);
      if (word === ";" && before < at) return -1;
      if (word === ")" && before < at) depth++;
      if (word === "(" && --depth < 0) depth = 0;
      if (word === "SELECT" && depth === 0) return before;
    }
    return -1;
  }

  /** The table that a query reads first; null when that is a query itself. */
  tableOf(select: number): string | null {
    let depth = 0;
    for (let at = select + 1; at < this.tokens.length; at++) {
      const word = this.word(at);
      if (word === "(") depth++;
      if (word === ")" && --depth < 0) return null;
      if (word === ";") return null;
      if (depth > 0 || word !== "FROM") continue;
      // FROM t, FROM TABLE(TUMBLE(TABLE t, …)), FROM TUMBLE(TABLE t, …)
      let name = at + 1;
      while (this.word(name) === "TABLE" || this.word(name) === "(" || this.word(name + 1) === "(") name++;
      return this.word(name) === "SELECT" ? null : (this.tokens[name]?.text ?? null);
    }
    return null;
  }

  /** Index of the bracket that closes the one here. */
  closing(at: number): number {
    let depth = 0;
    for (let next = at; next < this.tokens.length; next++) {
      if (this.word(next) === "(") depth++;
      if (this.word(next) === ")" && --depth === 0) return next;
    }
    return this.tokens.length - 2;
  }

  /** Tokens from `from` to `to` split at the commas outside of brackets. */
  items(from: number, to: number): { readonly from: number; readonly to: number }[] {
    const items: { from: number; to: number }[] = [];
    let depth = 0;
    let start = from;
    for (let at = from; at <= to; at++) {
      if (this.word(at) === "(") depth++;
      if (this.word(at) === ")") depth--;
      if (depth > 0 || this.word(at) !== ",") continue;
      items.push({ from: start, to: at - 1 });
      start = at + 1;
    }
    items.push({ from: start, to });
    return items;
  }
}
