/** A statement with `?`, whose values a `JdbcStatementBuilder` sets for each record. */
import { Diagnostic } from "../../../base/diagnostic.ts";
import { toPlainValue } from "../../log/plain-value.ts";
import type { ParsedStatement } from "../sql/parse-statement.ts";

/** Takes the values of the statement's `?`, counted from 1. `null` is NULL in all of them. Java: `java.sql.PreparedStatement`. (Flink: docs/connectors/datastream/jdbc#sql-dml-statement-and-jdbc-statement-builder) */
export interface PreparedStatement {
  /** A text. */
  setString(parameterIndex: number, value: string | null): void;
  /** A whole number. */
  setInt(parameterIndex: number, value: number | null): void;
  /** A whole number. */
  setLong(parameterIndex: number, value: number | bigint | null): void;
  /** A whole number. */
  setShort(parameterIndex: number, value: number | null): void;
  /** A number. */
  setDouble(parameterIndex: number, value: number | null): void;
  /** A number. */
  setFloat(parameterIndex: number, value: number | null): void;
  /** A number, or its text. */
  setBigDecimal(parameterIndex: number, value: number | string | null): void;
  /** true or false. */
  setBoolean(parameterIndex: number, value: boolean | null): void;
  /** A moment: epoch milliseconds or a `Date`. */
  setTimestamp(parameterIndex: number, value: number | Date | null): void;
  /** A day: epoch milliseconds, a `Date` or a text. */
  setDate(parameterIndex: number, value: number | string | Date | null): void;
  /** Whatever the column takes; objects for `jsonb`. */
  setObject(parameterIndex: number, value: unknown): void;
  /** NULL. The type does not matter. */
  setNull(parameterIndex: number, sqlType?: number): void;
}

/**
 * Sets the values of a statement for a record: `(statement, order) => { statement.setInt(1, order.id); … }`, or an object with that method.
 * (Flink: docs/connectors/datastream/jdbc#sql-dml-statement-and-jdbc-statement-builder)
 */
export type JdbcStatementBuilder<T> =
  | ((statement: PreparedStatement, value: T) => void)
  | {
      /** Sets the values for a record. */
      accept(statement: PreparedStatement, value: T): void;
    };

/** Collects one set of values at a time. */
export class StatementParameters implements PreparedStatement {
  readonly #parsed: ParsedStatement;
  #values: unknown[] = [];

  constructor(parsed: ParsedStatement) {
    this.#parsed = parsed;
  }

  /** The values that the builder sets for a record. @throws Diagnostic JDBC_PARAMETER_MISSING */
  collect<T>(builder: JdbcStatementBuilder<T>, value: T): readonly unknown[] {
    this.#values = [];
    if (typeof builder === "function") builder(this, value);
    else builder.accept(this, value);
    for (let index = 0; index < this.#parsed.parameters; index++) if (!(index in this.#values)) throw this.#missing(index + 1);
    return this.#values;
  }

  setString(parameterIndex: number, value: string | null): void {
    this.#set(parameterIndex, value === null || value === undefined ? null : String(value));
  }

  setInt(parameterIndex: number, value: number | null): void {
    this.#set(parameterIndex, value);
  }

  setLong(parameterIndex: number, value: number | bigint | null): void {
    this.#set(parameterIndex, value);
  }

  setShort(parameterIndex: number, value: number | null): void {
    this.#set(parameterIndex, value);
  }

  setDouble(parameterIndex: number, value: number | null): void {
    this.#set(parameterIndex, value);
  }

  setFloat(parameterIndex: number, value: number | null): void {
    this.#set(parameterIndex, value);
  }

  setBigDecimal(parameterIndex: number, value: number | string | null): void {
    this.#set(parameterIndex, value);
  }

  setBoolean(parameterIndex: number, value: boolean | null): void {
    this.#set(parameterIndex, value);
  }

  setTimestamp(parameterIndex: number, value: number | Date | null): void {
    this.#set(parameterIndex, value instanceof Date ? value.getTime() : value);
  }

  setDate(parameterIndex: number, value: number | string | Date | null): void {
    this.#set(parameterIndex, value instanceof Date ? value.getTime() : value);
  }

  setObject(parameterIndex: number, value: unknown): void {
    this.#set(parameterIndex, value);
  }

  setNull(parameterIndex: number, _sqlType?: number): void {
    this.#set(parameterIndex, null);
  }

  #set(parameterIndex: number, value: unknown): void {
    const { parameters } = this.#parsed;
    if (!Number.isInteger(parameterIndex) || parameterIndex < 1 || parameterIndex > parameters) {
      throw new Diagnostic({
        code: "JDBC_PARAMETER_INDEX",
        message: `The column index is out of range: ${parameterIndex}, number of columns: ${parameters}.`,
        phase: "runtime",
        found: String(parameterIndex),
        expected: parameters === 0 ? "no parameter: the statement has no ?" : `1 to ${parameters}`,
        hint: "Parameters are counted from 1, in the order of the statement's ?.",
      });
    }
    this.#values[parameterIndex - 1] = value instanceof Date ? value.getTime() : toPlainValue(value);
  }

  #missing(parameterIndex: number): Diagnostic {
    return new Diagnostic({
      code: "JDBC_PARAMETER_MISSING",
      message: `No value specified for parameter ${parameterIndex}.`,
      phase: "runtime",
      found: this.#parsed.text,
      expected: `${this.#parsed.parameters} values`,
      hint: "The statement builder must set every ? for every record; setNull sets NULL.",
    });
  }
}
