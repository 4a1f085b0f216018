/** ALTER TABLE as a function from declaration to declaration; the result is bound anew, which finds what no longer fits together. */
import type { LogicalType } from "../../types/logical-type.ts";
import { withNullable } from "../../types/logical-type.ts";
import type { AlterTable, AlterTableAction, Expr, Identifier, PlacedColumn } from "../1-parse/ast.ts";
import { printExpression } from "../1-parse/print.ts";
import type { Span } from "../1-parse/span.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import { columnDefinitionOf, primaryKeyOf, watermarkDefinitionOf } from "../2-analyze/bind-table-ddl.ts";
import type { CatalogTable } from "../catalog/catalog.ts";
import { quotedPath } from "../catalog/object-path.ts";
import type { ColumnDefinition, PrimaryKeyDefinition, TableDefinition } from "../catalog/table-definition.ts";
import { nameHint } from "../../base/nearest.ts";

/** What changes a declaration. */
export type SchemaAction = Exclude<AlterTableAction, { kind: "rename" | "addPartitions" | "dropPartitions" }>;

/** Throws SqlError. RENAME TO concerns the catalog and not the declaration. */
export function alteredDefinition(table: CatalogTable, node: AlterTable, action: SchemaAction): TableDefinition {
  return new Alteration(table, node.span).apply(action);
}

class Alteration {
  private readonly table: CatalogTable;
  private readonly definition: TableDefinition;
  private readonly span: Span;

  constructor(table: CatalogTable, span: Span) {
    this.table = table;
    this.definition = table.definition;
    this.span = span;
  }

  apply(action: SchemaAction): TableDefinition {
    const { definition } = this;
    switch (action.kind) {
      case "set":
        return {
          ...definition,
          options: new Map([...definition.options, ...action.options.map((option) => [option.key, option] as const)]),
        };
      case "reset":
        return this.reset(action.keys.map(({ key }) => key));
      case "renameColumn":
        return this.renameColumn(nameOf(action.from), nameOf(action.to));
      case "add":
        return this.add(action);
      case "modify":
        return this.modify(action);
      case "dropColumns":
        return this.dropColumns(action.columns.map(nameOf));
      case "dropPrimaryKey":
        if (definition.primaryKey === null) throw this.failed("The base table does not define any primary key.");
        return { ...definition, primaryKey: null };
      case "dropConstraint":
        return this.dropConstraint(action.name.name);
      case "dropWatermark":
        if (definition.watermark === null) throw this.failed("The base table does not define any watermark strategy.");
        return { ...definition, watermark: null };
      case "addDistribution":
      case "modifyDistribution":
        return this.setDistribution(action);
      case "dropDistribution":
        if (definition.distribution === null)
          throw this.failed(`Table ${quotedPath(this.table.path)} does not have a distribution to drop.`);
        return { ...definition, distribution: null };
    }
  }

  private refused(message: string, found?: string, known: readonly string[] = []): SqlError {
    const hint = found === undefined ? undefined : nameHint(found, known, "columns");
    return new SqlError("validate", "SQL_ALTER_TABLE", message, this.span, {
      ...(found === undefined ? {} : { found }),
      ...(hint === undefined ? {} : { hint }),
    });
  }

  private failed(cause: string, found?: string): SqlError {
    return this.refused(
      `Failed to execute ALTER TABLE statement.\n${cause}`,
      found,
      this.definition.columns.map(({ name }) => name),
    );
  }

  /** Fields inside rows are no columns. */
  private wholeColumn(path: readonly Identifier[]): Identifier {
    if (path.length > 1)
      throw this.failed(`Altering the nested row type \`${path.map(({ name }) => name).join("`.`")}\` is not supported yet.`);
    return path[0];
  }

