import { UserDefinedFunction } from "./user-defined-function.ts";

/**
 * Values in, any number of rows out: `eval` calls `collect` for each. Used behind LATERAL TABLE, in `joinLateral` and `flatMap`.
 *
 * ```ts
 * class Split extends TableFunction<Row> {
 *   static functionHint = { input: ["STRING"], output: "ROW<word STRING, length INT>" };
 *   eval(text: string) { for (const word of text.split(" ")) this.collect(Row.of(word, word.length)); }
 * }
 * ```
 *
 * A row is a `Row`, an array, an object with the fields by name, or the bare value when there is one column.
 * (Flink: docs/dev/table/functions/udfs, "Table Functions")
 */
export abstract class TableFunction<T = unknown> extends UserDefinedFunction {
  private collector: ((row: T) => void) | null = null;

  /** Gives rows to `collect`. */
  abstract eval(...args: never[]): void;

  /** Emits a row. Only while `eval` is at work. */
  protected collect(row: T): void {
    this.collector?.(row);
  }

  /** @internal */
  setCollector(collector: (row: T) => void): void {
    this.collector = collector;
  }
}
