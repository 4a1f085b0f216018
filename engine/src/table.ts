/** The Table API and functions for SQL in TypeScript. Part of "flink"; isolates get it only for programs that use it (bundle/bundle-parts.ts). */
export { AggregateFunction as UserDefinedAggregateFunction } from "./sql/user-functions/aggregate-function.ts";
export { type AsyncResult, AsyncScalarFunction, AsyncTableFunction } from "./sql/user-functions/async-functions.ts";
export { DataType, type DataTypeField, DataTypes, type TypeLike } from "./sql/user-functions/data-types.ts";
export type { FunctionHint } from "./sql/user-functions/function-hint.ts";
export type { FunctionLike } from "./sql/user-functions/function-signature.ts";
export type { ListView, MapView } from "./sql/user-functions/data-views.ts";
export {
  type ArgumentHint,
  type ArgumentTrait,
  type ProcessFunctionHint,
  type ProcessTableContext,
  ProcessTableFunction,
  type ProcessTableOnTimerContext,
  type StateHint,
  type TableSemantics,
  type TimeContext,
} from "./sql/user-functions/process-table-function.ts";
export { Row } from "./sql/user-functions/row.ts";
export { RowKind } from "./sql/user-functions/row-kind.ts";
export { ScalarFunction } from "./sql/user-functions/scalar-function.ts";
export { type RetractableCollector, type RowCollector, TableAggregateFunction } from "./sql/user-functions/table-aggregate-function.ts";
export { TableFunction } from "./sql/user-functions/table-function.ts";
export { type FunctionClass, type FunctionContext, UserDefinedFunction } from "./sql/user-functions/user-defined-function.ts";
export { EnvironmentSettings, EnvironmentSettingsBuilder } from "./table/environment-settings.ts";
export type { ExplainDetail } from "./table/explain-tables.ts";
export { Expression } from "./table/expressions/expression.ts";
export type { ExpressionLike } from "./table/expressions/expression-base.ts";
export * from "./table/expressions/functions.ts";
export { ResolvedSchema } from "./table/resolved-schema.ts";
export { Schema, SchemaBuilder } from "./table/schema.ts";
export { StatementSet, StreamStatementSet } from "./table/statement-set.ts";
export { StreamTableEnvironment } from "./table/stream-table-environment.ts";
export { ChangelogMode } from "./sql/user-functions/changelog-mode.ts";
export {
  AggregatedTable,
  GroupedTable,
  FlatAggregatedTable,
  OverWindowedTable,
  PartitionedTable,
  Table,
  WindowedTable,
} from "./table/table.ts";
export { NamedTable, type ProcessArgumentLike } from "./table/process.ts";
export { TableConfig } from "./table/table-config.ts";
export { TableDescriptor, TableDescriptorBuilder } from "./table/table-descriptor.ts";
export { TableEnvironment } from "./table/table-environment.ts";
export { TablePipeline } from "./table/table-pipeline.ts";
export { TableResult } from "./table/table-result.ts";
export {
  GroupWindow,
  Over,
  OverWindow,
  OverWindowOrdered,
  OverWindowPartitioned,
  Session,
  Slide,
  SlideWithSize,
  Tumble,
  WindowOnTime,
  WindowWithSize,
} from "./table/windows.ts";
