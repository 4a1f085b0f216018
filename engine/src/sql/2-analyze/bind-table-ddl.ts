/** A table's declaration to a catalog entry: types, computed columns, watermark, primary key. */
import { type LogicalType, typeName, typeSummary, withNullable } from "../../types/logical-type.ts";
import type {
  ColumnNode,
  ConstraintNode,
  CreateTable,
  Expr,
  TableDefinition as TableDefinitionNode,
  WatermarkNode,
} from "../1-parse/ast.ts";
import type { Span } from "../1-parse/span.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import type { CatalogTable, TableColumn } from "../catalog/catalog.ts";
import { defaultPath, type ObjectPath } from "../catalog/object-path.ts";
import type { ColumnDefinition, PrimaryKeyDefinition, TableDefinition, WatermarkDefinition } from "../catalog/table-definition.ts";
import { nameHint } from "../../base/nearest.ts";
import { type BindHook, calciteName, ExpressionBinder } from "./bind-expression.ts";
import { inputRef } from "./rex.ts";
import { Scope } from "./scope.ts";
import { typeOfNode } from "./type-rules.ts";

export interface TablePlace {
  readonly path: ObjectPath;
  readonly temporary: boolean;
  /** Written in the given DDL. */
  readonly given: boolean;
  /** Knows the user's functions for computed columns and watermarks; absent = there are none. */
  readonly hook?: BindHook;
}

/** The statement's table in the default database. */
export function bindCreateTable(node: CreateTable, given: boolean): CatalogTable {
  const path = defaultPath(node.path.map(({ name }) => name));
  return bindTableDefinition(definitionOf(node), { path, temporary: false, given });
}

/** What the statement itself declares, without what it takes from elsewhere. Throws SqlError. */
export function definitionOf(node: TableDefinitionNode): TableDefinition {
  const primaryKey = primaryKeyOf(node.constraints);
  return {
    columns: node.columns.map((column) => columnDefinitionOf(column, primaryKey)),
    watermark: node.watermark === null ? null : watermarkDefinitionOf(node.watermark),
    primaryKey,
    distribution:
      node.distribution === null
        ? null
        : {
            kind: node.distribution.method,
            buckets: node.distribution.buckets,
            columns: node.distribution.columns.map(({ name }) => name),
          },
    partitionKeys: node.partitionedBy.map(({ name }) => name),
    comment: node.comment,
    options: new Map(node.options.map((option) => [option.key, option])),
  };
}

/** Columns of the primary key are NOT NULL, whatever their type says. */
export function columnDefinitionOf(column: ColumnNode, primaryKey: PrimaryKeyDefinition | null): ColumnDefinition {
  const { name } = column.name;
  if (column.path.length > 1) {
    throw new SqlError("validate", "SQL_NESTED_COLUMN", "Fields inside rows cannot be changed one by one here.", column.span, {
      hint: "MODIFY the whole column with its new ROW type.",
    });
  }
  const common = { name, comment: column.comment, span: column.name.span };
  switch (column.kind) {
    case "physical": {
      const type = typeOfNode(column.type);
      return { ...common, kind: "physical", type: primaryKey?.columns.includes(name) ? withNullable(type, false) : type };
    }
    case "computed":
      return { ...common, kind: "computed", expr: column.expr };
    case "metadata":
      return { ...common, kind: "metadata", type: typeOfNode(column.type), from: column.from, virtual: column.virtual };
  }
}

export function watermarkDefinitionOf({ path, expr, span }: WatermarkNode): WatermarkDefinition {
  return { column: path.map(({ name }) => name).join("."), expr, span };
}

/** The one primary key among the constraints; null = there is none. Throws SqlError. */
export function primaryKeyOf(constraints: readonly ConstraintNode[]): PrimaryKeyDefinition | null {
  for (const { kind, enforced, span } of constraints) {
    if (kind === "UNIQUE")
      throw new SqlError("validate", "SQL_UNIQUE", "UNIQUE constraint is not supported yet", span, { found: "UNIQUE" });
    if (enforced === false) continue;
    throw new SqlError(
      "validate",
      "SQL_ENFORCED",
      "Flink doesn't support ENFORCED mode for PRIMARY KEY constraint. ENFORCED/NOT ENFORCED controls if the constraint checks are performed on the incoming/outgoing data. Flink does not own the data therefore the only supported mode is the NOT ENFORCED mode",
      span,
      { expected: "NOT ENFORCED", hint: "Flink never checks a primary key and wants that written: PRIMARY KEY (id) NOT ENFORCED." },
    );
  }
  if (constraints.length > 1) throw new SqlError("validate", "SQL_PRIMARY_KEY", "Duplicate primary key definition", constraints[1].span);
  const [key] = constraints;
  return key === undefined ? null : { name: key.name?.name ?? null, columns: key.columns.map(({ name }) => name), span: key.span };
}

