import type { RelColumn } from "../sql/2-analyze/rel.ts";
import { DataType } from "../sql/user-functions/data-types.ts";

/** Names and types of a table's columns, as they are known once everything is resolved. (Flink: docs/dev/table/common) */
export class ResolvedSchema {
  readonly #columns: readonly RelColumn[];

  /** @internal Use `table.getResolvedSchema()`. */
  constructor(columns: readonly RelColumn[]) {
    this.#columns = columns;
  }

  /** Number of columns. */
  getColumnCount(): number {
    return this.#columns.length;
  }

  /** Names of the columns, in order. */
  getColumnNames(): readonly string[] {
    return this.#columns.map(({ name }) => name);
  }

  /** Types of the columns, in order. */
  getColumnDataTypes(): readonly DataType[] {
    return this.#columns.map(({ type }) => new DataType(type));
  }

  /** As Flink prints it: a bracket, a line for each column. */
  toString(): string {
    const lines = this.#columns.map(({ name, type }) => {
      const time = type.timeAttribute === undefined ? "" : ` *${type.timeAttribute}*`;
      return `  \`${name}\` ${String(new DataType(type))}${time}`;
    });
    return `(\n${lines.join(",\n")}\n)`;
  }

  /** @internal */
  print(): void {
    (globalThis as { readonly console?: { log(text: string): void } }).console?.log(String(this));
  }
}
