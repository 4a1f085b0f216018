/** Syntax tree of the Flink dialect: readonly data, a literal `kind` and a span on every node. One file a family stands in `ast/`. */
import type {
  AlterCatalog,
  AlterDatabase,
  AlterFunction,
  AlterMaterializedTable,
  AlterModel,
  AlterScope,
  AlterTable,
  AlterView,
} from "./ast/alter.ts";
import type {
  BeginStatementSet,
  CallProcedure,
  CompilePlan,
  DeleteStatement,
  EndStatementSet,
  ExecutePlan,
  ExecuteStatement,
  InsertInto,
  MergeStatement,
  QueryStatement,
  StatementSet,
  TruncateTable,
  UpdateStatement,
} from "./ast/dml.ts";
import type {
  DescribeJob,
  DescribeQuery,
  DescribeStatement,
  DescribeTable,
  ExplainStatement,
  ShowCreate,
  ShowPartitions,
  ShowStatement,
} from "./ast/inspection.ts";
import type { CreateCatalog, CreateConnection, CreateDatabase, CreateFunction, CreateModel, DropStatement } from "./ast/objects.ts";
import type {
  AnalyzeTable,
  ClientCommand,
  JarStatement,
  ListOptions,
  LoadModule,
  ResetOption,
  SetOption,
  StopJob,
  UnloadModule,
  UseCatalog,
  UseDatabase,
  UseModules,
} from "./ast/session.ts";
import type { CreateMaterializedTable, CreateTable, CreateView } from "./ast/tables.ts";

export type * from "./ast/alter.ts";
export type * from "./ast/dml.ts";
export type * from "./ast/expressions.ts";
export type * from "./ast/inspection.ts";
export type * from "./ast/match-recognize.ts";
export type * from "./ast/node.ts";
export type * from "./ast/objects.ts";
export type * from "./ast/queries.ts";
export type * from "./ast/session.ts";
export type * from "./ast/tables.ts";
export type * from "./ast/type.ts";

export type Statement =
  | CreateTable
  | CreateMaterializedTable
  | CreateView
  | CreateCatalog
  | CreateDatabase
  | CreateFunction
  | CreateModel
  | CreateConnection
  | AlterTable
  | AlterMaterializedTable
  | AlterView
  | AlterFunction
  | AlterCatalog
  | AlterDatabase
  | AlterModel
  | AlterScope
  | DropStatement
  | InsertInto
  | StatementSet
  | BeginStatementSet
  | EndStatementSet
  | ExecuteStatement
  | ExecutePlan
  | CompilePlan
  | UpdateStatement
  | DeleteStatement
  | MergeStatement
  | TruncateTable
  | CallProcedure
  | QueryStatement
  | ExplainStatement
  | DescribeStatement
  | DescribeJob
  | DescribeTable
  | DescribeQuery
  | ShowStatement
  | ShowCreate
  | ShowPartitions
  | SetOption
  | ListOptions
  | ResetOption
  | UseCatalog
  | UseDatabase
  | UseModules
  | LoadModule
  | UnloadModule
  | JarStatement
  | StopJob
  | AnalyzeTable
  | ClientCommand;
