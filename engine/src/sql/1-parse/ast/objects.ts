/** CREATE of everything that is no table or view, and DROP of everything. */
import type { Identifier, Node } from "./node.ts";
import type { Query } from "./queries.ts";
import type { ColumnNode, TableOption } from "./tables.ts";

export interface CreateCatalog extends Node {
  readonly kind: "createCatalog";
  readonly ifNotExists: boolean;
  readonly name: Identifier;
  readonly comment: string | null;
  readonly options: readonly TableOption[];
}

export interface CreateDatabase extends Node {
  readonly kind: "createDatabase";
  readonly ifNotExists: boolean;
  readonly path: readonly Identifier[];
  readonly comment: string | null;
  readonly options: readonly TableOption[];
}

export interface CreateFunction extends Node {
  readonly kind: "createFunction";
  readonly temporary: boolean;
  /** TEMPORARY SYSTEM FUNCTION: hides built-in functions. */
  readonly system: boolean;
  readonly ifNotExists: boolean;
  readonly path: readonly Identifier[];
  readonly className: string;
  readonly classNameSpan: Node["span"];
  readonly language: FunctionLanguage | null;
  /** USING JAR '…', ARTIFACT '…'. */
  readonly resources: readonly FunctionResource[];
  readonly options: readonly TableOption[];
}

/** TYPESCRIPT is ours: the classes that Flink calls by the other names are of this language here. */
export type FunctionLanguage = "JAVA" | "SCALA" | "SQL" | "PYTHON" | "TYPESCRIPT";

export interface FunctionResource extends Node {
  readonly kind: "JAR" | "ARTIFACT";
  readonly uri: string;
}

export interface CreateModel extends Node {
  readonly kind: "createModel";
  readonly temporary: boolean;
  readonly ifNotExists: boolean;
  readonly path: readonly Identifier[];
  readonly inputs: readonly ColumnNode[];
  readonly outputs: readonly ColumnNode[];
  readonly comment: string | null;
  readonly options: readonly TableOption[];
  readonly query: Query | null;
}

export interface CreateConnection extends Node {
  readonly kind: "createConnection";
  readonly temporary: boolean;
  readonly system: boolean;
  readonly ifNotExists: boolean;
  readonly path: readonly Identifier[];
  readonly comment: string | null;
  readonly options: readonly TableOption[];
}

export interface DropStatement extends Node {
  readonly kind: "drop";
  readonly what: "TABLE" | "VIEW" | "MATERIALIZED TABLE" | "CATALOG" | "DATABASE" | "FUNCTION" | "MODEL" | "CONNECTION";
  readonly temporary: boolean;
  /** DROP TEMPORARY SYSTEM FUNCTION, DROP TEMPORARY SYSTEM CONNECTION. */
  readonly system: boolean;
  readonly ifExists: boolean;
  readonly path: readonly Identifier[];
  /** DROP DATABASE … CASCADE; RESTRICT is the default. */
  readonly cascade: boolean;
}
