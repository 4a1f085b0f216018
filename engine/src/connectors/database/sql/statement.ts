/** Statements that change rows, as the parser reads them and the typed operations of scripts and tests make them. */
import type { Row, RowChange } from "../database-description.ts";

export type Statement = InsertStatement | UpdateStatement | DeleteStatement;

export interface InsertStatement {
  readonly kind: "insert";
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Expression[])[];
  readonly onConflict: OnConflict | null;
}

export interface OnConflict {
  /** Columns of the key; null = whatever key there is. */
  readonly target: readonly string[] | null;
  /** null = DO NOTHING. */
  readonly update: { readonly set: readonly Assignment[]; readonly where: Expression | null } | null;
}

export interface UpdateStatement {
  readonly kind: "update";
  readonly table: string;
  readonly set: readonly Assignment[];
  readonly where: Expression | null;
}

export interface DeleteStatement {
  readonly kind: "delete";
  readonly table: string;
  readonly where: Expression | null;
}

export interface Assignment {
  readonly column: string;
  readonly value: Expression;
}

export type BinaryOperator = "+" | "-" | "*" | "/" | "||" | "=" | "<>" | "<" | "<=" | ">" | ">=" | "and" | "or";
export type FunctionName = "coalesce" | "greatest" | "least";

export type Expression =
  /** `?`, counted from 0. */
  | { readonly kind: "parameter"; readonly index: number }
  | { readonly kind: "literal"; readonly value: unknown }
  | { readonly kind: "column"; readonly name: string }
  /** The row that was to be inserted. */
  | { readonly kind: "excluded"; readonly name: string }
  | { readonly kind: "binary"; readonly operator: BinaryOperator; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "isNull"; readonly operand: Expression; readonly negated: boolean }
  | { readonly kind: "not"; readonly operand: Expression }
  | { readonly kind: "call"; readonly name: FunctionName; readonly arguments: readonly Expression[] };

/** The statement that makes this change. */
export function statementOf(change: RowChange, primaryKey: readonly string[]): Statement {
  switch (change.op) {
    case "insert":
      return insertOf(change.table, change.row, null);
    case "upsert": {
      const columns = Object.keys(change.row).filter((name) => !primaryKey.includes(name));
      const set = columns.map((column): Assignment => ({ column, value: { kind: "excluded", name: column } }));
      return insertOf(change.table, change.row, { target: primaryKey, update: set.length === 0 ? null : { set, where: null } });
    }
    case "update":
      return { kind: "update", table: change.table, set: assignments(change.set), where: condition(change.where) };
    case "delete":
      return { kind: "delete", table: change.table, where: condition(change.where) };
  }
}

function insertOf(table: string, row: Row, onConflict: OnConflict | null): InsertStatement {
  return { kind: "insert", table, columns: Object.keys(row), rows: [Object.values(row).map(literal)], onConflict };
}

function literal(value: unknown): Expression {
  return { kind: "literal", value };
}

function assignments(set: Row): Assignment[] {
  return Object.entries(set).map(([column, value]) => ({ column, value: literal(value) }));
}

function condition(where: Row): Expression | null {
  return Object.entries(where).reduce<Expression | null>((all, [name, value]) => {
    const column: Expression = { kind: "column", name };
    const one: Expression =
      value === null
        ? { kind: "isNull", operand: column, negated: false }
        : { kind: "binary", operator: "=", left: column, right: literal(value) };
    return all === null ? one : { kind: "binary", operator: "and", left: all, right: one };
  }, null);
}