  private requireDistinct(names: readonly string[]): void {
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) throw this.failed(`Encounter duplicate column \`${twice}\`.`, twice);
  }

  private reset(keys: readonly string[]): TableDefinition {
    if (keys.length === 0) throw this.refused("ALTER TABLE RESET does not support empty key");
    if (keys.includes("connector")) throw this.refused("ALTER TABLE RESET does not support changing 'connector'");
    return { ...this.definition, options: new Map([...this.definition.options].filter(([key]) => !keys.includes(key))) };
  }

  private add(action: Extract<AlterTableAction, { kind: "add" | "modify" }>): TableDefinition {
    const { definition } = this;
    let columns = definition.columns;
    for (const { column, position } of action.columns) {
      const { name } = this.wholeColumn(column.path);
      if (columns.some((other) => other.name === name))
        throw this.failed(`Try to add a column \`${name}\` which already exists in the table.`, name);
      columns = this.placed(columns, columnDefinitionOf(column, null), position, columns.length);
    }
    if (action.watermark !== null && definition.watermark !== null) {
      const { column, expr } = definition.watermark;
      throw this.failed(
        `The base table has already defined the watermark strategy \`${column}\` AS ${printExpression(expr)}. You might want to drop it before adding a new one.`,
      );
    }
    const key = primaryKeyOf(action.constraints);
    if (key !== null && definition.primaryKey !== null) {
      const names = definition.primaryKey.columns.map((name) => `\`${name}\``).join(", ");
      throw this.failed(
        `The base table has already defined the primary key constraint [${names}]. You might want to drop it before adding a new one.`,
      );
    }
    return this.withParts(columns, action, key);
  }

  private modify(action: Extract<AlterTableAction, { kind: "add" | "modify" }>): TableDefinition {
    const { definition } = this;
    let columns = definition.columns;
    this.requireDistinct(action.columns.map(({ column }) => column.name.name));
    for (const { column, position } of action.columns) {
      const { name } = this.wholeColumn(column.path);
      const at = columns.findIndex((other) => other.name === name);
      if (at === -1) throw this.failed(`Try to modify a column \`${name}\` which does not exist in the table.`, name);
      const rest = columns.filter((_, i) => i !== at);
      const changed = columnDefinitionOf(column, definition.primaryKey);
      const isBehindItself = position !== null && position !== "first" && nameOf(position.after) === name;
      columns = this.placed(rest, { ...changed, comment: changed.comment ?? columns[at].comment }, isBehindItself ? null : position, at);
    }
    if (action.watermark !== null && definition.watermark === null)
      throw this.failed("The base table does not define any watermark. You might want to add a new one.");
    const key = primaryKeyOf(action.constraints);
    if (key !== null && definition.primaryKey === null)
      throw this.failed("The base table does not define any primary key constraint. You might want to add a new one.");
    return this.withParts(columns, action, key);
  }

  private placed(
    columns: readonly ColumnDefinition[],
    column: ColumnDefinition,
    position: PlacedColumn["position"],
    otherwise: number,
  ): ColumnDefinition[] {
    let at = otherwise;
    if (position === "first") at = 0;
    else if (position !== null) {
      const name = nameOf(position.after);
      const before = columns.findIndex((other) => other.name === name);
      if (before === -1) throw this.failed(`Referenced column \`${name}\` by 'AFTER' does not exist in the table.`, name);
      at = before + 1;
    }
    return [...columns.slice(0, at), column, ...columns.slice(at)];
  }

  private withParts(
    columns: readonly ColumnDefinition[],
    action: Extract<AlterTableAction, { kind: "add" | "modify" }>,
    key: PrimaryKeyDefinition | null,
  ): TableDefinition {
    const { definition } = this;
    const names = columns.map(({ name }) => name);
    if (action.watermark !== null && !names.includes(nameOf(action.watermark.path))) {
      const name = nameOf(action.watermark.path);
      if (action.watermark.path.length > 1) throw this.failed("Watermark strategy on nested column is not supported yet.", name);
      throw this.refused(
        `Invalid column name '${name}' for rowtime attribute in watermark declaration. Available columns are: [${names.join(", ")}]`,
        name,
        names,
      );
    }
    const missing = key?.columns.find((name) => !names.includes(name));
    if (key !== null && missing !== undefined)
      throw this.refused(
        `Invalid primary key '${key.name ?? `PK_${key.columns.join("_")}`}'. Column '${missing}' does not exist.`,
        missing,
        names,
      );
    const computed = key?.columns.find((name) => columns.find((column) => column.name === name)?.kind !== "physical");
    if (key !== null && computed !== undefined)
      throw this.refused(
        `Invalid primary key '${key.name ?? `PK_${key.columns.join("_")}`}'. Column '${computed}' is not a physical column.`,
        computed,
        names,
      );
    return {
      ...definition,
      columns: key === null ? columns : columns.map((column) => notNullIn(column, key)),
      watermark: action.watermark === null ? definition.watermark : watermarkDefinitionOf(action.watermark),
      primaryKey: key ?? definition.primaryKey,
    };
  }

  private renameColumn(from: string, to: string): TableDefinition {
    const { definition } = this;
    const { columns } = definition;
    if (!columns.some(({ name }) => name === from)) throw this.failed(`The column \`${from}\` does not exist in the base table.`, from);
    if (columns.some(({ name }) => name === to)) throw this.failed(`The column \`${to}\` already existed in table schema.`, to);
    this.requireUnreferenced(from, []);
    if (definition.partitionKeys.includes(from)) throw this.failed(`The column \`${from}\` is used as the partition keys.`);
    const renamed = (name: string): string => (name === from ? to : name);
    return {
      ...definition,
      columns: columns.map((column) => ({ ...column, name: renamed(column.name) })),
      primaryKey: definition.primaryKey === null ? null : renamedKey(definition.primaryKey, renamed),
      distribution:
        definition.distribution === null ? null : { ...definition.distribution, columns: definition.distribution.columns.map(renamed) },
    };
  }

  private dropColumns(names: readonly string[]): TableDefinition {
    const { definition } = this;
    this.requireDistinct(names);
    for (const name of names) {
      if (!definition.columns.some((column) => column.name === name))
        throw this.failed(`The column \`${name}\` does not exist in the base table.`, name);
      this.requireUnreferenced(name, names);
      if (definition.primaryKey?.columns.includes(name)) throw this.failed(`The column \`${name}\` is used as the primary key.`);
      if (definition.partitionKeys.includes(name)) throw this.failed(`The column \`${name}\` is used as the partition keys.`);
      if (definition.distribution?.columns.includes(name)) throw this.failed(`The column \`${name}\` is used as a distribution key.`);
    }
    return { ...definition, columns: definition.columns.filter(({ name }) => !names.includes(name)) };
  }

  /** No computed column, unless it goes too, and no watermark may need the column. */
  private requireUnreferenced(name: string, dropped: readonly string[]): void {
    const users = this.definition.columns.filter(
      (column) => column.kind === "computed" && !dropped.includes(column.name) && mentions(column.expr, name),
    );
    if (users.length > 0) {
      const list = users.map((column) => `\`${column.name}\``).join(", ");
      throw this.failed(`The column \`${name}\` is referenced by computed column ${list}.`);
    }
    const { watermark } = this.definition;
    if (watermark !== null && (watermark.column === name || mentions(watermark.expr, name)))
      throw this.failed(`The column \`${name}\` is referenced by watermark expression.`);
  }

  private dropConstraint(name: string): TableDefinition {
    const key = this.definition.primaryKey;
    if (key === null) throw this.failed("The base table does not define any primary key.");
    const own = key.name ?? `PK_${key.columns.join("_")}`;
    if (own !== name)
      throw this.failed(`The base table does not define a primary key constraint named '${name}'. Available constraint name: ['${own}'].`);
    return { ...this.definition, primaryKey: null };
  }

  private setDistribution({
    kind,
    distribution,
  }: Extract<AlterTableAction, { kind: "addDistribution" | "modifyDistribution" }>): TableDefinition {
    const { definition } = this;
    const path = quotedPath(this.table.path);
    if (kind === "addDistribution" && definition.distribution !== null)
      throw this.failed(`Distribution has already been defined for table ${path}. Use MODIFY DISTRIBUTION to change it.`);
    if (kind === "modifyDistribution" && definition.distribution === null)
      throw this.failed(`Table ${path} does not have a distribution to modify. Use ADD DISTRIBUTION.`);
    const { method, buckets, columns } = distribution;
    return { ...definition, distribution: { kind: method, buckets, columns: columns.map(({ name }) => name) } };
  }
}

/** Its name stays, also the one that it got from its columns. */
function renamedKey(key: PrimaryKeyDefinition, renamed: (name: string) => string): PrimaryKeyDefinition {
  return { ...key, name: key.name ?? `PK_${key.columns.join("_")}`, columns: key.columns.map(renamed) };
}

function nameOf(path: readonly Identifier[]): string {
  return path.map(({ name }) => name).join(".");
}

function notNullIn(column: ColumnDefinition, key: PrimaryKeyDefinition): ColumnDefinition {
  if (column.kind !== "physical" || !key.columns.includes(column.name)) return column;
  const type: LogicalType = withNullable(column.type, false);
  return { ...column, type };
}

/** Whether the expression names the column, anywhere. */
function mentions(expr: Expr, column: string): boolean {
  const visit = (node: unknown): boolean => {
    if (Array.isArray(node)) return node.some(visit);
    if (typeof node !== "object" || node === null) return false;
    if ("kind" in node && node.kind === "name") return (node as Extract<Expr, { kind: "name" }>).parts[0].name === column;
    return Object.values(node).some(visit);
  };
  return visit(expr);
}
