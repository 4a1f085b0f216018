import type { LogicalType } from "../../types/logical-type.ts";
import type { ObjectPath } from "./object-path.ts";

export interface ModelColumn {
  readonly name: string;
  readonly type: LogicalType;
  readonly comment: string | null;
}

/** CREATE MODEL: a declaration, behind which no provider stands here. (Flink: `CatalogModel`) */
export interface CatalogModel {
  readonly path: ObjectPath;
  readonly temporary: boolean;
  readonly inputs: readonly ModelColumn[];
  readonly outputs: readonly ModelColumn[];
  readonly comment: string | null;
  readonly options: ReadonlyMap<string, string>;
}
