/** CREATE TABLE … LIKE: the base table's declaration and the statement's own, merged as the clause says. (Flink: `MergeTableLikeUtil`) */
import type { TableLike, TableLikeOption } from "../1-parse/ast.ts";
import type { Span } from "../1-parse/span.ts";
import { SqlError } from "../1-parse/sql-error.ts";
import type { ColumnDefinition, TableDefinition } from "../catalog/table-definition.ts";

type Feature = Exclude<TableLikeOption["feature"], "ALL">;
type Merging = TableLikeOption["merging"];

const FEATURES: readonly Feature[] = ["CONSTRAINTS", "DISTRIBUTION", "GENERATED", "METADATA", "OPTIONS", "PARTITIONS", "WATERMARKS"];
const OVERWRITABLE: readonly TableLikeOption["feature"][] = ["GENERATED", "METADATA", "OPTIONS", "WATERMARKS"];

export function mergeLike(base: TableDefinition, own: TableDefinition, like: TableLike): TableDefinition {
  const merging = mergingOf(like.options);
  const { span } = like;
  return {
    columns: mergeColumns(base, own, merging, span),
    watermark: mergeWatermark(base, own, merging.WATERMARKS, span),
    primaryKey: mergeOne(base.primaryKey, own.primaryKey, merging.CONSTRAINTS, () =>
      refusal("already has a primary key", "CONSTRAINTS", span),
    ),
    distribution: mergeDistribution(base, own, merging.DISTRIBUTION, span),
    partitionKeys: mergePartitions(base, own, merging.PARTITIONS, span),
    comment: own.comment,
    options: mergeOptions(base, own, merging.OPTIONS, span),
  };
}

/** Everything is included, and options are overwritten, unless the clause says otherwise. */
function mergingOf(options: readonly TableLikeOption[]): Readonly<Record<Feature, Merging>> {
  for (const [i, { feature, merging, span }] of options.entries()) {
    if (options.some((other, k) => k < i && other.feature === feature))
      throw new SqlError("validate", "SQL_LIKE", "Each like option feature can be declared only once.", span, { found: feature });
    if (merging === "OVERWRITING" && !OVERWRITABLE.includes(feature))
      throw new SqlError("validate", "SQL_LIKE", `Illegal merging strategy 'OVERWRITING' for '${feature}' option.`, span, {
        expected: `INCLUDING ${feature} or EXCLUDING ${feature}`,
      });
  }
  const all = options.find(({ feature }) => feature === "ALL")?.merging;
  const of = (feature: Feature): Merging =>
    options.find((option) => option.feature === feature)?.merging ?? all ?? (feature === "OPTIONS" ? "OVERWRITING" : "INCLUDING");
  return Object.fromEntries(FEATURES.map((feature) => [feature, of(feature)])) as Record<Feature, Merging>;
}

function refusal(what: string, feature: Feature, span: Span): SqlError {
  return new SqlError("validate", "SQL_LIKE", `The base table ${what}. You might want to specify EXCLUDING ${feature}.`, span, {
    hint: `LIKE … (EXCLUDING ${feature})`,
  });
}

function mergeOne<T>(base: T | null, own: T | null, merging: Merging, refuse: () => SqlError): T | null {
  if (base === null || merging === "EXCLUDING") return own;
  if (own !== null) throw refuse();
  return base;
}

function mergeColumns(
  base: TableDefinition,
  own: TableDefinition,
  merging: Readonly<Record<Feature, Merging>>,
  span: Span,
): ColumnDefinition[] {
  const columns = base.columns.filter(
    ({ kind }) => !(kind === "computed" && merging.GENERATED === "EXCLUDING") && !(kind === "metadata" && merging.METADATA === "EXCLUDING"),
  );
  for (const column of own.columns) {
    const at = columns.findIndex(({ name }) => name === column.name);
    if (at === -1) {
      columns.push(column);
      continue;
    }
    const there = columns[at];
    const fits = there.kind === column.kind;
    if (column.kind === "computed" && fits && merging.GENERATED === "OVERWRITING") columns[at] = column;
    else if (column.kind === "metadata" && fits && merging.METADATA === "OVERWRITING") columns[at] = column;
    else throw columnRefusal(there, column, span);
  }
  return columns;
}

function columnRefusal(there: ColumnDefinition, column: ColumnDefinition, span: Span): SqlError {
  if (there.kind === column.kind && column.kind !== "physical") {
    const [what, feature] = column.kind === "computed" ? ["generated", "GENERATED"] : ["metadata", "METADATA"];
    return new SqlError(
      "validate",
      "SQL_LIKE",
      `A ${what} column named '${column.name}' already exists in the base table. You might want to specify EXCLUDING ${feature} or OVERWRITING ${feature}.`,
      column.span,
      { found: column.name },
    );
  }
  const message =
    there.kind === column.kind
      ? `A column named '${column.name}' already exists in the base table.`
      : `A column named '${column.name}' already exists in the table. Duplicate columns exist in the ${column.kind === "computed" ? "compute" : column.kind} column and regular column.`;
  return new SqlError("validate", "SQL_LIKE", message, column.span ?? span, { found: column.name });
}

function mergeWatermark(base: TableDefinition, own: TableDefinition, merging: Merging, span: Span): TableDefinition["watermark"] {
  if (base.watermark === null || merging === "EXCLUDING") return own.watermark;
  if (own.watermark === null) return base.watermark;
  if (merging === "OVERWRITING") return own.watermark;
  throw new SqlError(
    "validate",
    "SQL_LIKE",
    `There already exists a watermark spec for column '${own.watermark.column}' in the base table. You might want to specify EXCLUDING WATERMARKS or OVERWRITING WATERMARKS.`,
    own.watermark.span ?? span,
  );
}

/** As with partitions, EXCLUDING only makes room for the statement's own. */
function mergeDistribution(base: TableDefinition, own: TableDefinition, merging: Merging, span: Span): TableDefinition["distribution"] {
  if (own.distribution === null) return base.distribution;
  if (base.distribution !== null && merging !== "EXCLUDING") throw refusal("already has a distribution defined", "DISTRIBUTION", span);
  return own.distribution;
}

/** EXCLUDING PARTITIONS takes the base table's all the same when the statement has none; so does Flink 2.3. */
function mergePartitions(base: TableDefinition, own: TableDefinition, merging: Merging, span: Span): readonly string[] {
  if (own.partitionKeys.length === 0) return base.partitionKeys;
  if (base.partitionKeys.length > 0 && merging !== "EXCLUDING") throw refusal("already has partitions defined", "PARTITIONS", span);
  return own.partitionKeys;
}

function mergeOptions(base: TableDefinition, own: TableDefinition, merging: Merging, span: Span): TableDefinition["options"] {
  if (merging === "EXCLUDING") return own.options;
  for (const [key, option] of own.options) {
    const there = base.options.get(key);
    if (merging === "OVERWRITING" || there === undefined) continue;
    throw new SqlError(
      "validate",
      "SQL_LIKE",
      `There already exists an option ['${key}' -> '${there.value}']  in the base table. You might want to specify EXCLUDING OPTIONS or OVERWRITING OPTIONS.`,
      option.span ?? span,
    );
  }
  return new Map([...base.options, ...own.options]);
}
