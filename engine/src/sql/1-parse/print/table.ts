/** CREATE TABLE and its relatives, ALTER TABLE. */
import type {
  AlterMaterializedTableAction,
  AlterTableAction,
  ColumnNode,
  ConstraintNode,
  CreateMaterializedTable,
  CreateTable,
  DistributionNode,
  Identifier,
  OptionKey,
  PartitionValue,
  PlacedColumn,
  TableDefinition,
  TableOption,
  TableSchemaNode,
  WatermarkNode,
} from "../ast.ts";
import { printExpression } from "./expression.ts";
import { printColumnList, printName, printPath, printString } from "./name.ts";
import { printQuery } from "./query.ts";
import { printType } from "./type.ts";

export function words(...parts: readonly (string | false | null)[]): string {
  return parts.filter((part) => part !== false && part !== null && part !== "").join(" ");
}

export function printOptions(options: readonly TableOption[]): string {
  return `(${options.map(({ key, value }) => `${printString(key)} = ${printString(value)}`).join(", ")})`;
}

/** WITH (…), or nothing. */
export function printWith(options: readonly TableOption[]): string {
  return options.length === 0 ? "" : `WITH ${printOptions(options)}`;
}

export function printComment(comment: string | null): string {
  return comment === null ? "" : `COMMENT ${printString(comment)}`;
}

export function printPartition(values: readonly PartitionValue[]): string {
  const list = values.map(({ column, value }) => printName(column) + (value === null ? "" : ` = ${printExpression(value)}`));
  return `PARTITION (${list.join(", ")})`;
}

export function printColumn(column: ColumnNode): string {
  const name = printPath(column.path);
  const comment = printComment(column.comment);
  switch (column.kind) {
    case "computed":
      return words(`${name} AS ${printExpression(column.expr)}`, comment);
    case "metadata": {
      const from = column.from === null ? "" : `FROM ${printString(column.from)}`;
      return words(name, printType(column.type), "METADATA", from, column.virtual && "VIRTUAL", comment);
    }
    case "physical": {
      const { constraint } = column;
      return words(name, printType(column.type), constraint === null ? "" : printConstraint(constraint, ""), comment);
    }
  }
}

function printConstraint({ name, kind, enforced }: ConstraintNode, columns: string): string {
  const enforcement = enforced === null ? "" : enforced ? "ENFORCED" : "NOT ENFORCED";
  return words(name === null ? "" : `CONSTRAINT ${printName(name)}`, `${kind}${columns}`, enforcement);
}

function printTableConstraint(constraint: ConstraintNode): string {
  return printConstraint(constraint, printColumnList(constraint.columns));
}

function printWatermark({ path, expr }: WatermarkNode): string {
  return `WATERMARK FOR ${printPath(path)} AS ${printExpression(expr)}`;
}

/** `(columns, watermark, constraints)`, or nothing. */
function printSchema({ columns, watermark, constraints, columnOrder }: TableSchemaNode): string {
  if (columnOrder.length > 0) return `(${columnOrder.map(printName).join(", ")})`;
  const inline = new Set(columns.map((column) => (column.kind === "physical" ? column.constraint : null)));
  const elements = [
    ...columns.map(printColumn),
    ...(watermark === null ? [] : [printWatermark(watermark)]),
    ...constraints.filter((constraint) => !inline.has(constraint)).map(printTableConstraint),
  ];
  return elements.length === 0 ? "" : `(${elements.join(", ")})`;
}

export function printDistribution({ method, columns, buckets }: DistributionNode): string {
  const into = buckets === null ? "" : `INTO ${buckets} BUCKETS`;
  return columns.length === 0 ? into : words("BY", method, printColumnList(columns).trim(), into);
}

function printDefinition(node: TableDefinition): string {
  return words(
    printSchema(node),
    printComment(node.comment),
    node.distribution === null ? "" : `DISTRIBUTED ${printDistribution(node.distribution)}`,
    node.partitionedBy.length === 0 ? "" : `PARTITIONED BY${printColumnList(node.partitionedBy)}`,
    printWith(node.options),
  );
}