export function bindTableDefinition(definition: TableDefinition, { path, temporary, given, hook }: TablePlace): CatalogTable {
  const columns: TableColumn[] = [];
  for (const column of definition.columns) {
    checkDuplicate(column, definition.columns);
    columns.push(columnOf(column));
  }
  // Computed columns may use every column that is not computed itself, before or after them.
  const base = columns
    .map((column, index) => ({ name: column.name, type: column.type, index }))
    .filter(({ index }) => columns[index].kind !== "computed");
  const binder = new ExpressionBinder(new Scope([{ alias: path.name, columns: base }]), hook ?? null);
  definition.columns.forEach((column, i) => {
    if (column.kind !== "computed") return;
    const expr = bindIdentifiers(() => binder.bind(column.expr));
    columns[i] = { ...columns[i], type: expr.type, expr };
  });
  const primaryKey = bindPrimaryKey(definition, columns);
  bindPartitions(definition, columns);
  return {
    kind: "table",
    path,
    name: path.name,
    temporary,
    columns,
    watermark: bindWatermark(definition, columns, hook ?? null),
    primaryKey,
    partitionKeys: definition.partitionKeys,
    changelogMode: "insert",
    sinkMode: null,
    options: definition.options,
    given,
    definition,
  };
}

function checkDuplicate(column: ColumnDefinition, all: readonly ColumnDefinition[]): void {
  const first = all.find((other) => other.name === column.name) as ColumnDefinition;
  if (first === column) return;
  const kinds = [first.kind, column.kind];
  const message = kinds.every((kind) => kind === "physical")
    ? `A regular Column named '${column.name}' already exists in the table.`
    : `A column named '${column.name}' already exists in the table. Duplicate columns exist in the ${kinds.includes("computed") ? "compute" : "metadata"} column and ${kinds.includes("physical") ? "regular" : kinds.includes("metadata") ? "metadata" : "compute"} column.`;
  throw new SqlError("validate", "SQL_DUPLICATE_COLUMN", message, column.span, { found: column.name });
}

function columnOf(column: ColumnDefinition): TableColumn {
  const common = { name: column.name, expr: null };
  switch (column.kind) {
    case "physical":
      return { ...common, type: column.type, kind: "physical", metadataKey: null, persisted: true };
    case "metadata":
      return { ...common, type: column.type, kind: "metadata", metadataKey: column.from ?? column.name, persisted: !column.virtual };
    case "computed":
      return { ...common, type: { root: "NULL", nullable: true }, kind: "computed", metadataKey: null, persisted: false };
  }
}

/** In DDL, Flink calls a column that is not there an identifier. */
function bindIdentifiers<T>(bind: () => T): T {
  try {
    return bind();
  } catch (error) {
    if (error instanceof SqlError && error.code === "SQL_UNKNOWN_COLUMN")
      throw new SqlError("validate", error.code, `Unknown identifier '${error.details.found}'`, error.span, error.details);
    throw error;
  }
}

function bindPrimaryKey({ primaryKey }: TableDefinition, columns: readonly TableColumn[]): readonly number[] {
  if (primaryKey === null) return [];
  const { name, columns: names, span } = primaryKey;
  const duplicates = names.filter((key, i) => names.indexOf(key) !== i);
  if (duplicates.length > 0) {
    throw new SqlError(
      "validate",
      "SQL_PRIMARY_KEY",
      `Invalid primary key '${name ?? `PK_${names.join("_")}`}'. A primary key must not contain duplicate columns. Found: [${duplicates.join(", ")}]`,
      span,
    );
  }
  return names.map((key) => {
    const index = columns.findIndex((column) => column.name === key);
    if (index < 0) {
      throw new SqlError("validate", "SQL_UNKNOWN_COLUMN", `Primary key column '${key}' is not defined in the schema`, span, {
        found: key,
        hint: nameHint(
          key,
          columns.map((column) => column.name),
          "columns",
        ),
      });
    }
    if (columns[index].kind !== "physical") {
      throw new SqlError("validate", "SQL_PRIMARY_KEY", `Could not create a PRIMARY KEY with column '${key}'`, span, {
        found: `a ${columns[index].kind} column`,
        expected: "a physical column",
      });
    }
    if (columns[index].type.nullable) {
      throw new SqlError(
        "validate",
        "SQL_PRIMARY_KEY",
        `Invalid primary key '${name ?? `PK_${names.join("_")}`}'. Column '${key}' is nullable.`,
        span,
        { found: key, expected: `${key} ${typeName(columns[index].type)} NOT NULL` },
      );
    }
    return index;
  });
}

