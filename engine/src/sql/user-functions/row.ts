/** A row as programs see it. */
import { Diagnostic } from "../../base/diagnostic.ts";
import { nameHint } from "../../base/nearest.ts";
import type { RowKind as RowKindNumber } from "../../types/row-kind.ts";
import { RowKind } from "./row-kind.ts";

/**
 * A row: fields by position, by name or both, and the kind of change it stands for. Rows that come out of tables have both; rows of
 * `Row.of` have positions, rows of `Row.withNames` names. (Flink: docs/dev/table/types, "Row"; docs/dev/table/data_stream_api)
 */
export class Row {
  private kind: RowKindNumber;
  /** By position; of a row by name alone, in the order in which fields were set. */
  private readonly values: unknown[];
  private readonly names: string[] | null;
  private readonly hasPositions: boolean;

  /** @internal Use `Row.of`, `Row.ofKind`, `Row.withNames`, `Row.withPositions`. */
  constructor(kind: RowKindNumber, values: unknown[], names: string[] | null, hasPositions = true) {
    this.kind = kind;
    this.values = values;
    this.names = names;
    this.hasPositions = hasPositions;
  }

  /** An insert row of these fields. */
  static of(...values: readonly unknown[]): Row {
    return new Row(0, [...values], null);
  }

  /** A row of these fields that stands for a change of this kind. */
  static ofKind(kind: RowKind, ...values: readonly unknown[]): Row {
    return new Row(kind.toByteValue(), [...values], null);
  }

  /** An insert row whose fields have names and no positions: `setField("user", "u1")` makes one. */
  static withNames(kind: RowKind = RowKind.INSERT): Row {
    return new Row(kind.toByteValue(), [], [], false);
  }

  /** An insert row of this many fields, all null. */
  static withPositions(arity: number, kind: RowKind = RowKind.INSERT): Row {
    return new Row(kind.toByteValue(), Array<unknown>(arity).fill(null), null);
  }

  /** The fields of all rows, one behind the other; the kind is the first row's. */
  static join(first: Row, ...others: readonly Row[]): Row {
    return new Row(
      first.kind,
      [first, ...others].flatMap((row) => row.values),
      null,
    );
  }

  /** The fields at these positions or of these names, in this order. */
  static project(row: Row, fields: readonly (number | string)[]): Row {
    const values = fields.map((field) => row.getField(field));
    const names = fields.every((field) => typeof field === "string") ? [...(fields as readonly string[])] : null;
    return new Row(row.kind, values, names, names === null || row.hasPositions);
  }

  /** A copy; values are shared. */
  static copy(row: Row): Row {
    return new Row(row.kind, [...row.values], row.names === null ? null : [...row.names], row.hasPositions);
  }

  /** The kind of change, default INSERT. */
  getKind(): RowKind {
    return RowKind.fromByteValue(this.kind);
  }

  /** Makes the row stand for another change. */
  setKind(kind: RowKind): void {
    this.kind = kind.toByteValue();
  }

  /** Number of fields. */
  getArity(): number {
    return this.values.length;
  }

  /**
   * The field at a position (from 0) or of a name; null is a value like others. The type is what the program says it is.
   *
   * @throws Diagnostic ROW_UNKNOWN_FIELD
   */
  getField<T = unknown>(field: number | string): T {
    return this.values[this.position(field)] as T;
  }

  /** The same as `getField`, for programs in Java that cast. */
  getFieldAs<T = unknown>(field: number | string): T {
    return this.getField<T>(field);
  }

  /**
   * Sets the field at a position (from 0) or of a name. A row of `Row.withNames` gets new fields so.
   *
   * @throws Diagnostic ROW_UNKNOWN_FIELD
   */
  setField(field: number | string, value: unknown): void {
    if (typeof field === "string" && !this.hasPositions && this.names !== null && !this.names.includes(field)) {
      this.names.push(field);
      this.values.push(value);
      return;
    }
    this.values[this.position(field)] = value;
  }

  /** Names of the fields. @param includeNamedPositions also of a row that has positions too; else null for it. */
  getFieldNames(includeNamedPositions = false): ReadonlySet<string> | null {
    if (this.names === null || (this.hasPositions && !includeNamedPositions)) return null;
    return new Set(this.names);
  }

  /** Takes all values out of a row by name; sets them to null in one by position. */
  clear(): void {
    if (this.hasPositions) this.values.fill(null);
    else {
      this.values.length = 0;
      this.names!.length = 0;
    }
  }

  /** True when kind, names and values are the same; dates are compared by their time, lists and rows by what is in them. */
  equals(other: unknown): boolean {
    return other instanceof Row && other.kind === this.kind && String(other) === String(this);
  }

  /** `+I[u1, 3]`; of a row by name `+I{user=u1, n=3}`. */
  toString(): string {
    const kind = this.getKind().shortString();
    if (this.hasPositions) return `${kind}[${this.values.map(textOf).join(", ")}]`;
    return `${kind}{${this.names!.map((name, i) => `${name}=${textOf(this.values[i])}`).join(", ")}}`;
  }

  private position(field: number | string): number {
    if (typeof field === "number") {
      if (this.hasPositions && field >= 0 && field < this.values.length) return field;
      throw new Diagnostic({
        code: "ROW_UNKNOWN_FIELD",
        phase: "runtime",
        message: this.hasPositions ? `The row has no field at position ${field}.` : "The fields of this row have names, but no positions.",
        expected: this.hasPositions ? `0 to ${this.values.length - 1}` : `a name: ${this.names!.join(", ")}`,
      });
    }
    const at = this.names?.indexOf(field) ?? -1;
    if (at >= 0) return at;
    throw new Diagnostic({
      code: "ROW_UNKNOWN_FIELD",
      phase: "runtime",
      message: this.names === null ? "The fields of this row have positions, but no names." : `Unknown field name '${field}' for the row.`,
      found: field,
      ...(this.names === null ? {} : { hint: nameHint(field, this.names, "fields") }),
    });
  }
}

/** As Java prints the value. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (Array.isArray(value)) return `[${value.map(textOf).join(", ")}]`;
  if (value instanceof Map) return `{${[...value].map(([key, item]) => `${textOf(key)}=${textOf(item)}`).join(", ")}}`;
  if (value instanceof Date) return value.toISOString().replace(/(:00)?(\.000)?Z$/, "");
  if (value instanceof Uint8Array) return `[${[...value].map((byte) => (byte << 24) >> 24).join(", ")}]`;
  if (typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype) {
    return `{${Object.entries(value)
      .map(([key, item]) => `${key}=${textOf(item)}`)
      .join(", ")}}`;
  }
  return String(value);
}