export function printCreateTable(node: CreateTable): string {
  const verb = node.replace === "replace" ? "REPLACE" : node.replace === "createOrReplace" ? "CREATE OR REPLACE" : "CREATE";
  const head = words(verb, node.temporary && "TEMPORARY", "TABLE", node.ifNotExists && "IF NOT EXISTS", printPath(node.path));
  const like = node.like === null ? "" : printLike(node.like);
  return words(head, printDefinition(node), like, node.query === null ? "" : `AS ${printQuery(node.query)}`);
}

function printLike({ path, options }: NonNullable<CreateTable["like"]>): string {
  const list = options.map(({ merging, feature }) => `${merging} ${feature}`).join(" ");
  return `LIKE ${printPath(path)}${list === "" ? "" : ` (${list})`}`;
}

export function printCreateMaterializedTable(node: CreateMaterializedTable): string {
  const argument = node.startMode?.argument ?? null;
  return words(
    node.orAlter ? "CREATE OR ALTER MATERIALIZED TABLE" : "CREATE MATERIALIZED TABLE",
    printPath(node.path),
    printDefinition(node),
    node.startMode === null ? "" : `START_MODE = ${node.startMode.mode}${argument === null ? "" : `(${printExpression(argument)})`}`,
    node.freshness === null ? "" : `FRESHNESS = ${printExpression(node.freshness)}`,
    node.refreshMode === null ? "" : `REFRESH_MODE = ${node.refreshMode}`,
    `AS ${printQuery(node.query)}`,
  );
}

function printPlaced({ column, position }: PlacedColumn): string {
  return words(printColumn(column), position === null ? "" : position === "first" ? "FIRST" : `AFTER ${printPath(position.after)}`);
}

function printKeys(keys: readonly OptionKey[]): string {
  return `(${keys.map(({ key }) => printString(key)).join(", ")})`;
}

function printPaths(paths: readonly (readonly Identifier[])[]): string {
  return `(${paths.map(printPath).join(", ")})`;
}

export function printAction(action: AlterTableAction | AlterMaterializedTableAction): string {
  switch (action.kind) {
    case "rename":
      return `RENAME TO ${printPath(action.to)}`;
    case "renameColumn":
      return `RENAME ${printPath(action.from)} TO ${printPath(action.to)}`;
    case "set":
      return `SET ${printOptions(action.options)}`;
    case "reset":
      return `RESET ${printKeys(action.keys)}`;
    case "add":
    case "modify": {
      const inline = new Set(action.columns.map(({ column }) => (column.kind === "physical" ? column.constraint : null)));
      const elements = [
        ...action.columns.map(printPlaced),
        ...(action.watermark === null ? [] : [printWatermark(action.watermark)]),
        ...action.constraints.filter((constraint) => !inline.has(constraint)).map(printTableConstraint),
      ];
      return `${action.kind.toUpperCase()} (${elements.join(", ")})`;
    }
    case "addDistribution":
      return `ADD DISTRIBUTION ${printDistribution(action.distribution)}`;
    case "modifyDistribution":
      return `MODIFY DISTRIBUTION ${printDistribution(action.distribution)}`;
    case "addPartitions": {
      const partitions = action.partitions.map(({ spec, options }) => words(printPartition(spec), printWith(options)));
      return words("ADD", action.ifNotExists && "IF NOT EXISTS", ...partitions);
    }
    case "dropPartitions":
      return words("DROP", action.ifExists && "IF EXISTS", action.partitions.map(printPartition).join(", "));
    case "dropColumns":
      return `DROP ${printPaths(action.columns)}`;
    case "dropPrimaryKey":
      return "DROP PRIMARY KEY";
    case "dropConstraint":
      return `DROP CONSTRAINT ${printName(action.name)}`;
    case "dropDistribution":
      return "DROP DISTRIBUTION";
    case "dropWatermark":
      return "DROP WATERMARK";
    case "suspend":
      return "SUSPEND";
    case "resume":
      return words("RESUME", printWith(action.options));
    case "refresh":
      return words("REFRESH", action.partition.length === 0 ? "" : printPartition(action.partition));
    case "setFreshness":
      return `SET FRESHNESS = ${printExpression(action.freshness)}`;
    case "setRefreshMode":
      return `SET REFRESH_MODE = ${action.mode}`;
    case "as":
      return `AS ${printQuery(action.query)}`;
  }
}
