/**
 * What a name can mean at a place in a script: the tables there are, and the columns of those that the query around the place reads. Read off the tokens, not the syntax
 * tree, since a query that is being written has none yet: `SELECT u. FROM orders AS o JOIN users AS u` must do.
 */
import { type SqlSchemaTable, type SqlToken, sqlSchema, sqlTokens } from "@millrace/engine/sql";

export interface ScopeColumn {
  readonly name: string;
  /** "" = not known without planning. */
  readonly type: string;
  readonly timeAttribute: "ROWTIME" | "PROCTIME" | null;
}

/** A table, view, subquery or table function that the query reads. */
export interface ScopeSource {
  /** By which its columns may be called: alias, or the table's own name. */
  readonly name: string;
  /** The table; null = there is none behind it. */
  readonly table: string | null;
  readonly columns: readonly ScopeColumn[];
}

export interface SqlScope {
  readonly tables: readonly SqlSchemaTable[];
  readonly sources: readonly ScopeSource[];
  /** The statement's tokens, and the index of the first that does not end before the place. */
  readonly tokens: readonly SqlToken[];
  readonly at: number;
}

const WINDOW_FUNCTIONS: readonly string[] = ["TUMBLE", "HOP", "CUMULATE", "SESSION"];
const WINDOW_COLUMNS: readonly ScopeColumn[] = [
  { name: "window_start", type: "TIMESTAMP(3)", timeAttribute: null },
  { name: "window_end", type: "TIMESTAMP(3)", timeAttribute: null },
  { name: "window_time", type: "TIMESTAMP(3)", timeAttribute: "ROWTIME" },
];
/** Words that end a list of sources, or cannot be an alias. */
const NO_ALIAS: ReadonlySet<string> = new Set(
  `ON USING WHERE GROUP HAVING ORDER WINDOW LIMIT OFFSET FETCH UNION EXCEPT INTERSECT JOIN INNER LEFT RIGHT FULL CROSS NATURAL FOR SELECT FROM AS TABLESAMPLE
   MATCH_RECOGNIZE SET VALUES WITH`.split(/\s+/),
);

let schema: { readonly ddl: string; readonly tables: readonly SqlSchemaTable[] } = { ddl: "", tables: [] };

/** @param given the DDL that the problem gives; statements of the script itself count as well, save the one around the place. */
export function scopeAt(script: string, offset: number, given: string): SqlScope {
  const all = sqlTokens(script);
  const [from, to] = statementAround(all, offset);
  const tokens = all.slice(from, to);
  const start = tokens[0]?.start ?? offset;
  const end = tokens.at(-1)?.end ?? offset;
  const tables = tablesOf(`${given}\n;\n${script.slice(0, start)}\n;\n${script.slice(end)}`);
  const at = tokens.findIndex((token) => token.end >= offset);
  const read = new SourceReader(tokens, tables);
  return { tables, sources: read.sourcesAround(at < 0 ? tokens.length : at), tokens, at: at < 0 ? tokens.length : at };
}

/** Of DDL that may have mistakes in it. */
function tablesOf(ddl: string): readonly SqlSchemaTable[] {
  if (schema.ddl === ddl) return schema.tables;
  let tables: readonly SqlSchemaTable[] = [];
  try {
    tables = sqlSchema(ddl);
  } catch {
    // What cannot be parsed at all defines nothing; the diagnostics say why.
  }
  schema = { ddl, tables };
  return tables;
}

function statementAround(tokens: readonly SqlToken[], offset: number): [number, number] {
  let from = 0;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]!;
    if (token.kind === "end") return [from, index];
    if (token.kind !== "symbol" || token.text !== ";") continue;
    if (token.start >= offset) return [from, index];
    from = index + 1;
  }
  return [from, tokens.length];
}

class SourceReader {
  readonly #tokens: readonly SqlToken[];
  readonly #tables: readonly SqlSchemaTable[];
  /** Index of the closing bracket, by index of the opening one. */
  readonly #closing = new Map<number, number>();
  /** By WITH. */
  readonly #named = new Map<string, readonly ScopeColumn[]>();

