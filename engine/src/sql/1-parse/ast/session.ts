/** Statements about the session: options, current catalog, modules, jars, jobs. */
import type { Identifier, Node } from "./node.ts";
import type { PartitionValue, TableOption } from "./tables.ts";

export interface SetOption extends Node {
  readonly kind: "setOption";
  readonly key: string;
  readonly value: string;
  readonly keySpan: Node["span"];
  readonly valueSpan: Node["span"];
}

/** SET alone: lists the session's options. */
export interface ListOptions extends Node {
  readonly kind: "listOptions";
}

export interface ResetOption extends Node {
  readonly kind: "resetOption";
  /** null = all. */
  readonly key: string | null;
}

export interface UseCatalog extends Node {
  readonly kind: "useCatalog";
  readonly name: Identifier;
}

export interface UseDatabase extends Node {
  readonly kind: "useDatabase";
  readonly path: readonly Identifier[];
}

export interface UseModules extends Node {
  readonly kind: "useModules";
  readonly names: readonly Identifier[];
}

export interface LoadModule extends Node {
  readonly kind: "loadModule";
  readonly name: Identifier;
  readonly options: readonly TableOption[];
}

export interface UnloadModule extends Node {
  readonly kind: "unloadModule";
  readonly name: Identifier;
}

export interface JarStatement extends Node {
  readonly kind: "addJar" | "removeJar";
  readonly path: string;
}

export interface StopJob extends Node {
  readonly kind: "stopJob";
  readonly job: string;
  readonly withSavepoint: boolean;
  readonly withDrain: boolean;
}

export interface AnalyzeTable extends Node {
  readonly kind: "analyzeTable";
  readonly path: readonly Identifier[];
  readonly partition: readonly PartitionValue[];
  /** FOR COLUMNS a, b; FOR ALL COLUMNS; null = no FOR. */
  readonly columns: readonly Identifier[] | "all" | null;
}

/** HELP, CLEAR, QUIT, EXIT of Flink's client. */
export interface ClientCommand extends Node {
  readonly kind: "clientCommand";
  readonly command: "HELP" | "CLEAR" | "QUIT";
}
