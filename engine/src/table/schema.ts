import type { LogicalType } from "../types/logical-type.ts";
import { withNullable } from "../types/logical-type.ts";
import type { Expr } from "../sql/1-parse/ast.ts";
import type { ColumnDefinition, TableDefinition } from "../sql/catalog/table-definition.ts";
import { logicalTypeOf, type TypeLike } from "../sql/user-functions/data-types.ts";
import type { Expression } from "./expressions/expression.ts";
import { NOWHERE } from "./expressions/expression-base.ts";
import { parsedExpression } from "./expressions/parsed-expression.ts";
import type { ResolvedSchema } from "./resolved-schema.ts";

type SqlOrExpression = string | Expression;

/** What a schema declares, as DDL would. */
export type SchemaDeclaration = Pick<TableDefinition, "columns" | "watermark" | "primaryKey">;

/**
 * Columns, watermark and primary key of a table, as CREATE TABLE declares them: `Schema.newBuilder().column("user", "STRING").build()`.
 * (Flink: docs/dev/table/data_stream_api; docs/dev/table/common)
 */
export class Schema {
  /** @internal */
  readonly declaration: SchemaDeclaration;

  /** @internal Use `Schema.newBuilder()`. */
  constructor(declaration: SchemaDeclaration) {
    this.declaration = declaration;
  }

  /** A schema in the making. */
  static newBuilder(): SchemaBuilder {
    return new SchemaBuilder();
  }
}

/** A schema in the making. (Flink: docs/dev/table/data_stream_api; docs/dev/table/common) */
export class SchemaBuilder {
  readonly #columns: ColumnDefinition[] = [];
  #watermarkDefinition: SchemaDeclaration["watermark"] = null;
  #key: SchemaDeclaration["primaryKey"] = null;

  /** A physical column: what the stream or connector holds. @throws Diagnostic TABLE_TYPE */
  column(name: string, type: TypeLike): this {
    return this.#add({ kind: "physical", name, type: logicalTypeOf(type), comment: null, span: NOWHERE });
  }

  /** Physical columns, those of a table. */
  fromResolvedSchema(schema: ResolvedSchema): this {
    const types = schema.getColumnDataTypes();
    schema.getColumnNames().forEach((name, i) => {
      this.column(name, types[i]);
    });
    return this;
  }

  /** A column that is computed from the others, by an expression or SQL. @throws Diagnostic TABLE_SQL */
  columnByExpression(name: string, expression: SqlOrExpression): this {
    return this.#add({ kind: "computed", name, expr: astOf(expression), comment: null, span: NOWHERE });
  }

  /**
   * A column of metadata, such as a stream's `rowtime`: the timestamps of its records.
   * @param metadataKey default: the column's name
   * @param isVirtual the column is read only, never written; default false
   */
  columnByMetadata(name: string, type: TypeLike, metadataKey: string | null = null, isVirtual = false): this {
    return this.#add({
      kind: "metadata",
      name,
      type: logicalTypeOf(type),
      from: metadataKey,
      virtual: isVirtual,
      comment: null,
      span: NOWHERE,
    });
  }

  /** Makes a column a rowtime attribute: `watermark("ts", "ts - INTERVAL '5' SECOND")`, or `"SOURCE_WATERMARK()"` for the stream's own watermarks. */
  watermark(column: string, expression: SqlOrExpression): this {
    this.#watermarkDefinition = { column, expr: astOf(expression), span: NOWHERE };
    return this;
  }

  /** The columns that identify a row; they are never NULL. */
  primaryKey(...columns: readonly string[]): this {
    this.#key = { name: null, columns, span: NOWHERE };
    return this;
  }

  /** The schema. */
  build(): Schema {
    const keys = this.#key?.columns ?? [];
    const columns = this.#columns.map((column) =>
      column.kind === "physical" && keys.includes(column.name) ? { ...column, type: notNull(column.type) } : column,
    );
    return new Schema({ columns, watermark: this.#watermarkDefinition, primaryKey: this.#key });
  }

  #add(column: ColumnDefinition): this {
    this.#columns.push(column);
    return this;
  }
}

function notNull(type: LogicalType): LogicalType {
  return withNullable(type, false);
}

function astOf(expression: SqlOrExpression): Expr {
  return typeof expression === "string" ? parsedExpression(expression) : expression.ast;
}
