/** Data types as written. */
import type { Identifier, Node } from "./node.ts";

export interface TypeNode extends Node {
  readonly kind: "type";
  /**
   * Upper case, e.g. `TIMESTAMP_LTZ`; `STRING`, `BYTES`, `DEC`, `INTEGER` as written; `INTERVAL_YEAR_MONTH` and `INTERVAL_DAY_TIME`; `STRUCTURED` and `RAW` with
   * their strings in `arguments`; `USER_DEFINED` with the name in `path`.
   */
  readonly name: string;
  readonly parameters: readonly number[];
  readonly nullable: boolean;
  /** Element, or key and value. */
  readonly children: readonly TypeNode[];
  readonly fields: readonly TypeField[];
  /** Class name of STRUCTURED; class name and serializer of RAW. */
  readonly arguments: readonly string[];
  /** Name of a user-defined type; empty for all others. */
  readonly path: readonly Identifier[];
}

/** A field of ROW or STRUCTURED. */
export interface TypeField {
  readonly name: string;
  readonly type: TypeNode;
  readonly comment: string | null;
}
