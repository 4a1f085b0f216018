/** Which columns the names in an expression can mean. */
import type { LogicalType } from "../../types/logical-type.ts";
import type { Identifier } from "../1-parse/ast.ts";
import { cover } from "../1-parse/span.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import { nameHint } from "../../base/nearest.ts";
import { inputRef, type Rex } from "./rex.ts";

export interface ScopeColumn {
  readonly name: string;
  readonly type: LogicalType;
  /** Field of the row the scope describes. */
  readonly index: number;
}

export interface ScopeTable {
  readonly alias: string | null;
  readonly columns: readonly ScopeColumn[];
}

/** Rest of a dotted name after the column was found: fields of a row. */
export interface Resolved {
  readonly rex: Rex;
  readonly rest: readonly Identifier[];
}

interface CorrelationIds {
  last: number;
}

/** Calcite offers a name that is the same but for its case. */
function didYouMean(name: string, names: readonly string[]): string {
  const same = names.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  return same === undefined ? "" : `; did you mean '${same}'?`;
}

export type MergedColumns = ReadonlyMap<string, "USING" | "NATURAL">;

const NOTHING_MERGED: MergedColumns = new Map();

interface ScopeParts {
  readonly ids?: CorrelationIds;
  readonly merged?: MergedColumns;
  readonly plain?: boolean;
}

export class Scope {
  readonly tables: readonly ScopeTable[];
  /** What `*` stands for, in order. */
  readonly star: readonly ScopeColumn[];
  readonly parent: Scope | null;
  /** Correlation variable of the row that the scope describes, given when a query inside first asks for one of its fields. */
  correlation: number | null = null;
  /** Columns that joins have in common, and the word that made them so. */
  readonly merged: MergedColumns;
  private readonly ids: CorrelationIds;
  private readonly plain: boolean;

  constructor(
    tables: readonly ScopeTable[],
    parent: Scope | null = null,
    star?: readonly ScopeColumn[],
    { ids = parent?.ids ?? { last: 0 }, merged = NOTHING_MERGED, plain = false }: ScopeParts = {},
  ) {
    this.ids = ids;
    this.merged = merged;
    this.plain = plain;
    this.tables = tables;
    this.parent = parent;
    this.star = star ?? tables.flatMap((table) => table.columns);
  }

  /** True when a column of this query has the name, in whatever case. */
  has(name: string): boolean {
    return this.tables.some((table) => table.columns.some((column) => column.name.toUpperCase() === name));
  }

  resolve(parts: readonly Identifier[]): Resolved {
    for (let scope: Scope | null = this, depth = 0; scope !== null; scope = scope.parent, depth++) {
      const found = scope.lookUp(parts);
      if (found === null) continue;
      const { column, rest } = found;
      if (depth === 0) return { rex: inputRef(column.index, column.type), rest };
      const id = scope.correlate();
      return { rex: { kind: "correl", id, index: column.index, name: column.name, type: column.type }, rest };
    }
    throw this.notFound(parts);
  }

  /** The alias of the table that a dotted name begins in, whether it says so or not. */
  tableOf([first, second]: readonly Identifier[]): string | null {
    if (first === undefined) return null;
    const named = this.tables.find(({ alias }) => alias === first.name && second !== undefined);
    return (named ?? this.tables.find(({ columns }) => columns.some(({ name }) => name === first.name)))?.alias ?? null;
  }

  private correlate(): number {
    if (this.correlation === null) {
      this.ids.last++;
      this.correlation = this.ids.last;
    }
    return this.correlation;
  }

  /** The same names for a clause of its own: what is correlated with it gets another variable. */
  fork(): Scope {
    return new Scope(this.tables, this.parent, this.star, { ids: this.ids, merged: this.merged, plain: this.plain });
  }

  /**
   * The scope of WHERE, ON, HAVING and ORDER BY: there the name of a column that USING merged belongs to both tables. In SELECT and GROUP BY it is the merged
   * one. What NATURAL merged has no bare name anywhere, as in Flink.
   */
  unmerged(): Scope {
    return this.merged.size === 0
      ? this
      : new Scope(this.tables, this.parent, this.star, { ids: this.ids, merged: this.merged, plain: true });
  }

  private lookUp(parts: readonly Identifier[]): { column: ScopeColumn; rest: readonly Identifier[] } | null {
    const [first, second] = parts;
    if (second !== undefined) {
      const table = this.tables.find((candidate) => candidate.alias === first.name);
      if (table !== undefined) {
        const column = table.columns.find((candidate) => candidate.name === second.name);
        if (column !== undefined) return { column, rest: parts.slice(2) };
        const names = table.columns.map((candidate) => candidate.name);
        throw new SqlError(
          "validate",
          "SQL_UNKNOWN_COLUMN",
          `Column '${second.name}' not found in table '${first.name}'${didYouMean(second.name, names)}`,
          second.span,
          {
            found: second.name,
            hint: nameHint(second.name, names, "columns"),
          },
        );
      }
    }
    const matches = this.star.filter((column) => column.name === first.name);
    const merger = this.merged.get(first.name);
    if (matches.length > 1 || merger === "NATURAL" || (merger === "USING" && this.plain)) {
      throw new SqlError("validate", "SQL_AMBIGUOUS_COLUMN", `Column '${first.name}' is ambiguous`, first.span, {
        found: first.name,
        hint: "Write the table's name or alias before it.",
      });
    }
    if (matches.length === 0) return null;
    // `v.x` of a column that has no fields was meant to be a table's.
    if (second !== undefined && matches[0].type.root !== "ROW") return null;
    return { column: matches[0], rest: parts.slice(1) };
  }

  /** What to say when no table has such a column. */
  notFound(parts: readonly Identifier[]): SqlError {
    const span = cover(parts[0].span, parts[parts.length - 1].span);
    if (parts.length > 1) {
      const aliases = this.tables.map((table) => table.alias).filter((alias) => alias !== null);
      return new SqlError(
        "validate",
        "SQL_UNKNOWN_TABLE",
        `Table '${parts
          .slice(0, -1)
          .map((part) => part.name)
          .join(".")}' not found`,
        parts[0].span,
        {
          found: parts[0].name,
          hint: nameHint(parts[0].name, aliases, "tables"),
        },
      );
    }
    return new SqlError(
      "validate",
      "SQL_UNKNOWN_COLUMN",
      `Column '${parts[0].name}' not found in any table${didYouMean(
        parts[0].name,
        this.star.map((column) => column.name),
      )}`,
      span,
      {
        found: parts[0].name,
        hint: nameHint(
          parts[0].name,
          this.star.map((column) => column.name),
          "columns",
        ),
      },
    );
  }
}