  constructor(tokens: readonly SqlToken[], tables: readonly SqlSchemaTable[]) {
    this.#tokens = tokens;
    this.#tables = tables;
    const open: number[] = [];
    for (const [index, token] of tokens.entries()) {
      if (this.#is(index, "(")) open.push(index);
      else if (token.text === ")" && token.kind === "symbol" && open.length > 0) this.#closing.set(open.pop()!, index);
    }
    for (const index of open) this.#closing.set(index, tokens.length);
    this.#readNamed();
  }

  /** Of the innermost query around a token, and of those around that, which a subquery may refer to. */
  sourcesAround(at: number): ScopeSource[] {
    const around = [...this.#closing].filter(([open, close]) => open < at && at <= close).sort(([a], [b]) => b - a);
    const ranges: (readonly [number, number])[] = [...around.map(([open, close]) => [open + 1, close] as const), [0, this.#tokens.length]];
    return ranges.flatMap(([from, to]) => this.#sourcesIn(from, to));
  }

  #sourcesIn(from: number, to: number): ScopeSource[] {
    const sources: ScopeSource[] = [];
    for (let index = from; index < to; index++) {
      if (this.#is(index, "(")) {
        index = this.#closing.get(index) ?? to;
        continue;
      }
      if (!this.#isWord(index, "FROM") && !this.#isWord(index, "JOIN")) continue;
      let next = index + 1;
      for (;;) {
        const { source, end } = this.#source(next, to);
        if (source !== null) sources.push(source);
        if (end <= next || !this.#is(end, ",")) break;
        next = end + 1;
      }
    }
    return sources;
  }

  #source(start: number, to: number): { source: ScopeSource | null; end: number } {
    let at = start;
    if (this.#isWord(at, "LATERAL")) at++;
    let table: string | null = null;
    let columns: readonly ScopeColumn[] = [];
    if (this.#is(at, "(")) {
      const close = this.#closing.get(at) ?? to;
      columns = this.#outputOf(at + 1, close);
      at = close + 1;
    } else if ((this.#isWord(at, "TABLE") || this.#isWord(at, "UNNEST")) && this.#is(at + 1, "(")) {
      const close = this.#closing.get(at + 1) ?? to;
      columns = this.#isWord(at, "TABLE") ? this.#tableFunction(at + 2, close) : [];
      at = close + 1;
    } else if (this.#isName(at)) {
      while (this.#is(at + 1, ".") && this.#isName(at + 2)) at += 2;
      table = this.#tokens[at]!.text;
      columns = this.#columnsOf(table);
      at++;
    } else return { source: null, end: start };
    // What stands between a table and its alias: hints, FOR SYSTEM_TIME AS OF …
    if (this.#is(at, "/*+")) while (at < to && !this.#is(at++, "*/"));
    if (this.#isWord(at, "FOR") && this.#isWord(at + 1, "SYSTEM_TIME")) {
      at += 2;
      while (at < to && !this.#isWord(at, "OF")) at++;
      at++;
      while (at < to && (this.#isName(at) || this.#is(at, ".") || this.#is(at, "(") || this.#is(at, ")")) && !this.#endsSources(at)) at++;
    }
    let name = table ?? "";
    const as = this.#isWord(at, "AS") ? at + 1 : at;
    if (this.#isName(as) && !NO_ALIAS.has(this.#tokens[as]!.upper)) {
      name = this.#tokens[as]!.text;
      at = as + 1;
      if (this.#is(at, "(")) {
        const close = this.#closing.get(at) ?? to;
        columns = this.#renamed(columns, at + 1, close);
        at = close + 1;
      }
    }
    return { source: { name, table, columns }, end: at };
  }

  #endsSources(at: number): boolean {
    return this.#isWord(at, "AS") || NO_ALIAS.has(this.#tokens[at]?.upper ?? "");
  }

  #renamed(columns: readonly ScopeColumn[], from: number, to: number): readonly ScopeColumn[] {
    const names = this.#tokens.slice(from, to).filter((_, index) => this.#isName(from + index));
    return names.map(({ text }, index) => ({
      name: text,
      type: columns[index]?.type ?? "",
      timeAttribute: columns[index]?.timeAttribute ?? null,
    }));
  }

  /** Columns of `TABLE(TUMBLE(TABLE t, …))`; of other table functions nothing is known. */
  #tableFunction(from: number, to: number): readonly ScopeColumn[] {
    const isWindow = WINDOW_FUNCTIONS.includes(this.#tokens[from]?.upper ?? "");
    for (let index = from; index < to; index++) {
      if (!this.#isWord(index, "TABLE")) continue;
      const columns = this.#is(index + 1, "(")
        ? this.#outputOf(index + 2, this.#closing.get(index + 1) ?? to)
        : this.#isName(index + 1)
          ? this.#columnsOf(this.#tokens[index + 1]!.text)
          : [];
      return isWindow ? [...columns, ...WINDOW_COLUMNS] : columns;
    }
    return [];
  }

  #columnsOf(table: string): readonly ScopeColumn[] {
    return this.#named.get(table) ?? this.#tables.find(({ name }) => name === table)?.columns ?? [];
  }

  #readNamed(): void {
    const start = this.#tokens.findIndex((_, index) => this.#isWord(index, "WITH"));
    for (let at = start + 1; start >= 0 && this.#isName(at); ) {
      const name = this.#tokens[at]!.text;
      at++;
      let renamed: readonly [number, number] | null = null;
      if (this.#is(at, "(")) {
        renamed = [at + 1, this.#closing.get(at) ?? this.#tokens.length];
        at = renamed[1] + 1;
      }
      if (!this.#isWord(at, "AS") || !this.#is(at + 1, "(")) return;
      const close = this.#closing.get(at + 1) ?? this.#tokens.length;
      const columns = this.#outputOf(at + 2, close);
      this.#named.set(name, renamed === null ? columns : this.#renamed(columns, ...renamed));
      at = close + 1;
      if (!this.#is(at, ",")) return;
      at++;
    }
  }

  /** Names of what a query gives, with the types of plain columns. */
  #outputOf(from: number, to: number): readonly ScopeColumn[] {
    let start = from;
    while (start < to && !this.#isWord(start, "SELECT")) start++;
    if (start >= to) return [];
    const sources = this.#sourcesIn(from, to);
    const columns = sources.flatMap((source) => source.columns);
    const output: ScopeColumn[] = [];
    let item = start + 1;
    const add = (end: number) => {
      if (this.#is(end - 1, "*")) {
        const of = this.#is(end - 2, ".") ? sources.find(({ name }) => name === this.#tokens[end - 3]?.text) : undefined;
        output.push(...(of?.columns ?? columns));
        return;
      }
      const last = this.#tokens[end - 1];
      if (last === undefined || end <= item || !this.#isName(end - 1)) return;
      const isPlain = end - item === 1 || this.#is(end - 2, ".");
      const known = isPlain ? columns.find(({ name }) => name === last.text) : undefined;
      output.push(known ?? { name: last.text, type: "", timeAttribute: null });
    };
    for (let index = start + 1; index <= to; index++) {
      if (this.#is(index, "(")) index = this.#closing.get(index) ?? to;
      else if (index >= to || this.#is(index, ",") || this.#isWord(index, "FROM")) {
        add(Math.min(index, to));
        if (index >= to || this.#isWord(index, "FROM")) break;
        item = index + 1;
      }
    }
    return output;
  }

  #is(index: number, symbol: string): boolean {
    const token = this.#tokens[index];
    return token?.kind === "symbol" && token.text === symbol;
  }

  #isWord(index: number, word: string): boolean {
    const token = this.#tokens[index];
    return token?.kind === "word" && token.upper === word;
  }

  #isName(index: number): boolean {
    const token = this.#tokens[index];
    return token !== undefined && (token.kind === "quoted" || (token.kind === "word" && token.identifier));
  }
}