function bindPartitions({ partitionKeys, distribution }: TableDefinition, columns: readonly TableColumn[]): void {
  const physical = columns.filter(({ kind }) => kind === "physical").map(({ name }) => name);
  for (const key of partitionKeys) {
    if (physical.includes(key)) continue;
    const known = columns.some(({ name }) => name === key);
    const message = known
      ? `Invalid partition key '${key}'. A partition key must reference a physical column in the schema. Available columns are: [${physical.join(", ")}]`
      : `Partition column '${key}' not defined in the table schema. Available columns: [${columns.map(({ name }) => `'${name}'`).join(", ")}]`;
    throw new SqlError("validate", "SQL_PARTITION", message, null, { found: key, hint: nameHint(key, physical, "columns") });
  }
  if (distribution === null) return;
  for (const key of distribution.columns) {
    if (physical.includes(key)) continue;
    throw new SqlError(
      "validate",
      "SQL_DISTRIBUTION",
      `Invalid bucket key '${key}'. A bucket key for a distribution must reference a physical column in the schema. Available columns are: [${physical.join(", ")}]`,
      null,
      { found: key, hint: nameHint(key, physical, "columns") },
    );
  }
  if (distribution.buckets !== null && distribution.buckets < 1) {
    throw new SqlError(
      "validate",
      "SQL_DISTRIBUTION",
      `Invalid bucket count '${distribution.buckets}'. The number of buckets for a distributed table must be at least 1.`,
      null,
    );
  }
}

const TIME_TYPES = "The field must be of type TIMESTAMP(p) or TIMESTAMP_LTZ(p), the supported precision 'p' is from 0 to 3";

function isTimeType(type: LogicalType): boolean {
  return (type.root === "TIMESTAMP" || type.root === "TIMESTAMP_LTZ") && type.precision! <= 3;
}

/** Why no column has the name; it may be that of a field in a row, which Flink finds, but does not take. */
function missingRowtime(column: string, columns: readonly TableColumn[]): string {
  const undefinedField = `The rowtime attribute field '${column}' is not defined in the table schema`;
  const [first, ...fields] = column.split(".");
  let type = columns.find(({ name }) => name === first)?.type;
  if (fields.length === 0 || type === undefined) return undefinedField;
  for (const field of fields) {
    if (type.fields === undefined) return `Trying to access field ${field} in a type with no fields: ${calciteName(type)}`;
    const found: LogicalType | undefined = type.fields.find(({ name }) => name === field)?.type;
    if (found === undefined) return undefinedField;
    type = found;
  }
  const available = columns.map(({ name }) => name).join(", ");
  return `Invalid column name '${column}' for rowtime attribute in watermark declaration. Available columns are: [${available}]`;
}

function bindWatermark({ watermark }: TableDefinition, columns: TableColumn[], hook: BindHook | null): CatalogTable["watermark"] {
  if (watermark === null) return null;
  const { column, expr, span } = watermark;
  const index = columns.findIndex((candidate) => candidate.name === column);
  if (index < 0) {
    const names = columns.map(({ name }) => name);
    throw new SqlError("validate", "SQL_UNKNOWN_COLUMN", missingRowtime(column, columns), span, {
      found: column,
      hint: nameHint(column, names, "columns") ?? "The mark goes with a column of its own: ts AS r.ts, WATERMARK FOR ts AS …",
    });
  }
  const { type } = columns[index];
  if (type.timeAttribute === "PROCTIME") {
    throw new SqlError("validate", "SQL_ROWTIME_TYPE", "A watermark can not be defined for a processing-time attribute.", span, {
      found: column,
    });
  }
  if (!isTimeType(type)) {
    throw new SqlError(
      "validate",
      "SQL_ROWTIME_TYPE",
      `Invalid data type of time field for watermark definition. ${TIME_TYPES}, but the time field type is ${typeSummary(type)}`,
      span,
      {
        found: typeName(type),
        expected: "TIMESTAMP(p) or TIMESTAMP_LTZ(p) with p up to 3",
        hint: "Add a computed column: ts AS TO_TIMESTAMP_LTZ(epoch_ms, 3).",
      },
    );
  }
  const fromSource = expr.kind === "call" && expr.args.length === 0 && expr.name.toUpperCase() === "SOURCE_WATERMARK";
  const all = columns.map((candidate, i) => ({ name: candidate.name, type: candidate.type, index: i }));
  const bound = fromSource
    ? inputRef(index, type)
    : bindIdentifiers(() => new ExpressionBinder(new Scope([{ alias: null, columns: all }]), hook).bind(expr));
  checkWatermarkType(bound.type, type, expr);
  columns[index] = { ...columns[index], type: { ...type, timeAttribute: "ROWTIME" } };
  return { column: index, expr: bound, fromSource };
}

function checkWatermarkType(found: LogicalType, wanted: LogicalType, { span }: Expr & { readonly span: Span }): void {
  const details = { found: typeName(found), expected: typeName(wanted) };
  if (!isTimeType(found)) {
    throw new SqlError(
      "validate",
      "SQL_WATERMARK_TYPE",
      `Invalid data type of expression for watermark definition. ${TIME_TYPES}, but the watermark expression type is ${typeSummary(found)}`,
      span,
      details,
    );
  }
  if (found.root === wanted.root) return;
  throw new SqlError(
    "validate",
    "SQL_WATERMARK_TYPE",
    `The watermark declaration's output data type '${typeName(found)}' is different from the time field's data type '${typeName(wanted)}'.`,
    span,
    details,
  );
}
