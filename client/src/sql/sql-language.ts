/** Flink SQL for who writes it: what could stand at a place, and what something there is. Functions come from the engine's own catalogue, tables from the DDL. */
import { type SqlFunctionEntry, sqlFunctions } from "@millrace/engine/sql";
import { type ScopeColumn, type SqlScope, scopeAt } from "./sql-scope.ts";

/** A script, a place in it, and the DDL that the problem gives. */
export interface SqlPlace {
  readonly text: string;
  /** In UTF-16 units. */
  readonly offset: number;
  readonly given: string;
}

export interface SqlCompletion {
  readonly kind: "column" | "source" | "table" | "function";
  readonly label: string;
  /** A type, a signature, what it is. */
  readonly detail: string;
  /** Markdown; "" = nothing more is to be said. */
  readonly documentation: string;
  /** What is put in; `$0` = where the cursor goes. */
  readonly insert: string;
}

export interface SqlHover {
  /** Offsets. */
  readonly start: number;
  readonly end: number;
  /** Markdown, in parts. */
  readonly parts: readonly string[];
}

/** Words behind which a table is named. */
const BEFORE_TABLE: ReadonlySet<string> = new Set(["FROM", "JOIN", "INTO", "TABLE", "OVERWRITE", "DESCRIBE", "DESC"]);

/** The nearest first. Keywords and types are the editor's own affair. */
export function completeSql({ text, offset, given }: SqlPlace): readonly SqlCompletion[] {
  const scope = scopeAt(text, offset, given);
  const { tokens, at } = scope;
  // What is being typed is not what stands before it.
  const typed = tokens[at] !== undefined && tokens[at]!.start < offset && ["word", "quoted"].includes(tokens[at]!.kind);
  const before = tokens[at]?.end === offset && !typed ? tokens[at] : tokens[at - 1];
  if (before?.kind === "symbol" && before.text === ".") {
    const owner = tokens[tokens.indexOf(before) - 1];
    return scope.sources.filter(({ name }) => name === owner?.text).flatMap(({ columns }) => columns.map(columnCompletion));
  }
  const tables = scope.tables.map(
    ({ name, columns }): SqlCompletion => ({
      kind: "table",
      label: name,
      detail: `table, ${columns.length} columns`,
      documentation: tableText(columns),
      insert: name,
    }),
  );
  if (before?.kind === "word" && BEFORE_TABLE.has(before.upper)) return tables;
  const columns = new Map(scope.sources.flatMap((source) => source.columns).map((column) => [column.name, columnCompletion(column)]));
  const sources = scope.sources
    .filter(({ name, table }) => name !== "" && name !== table)
    .map(({ name, table, columns: own }): SqlCompletion => {
      const detail = table === null ? "alias" : `alias of ${table}`;
      return { kind: "source", label: name, detail, documentation: tableText(own), insert: name };
    });
  return [...columns.values(), ...sources, ...tables, ...functionCompletions()];
}

/** What the name at a place is; null = nothing that is known. */
export function hoverSql({ text, offset, given }: SqlPlace): SqlHover | null {
  const scope = scopeAt(text, offset, given);
  const index = scope.tokens.findIndex(({ start, end }) => start <= offset && offset < end);
  const token = scope.tokens[index];
  if (token === undefined || (token.kind !== "word" && token.kind !== "quoted")) return null;
  const parts = meaningOf(scope, index);
  return parts === null ? null : { start: token.start, end: token.end, parts };
}

function meaningOf({ tokens, sources, tables }: SqlScope, index: number): readonly string[] | null {
  const { text, upper, kind } = tokens[index]!;
  const isSymbol = (at: number, symbol: string) => tokens[at]?.kind === "symbol" && tokens[at]?.text === symbol;
  if (isSymbol(index - 1, ".")) {
    const owner = sources.find(({ name }) => name === tokens[index - 2]?.text);
    const column = owner?.columns.find(({ name }) => name === text);
    return column === undefined ? null : [columnText(column, owner!.table ?? owner!.name)];
  }
  const fn = kind === "word" ? functionNamed(upper) : undefined;
  if (fn !== undefined && isSymbol(index + 1, "(")) return functionText(fn);
  if (!isSymbol(index + 1, ".")) {
    for (const { name, table, columns } of sources) {
      const column = columns.find((candidate) => candidate.name === text);
      if (column !== undefined) return [columnText(column, table ?? name)];
    }
  }
  const source = sources.find(({ name }) => name === text);
  const table = tables.find(({ name }) => name === (source?.table ?? text));
  if (table !== undefined)
    return [code(`${source === undefined || source.name === table.name ? "" : `${text} = `}table ${table.name}`), tableText(table.columns)];
  if (source !== undefined) return [code(text), tableText(source.columns)];
  return fn === undefined ? null : functionText(fn);
}

let functions: ReadonlyMap<string, SqlFunctionEntry> | null = null;

function functionNamed(name: string): SqlFunctionEntry | undefined {
  functions ??= new Map(sqlFunctions().map((entry) => [entry.name, entry]));
  return functions.get(name);
}

let completions: readonly SqlCompletion[] | null = null;

function functionCompletions(): readonly SqlCompletion[] {
  completions ??= sqlFunctions()
    .filter(({ name }) => /^[A-Z]\w*$/.test(name))
    .map((entry) => ({
      kind: "function",
      label: entry.name,
      detail: entry.signature,
      documentation: functionText(entry).slice(1).join("\n\n"),
      insert: insertionOf(entry),
    }));
  return completions;
}

/** Without brackets, as the standard has them. */
const WITHOUT_BRACKETS: ReadonlySet<string> = new Set("CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP LOCALTIME LOCALTIMESTAMP".split(" "));

function insertionOf({ name, signature }: SqlFunctionEntry): string {
  if (WITHOUT_BRACKETS.has(name) || !signature.startsWith(`${name}(`)) return name;
  return signature === `${name}()` ? `${name}()$0` : `${name}($0)`;
}

function columnCompletion({ name, type, timeAttribute }: ScopeColumn): SqlCompletion {
  const detail = [type, timeAttribute === null ? "" : `*${timeAttribute}*`].filter((part) => part !== "").join(" ");
  return { kind: "column", label: name, detail, documentation: "", insert: /^[A-Za-z_]\w*$/.test(name) ? name : `\`${name}\`` };
}

function columnText({ name, type, timeAttribute }: ScopeColumn, owner: string): string {
  const what = timeAttribute === null ? "" : ` *${timeAttribute}*`;
  return code(`${owner === "" ? "" : `${owner}.`}${name}${type === "" ? "" : ` ${type}`}${what}`);
}

function tableText(columns: readonly ScopeColumn[]): string {
  if (columns.length === 0) return "";
  return code(
    columns
      .map(({ name, type, timeAttribute }) => `${name} ${type}${timeAttribute === null ? "" : ` *${timeAttribute}*`}`.trim())
      .join("\n"),
  );
}

function functionText({ signature, description, examples }: SqlFunctionEntry): readonly string[] {
  const shown = examples.slice(0, 3).map(({ sql, value }) => `${sql}  → ${valueText(value)}`);
  return [code(signature), description, ...(shown.length === 0 ? [] : [code(shown.join("\n"))])];
}

function valueText(value: unknown): string {
  return value === null
    ? "NULL"
    : typeof value === "string"
      ? `'${value}'`
      : JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? `${inner}` : inner));
}

function code(text: string): string {
  return `\`\`\`flink-sql\n${text}\n\`\`\``;
}
