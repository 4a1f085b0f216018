/** CREATE, ALTER, DROP, SHOW and DESCRIBE of models: declarations only, for what a model says comes from a provider outside, and there is none in a simulated world. */
import { BOOLEAN, STRING, typeName } from "../../types/logical-type.ts";
import type { AlterModel, ColumnNode, CreateModel, DropStatement, Identifier } from "../1-parse/ast.ts";
import type { Span } from "../1-parse/span.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import { typeOfNode } from "../2-analyze/type-rules.ts";
import { nameHint } from "../../base/nearest.ts";
import type { CatalogModel, ModelColumn } from "../catalog/catalog-model.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { type ObjectPath, pathText, quotedPath } from "../catalog/object-path.ts";
import { requireDatabase } from "./catalog-statements.ts";
import { serializableType } from "./show-create.ts";
import type { StatementResult } from "./statement-result.ts";

type TableResult = Extract<StatementResult, { kind: "table" }>;

function refuse(message: string, span: Span, path: ObjectPath, catalog: Catalog): SqlError {
  const known = [...catalog.models.values()].map((model) => model.path.name);
  return new SqlError("validate", "SQL_MODEL", message, span, { found: path.name, hint: nameHint(path.name, known, "models") });
}

function pathOf(path: readonly Identifier[], catalog: Catalog): ObjectPath {
  return catalog.qualify(path.map(({ name }) => name));
}

export function createModel(node: CreateModel, catalog: Catalog): void {
  const path = pathOf(node.path, catalog);
  if (node.query !== null)
    throw new SqlError(
      "validate",
      "SQL_UNSUPPORTED_STATEMENT",
      "Unsupported query: CREATE MODEL … AS SELECT is read by Flink, and never carried out.",
      node.span,
    );
  if (node.options.length === 0) throw refuse("Model property list can not be empty.", node.span, path, catalog);
  if (!node.temporary) requireDatabase(path, catalog, node.path[node.path.length - 1].span);
  const there = catalog.models.get(pathText(path));
  if (there !== undefined) {
    if (node.ifNotExists) return;
    const message = node.temporary
      ? `Temporary model '${quotedPath(path)}' already exists`
      : `Model ${path.database}.${path.name} already exists in Catalog ${path.catalog}.`;
    throw refuse(message, node.span, path, catalog);
  }
  catalog.models.set(pathText(path), {
    path,
    temporary: node.temporary,
    inputs: node.inputs.map(columnOf),
    outputs: node.outputs.map(columnOf),
    comment: node.comment,
    options: new Map(node.options.map(({ key, value }) => [key, value])),
  });
}

function columnOf(column: ColumnNode): ModelColumn {
  const { kind, name } = column;
  if (kind !== "physical")
    throw new SqlError("validate", "SQL_MODEL", `Column \`${name.name}\` can only be a physical column.`, column.span, { found: kind });
  return { name: name.name, type: typeOfNode(column.type), comment: column.comment };
}

function requireModel(path: ObjectPath, message: string, span: Span, catalog: Catalog): CatalogModel {
  const model = catalog.models.get(pathText(path));
  if (model === undefined) throw refuse(message, span, path, catalog);
  return model;
}

export function alterModel(node: AlterModel, catalog: Catalog): void {
  const path = pathOf(node.path, catalog);
  const { action } = node;
  if (node.ifExists && !catalog.models.has(pathText(path))) return;
  const model = requireModel(path, `Model ${quotedPath(path)} doesn't exist.`, node.span, catalog);
  switch (action.kind) {
    case "rename": {
      const to = { ...path, name: action.to[action.to.length - 1].name };
      catalog.models.delete(pathText(path));
      catalog.models.set(pathText(to), { ...model, path: to });
      return;
    }
    case "set": {
      const options = new Map([...model.options, ...action.options.map(({ key, value }) => [key, value] as const)]);
      catalog.models.set(pathText(path), { ...model, options });
      return;
    }
    case "reset": {
      const keys = action.keys.map(({ key }) => key);
      if (keys.length === 0) throw refuse("ALTER MODEL RESET does not support empty key", node.span, path, catalog);
      catalog.models.set(pathText(path), { ...model, options: new Map([...model.options].filter(([key]) => !keys.includes(key))) });
    }
  }
}

export function dropModel(node: DropStatement, catalog: Catalog): void {
  const path = pathOf(node.path, catalog);
  const model = catalog.models.get(pathText(path));
  if (model !== undefined && model.temporary === node.temporary) catalog.models.delete(pathText(path));
  else if (!node.ifExists)
    throw refuse(
      `${node.temporary ? "Temporary model" : "Model"} with identifier '${pathText(path)}' does not exist.`,
      node.span,
      path,
      catalog,
    );
}

/** Temporary ones are not listed, as in Flink. */
export function modelNames(catalog: Catalog, database: Pick<ObjectPath, "catalog" | "database">): string[] {
  return [...catalog.models.values()]
    .filter(({ path, temporary }) => !temporary && path.catalog === database.catalog && path.database === database.database)
    .map(({ path }) => path.name);
}

export function describeModel(path: readonly Identifier[], span: Span, catalog: Catalog): TableResult {
  const full = pathOf(path, catalog);
  const model = requireModel(full, `Model with the identifier '${pathText(full)}' doesn't exist.`, span, catalog);
  const row = (column: ModelColumn, isInput: boolean) => [column.name, typeName(column.type), column.type.nullable, isInput];
  return {
    kind: "table",
    columns: [
      { name: "name", type: STRING },
      { name: "type", type: STRING },
      { name: "null", type: BOOLEAN },
      { name: "is input", type: BOOLEAN },
    ],
    rows: [...model.inputs.map((column) => row(column, true)), ...model.outputs.map((column) => row(column, false))],
  };
}

export function showCreateModel(path: readonly Identifier[], span: Span, catalog: Catalog): string {
  const full = pathOf(path, catalog);
  const message = `Could not execute SHOW CREATE MODEL. Model with identifier ${quotedPath(full)} does not exist.`;
  const { temporary, inputs, outputs, comment, options } = requireModel(full, message, span, catalog);
  const list = (columns: readonly ModelColumn[]) =>
    columns
      .map(
        ({ name, type, comment: text }) =>
          `\`${name}\` ${serializableType(type)}${text === null ? "" : ` COMMENT '${text.replaceAll("'", "''")}'`}`,
      )
      .join(", ");
  const pairs = [...options].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => `  '${key}' = '${value.replaceAll("'", "''")}'`);
  return [
    `CREATE ${temporary ? "TEMPORARY " : ""}MODEL ${quotedPath(full)}`,
    ...(inputs.length === 0 ? [] : [`INPUT (${list(inputs)})`]),
    ...(outputs.length === 0 ? [] : [`OUTPUT (${list(outputs)})`]),
    ...(comment === null ? [] : [`COMMENT '${comment.replaceAll("'", "''")}'`]),
    `WITH (\n${pairs.join(",\n")}\n)\n`,
  ].join("\n");
}
