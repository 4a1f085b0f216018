import type { TableOption } from "../sql/1-parse/ast.ts";
import type { TableDefinition } from "../sql/catalog/table-definition.ts";
import { NOWHERE } from "./expressions/expression-base.ts";
import { Schema } from "./schema.ts";

/**
 * A table of a connector, as CREATE TABLE … WITH declares it: `TableDescriptor.forConnector("kafka").schema(…).option("topic", "clicks").build()`.
 * (Flink: docs/dev/table/common)
 */
export class TableDescriptor {
  /** @internal */
  readonly definition: TableDefinition;

  /** @internal Use `TableDescriptor.forConnector`. */
  constructor(definition: TableDefinition) {
    this.definition = definition;
  }

  /** A descriptor in the making. @param connector such as `kafka`, `datagen`, `print` */
  static forConnector(connector: string): TableDescriptorBuilder {
    return new TableDescriptorBuilder(connector);
  }
}

/** A descriptor in the making. (Flink: docs/dev/table/common) */
export class TableDescriptorBuilder {
  #tableSchema: Schema = new Schema({ columns: [], watermark: null, primaryKey: null });
  readonly #options = new Map<string, TableOption>();
  #partitionKeys: readonly string[] = [];
  #text: string | null = null;

  /** @internal */
  constructor(connector: string) {
    this.option("connector", connector);
  }

  /** The table's columns. */
  schema(schema: Schema): this {
    this.#tableSchema = schema;
    return this;
  }

  /** An option of the connector or the format. */
  option(key: string, value: string | number | boolean): this {
    this.#options.set(key, { key, value: String(value), keySpan: NOWHERE, valueSpan: NOWHERE, span: NOWHERE });
    return this;
  }

  /** The format: `format("json")`, or of keys alone `format("json", "key.format")`. */
  format(format: string, option = "format"): this {
    return this.option(option, format);
  }

  /** Columns by which the table is partitioned. */
  partitionedBy(...columns: readonly string[]): this {
    this.#partitionKeys = columns;
    return this;
  }

  /** A remark. */
  comment(comment: string): this {
    this.#text = comment;
    return this;
  }

  /** The descriptor. */
  build(): TableDescriptor {
    return new TableDescriptor({
      ...this.#tableSchema.declaration,
      distribution: null,
      partitionKeys: this.#partitionKeys,
      comment: this.#text,
      options: this.#options,
    });
  }
}
